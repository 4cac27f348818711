#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import FaceEvents

/// What the C library says about the last failed call.
enum SystemCall {
  /// - Parameters:
  ///   - operation: as in "cannot `write PATH`".
  ///   - remedy: what a person can do about it.
  static func storageError(_ operation: String, code: Int32 = errno, remedy: String = "") -> StorageError {
    let text = "cannot \(operation): \(String(cString: strerror(code)))\(remedy.isEmpty ? "" : "; \(remedy)")"
    switch code {
    case ENOSPC, EDQUOT, EFBIG: return .diskFull(text)
    default: return .failed(text)
    }
  }

  /// Calls again when a signal came in between.
  static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}

/// A file descriptor that closes itself.
struct OpenFile: ~Copyable {
  let descriptor: Int32

  init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(StorageError) {
    descriptor = Int32(SystemCall.retrying { Int(open(path, flags | O_CLOEXEC, mode)) })
    guard descriptor >= 0 else { throw SystemCall.storageError("open \(path)") }
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer, path: String) throws(StorageError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = SystemCall.retrying { write(descriptor, rest.baseAddress, rest.count) }
      guard written > 0 else { throw SystemCall.storageError("write \(path)") }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  func sync(path: String) throws(StorageError) {
    guard SystemCall.retrying({ Int(fsync(descriptor)) }) == 0 else { throw SystemCall.storageError("sync \(path)") }
  }

  /// All of the file, at most `bytesMax`.
  func contents(bytesMax: Int, path: String) throws(StorageError) -> ByteStorage {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemCall.storageError("read \(path)") }
    let storage = ByteStorage(capacity: min(bytesMax, Int(status.st_size)))
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while storage.count < bytesMax {
      let count = SystemCall.retrying { read(descriptor, chunk.baseAddress, min(chunk.count, bytesMax - storage.count)) }
      guard count >= 0 else { throw SystemCall.storageError("read \(path)") }
      if count == 0 { break }
      storage.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
    return storage
  }
}
