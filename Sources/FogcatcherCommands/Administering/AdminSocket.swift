#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The Unix-domain socket through which the command line steers a running node.
struct AdminSocket: Sendable {
  /// What fits into `sockaddr_un` (unix(7)): 108 bytes with the zero at the end.
  static let pathBytesMax = 107

  let path: String

  init(dataDirectory: String) { path = "\(dataDirectory)/admin.sock" }

  /// Nil when the system can have a socket there.
  var problem: String? {
    let count = path.utf8.count
    guard count > Self.pathBytesMax else { return nil }
    return "the path \(path) is \(count) bytes long, and a socket's path may have \(Self.pathBytesMax): "
      + "name the data directory by a shorter path, for example a symbolic link to it"
  }

  var exists: Bool { access(path, F_OK) == 0 }

  /// One that a node left behind when it was killed. Only whoever holds the data directory's lock may do this.
  func remove() { unlink(path) }

  /// Nobody but the owner may connect: connecting needs the right to write.
  func restrict() { chmod(path, 0o600) }
}
