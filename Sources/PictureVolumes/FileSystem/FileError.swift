package import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A system call that failed.
package struct FileError: Error, Sendable, Equatable {
  /// The call, as in its manual page: `pwritev`.
  package var call: String
  /// errno
  package var code: Int32

  package init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// - Parameter place: Which file, by its name alone.
  package func storageError(_ place: String) -> StorageError {
    let text = "\(place): \(call): \(String(cString: strerror(code)))"
    return isFull ? .diskFull(text) : .failed(text)
  }

  /// No room on the disk, for this user, or for a file of this size (RLIMIT_FSIZE).
  private var isFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

  var isNoSuchFile: Bool { code == ENOENT }
  var isFileExists: Bool { code == EEXIST }
}
