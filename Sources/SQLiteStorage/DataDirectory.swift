#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
public import FaceEvents

/// The directory that everything is kept in. It holds faces and names, so only its owner may look into it.
public enum DataDirectory {
  /// Makes the directory, mode 0700, and the ones above it where they are missing; checks that this process may write to it.
  ///
  /// - Throws: ``StorageError/failed(_:)`` or ``StorageError/diskFull(_:)`` with what is wrong and what to do.
  public static func prepare(_ directory: String) throws(StorageError) {
    guard !directory.isEmpty else { throw .failed("the data directory has no name; give a path such as ./data") }
    try makeDirectories(directory)
    guard access(directory, R_OK | W_OK | X_OK) == 0 else {
      throw SystemCall.storageError(
        "write to the data directory \(directory)", remedy: "give it to the user that runs this program, or choose another directory")
    }
  }

  private static func makeDirectories(_ directory: String) throws(StorageError) {
    var status = stat()
    if stat(directory, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .failed("the data directory \(directory) is a file; move it away, or choose another directory")
      }
      return
    }
    let parent = self.parent(of: directory)
    if parent != directory { try makeDirectories(parent) }
    // Another process may have made it in the meantime.
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw SystemCall.storageError("make the data directory \(directory)", remedy: "make it by hand, or choose another directory")
    }
  }

  private static func parent(of path: String) -> String {
    let trimmed = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }
    guard let slash = trimmed.firstIndex(of: UInt8(ascii: "/")) else { return trimmed.isEmpty ? "/" : "." }
    let head = trimmed[trimmed.index(after: slash)...].drop { $0 == UInt8(ascii: "/") }
    return head.isEmpty ? "/" : String(decoding: head.reversed(), as: UTF8.self)
  }

  static func hasFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// 0 for a file that is not there.
  public static func fileBytes(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// Makes an empty file that only its owner may read, unless there is a file. SQLite gives the files beside a database the same mode.
  static func makePrivateFile(_ path: String) throws(StorageError) {
    _ = try OpenFile(path, O_RDWR | O_CREAT)
  }
}
