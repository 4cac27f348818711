import Glibc

/// A small file system of its own, seen by nobody else: it lives in the mount namespace of a sleeping process and goes with it.
final class PrivateMount: Sendable {
  /// As programs in the namespace see it.
  let path: String
  private let directory: TemporaryDirectory
  private let holder: ChildProcess

  /// - Throws: ``Failure`` when this user may not mount.
  init(megabytes: Int) throws {
    directory = try TemporaryDirectory()
    path = directory.file("disk")
    let script = "mkdir \(path) && mount -t tmpfs -o size=\(megabytes)m none \(path) && touch \(path)/mounted && exec sleep 1000"
    holder = try ChildProcess(["unshare", "--mount", "sh", "-c", script], output: directory.file("holder"))
    let inside = "/proc/\(holder.pid)/root\(path)"
    let isMounted = Deadline(.seconds(10)).wait { access(inside + "/mounted", F_OK) == 0 || holder.exit != nil }
    guard isMounted, holder.exit == nil else { throw Failure("no mount: \(holder.errorOutput)") }
  }

  /// Runs the rest of a command where the file system can be seen.
  var wrapper: [String] { ["nsenter", "--mount=/proc/\(holder.pid)/ns/mnt", "--"] }

  /// As this process sees it.
  func outside(_ name: String) -> String { "/proc/\(holder.pid)/root\(path)/\(name)" }

  static let isPossible: Bool = (try? PrivateMount(megabytes: 1)) != nil
}
