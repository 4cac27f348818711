#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file could not be read: path and cause.
struct FileError: Error, CustomStringConvertible {
  var path: String
  var cause: String

  /// Reads `errno`.
  init(path: String) { self.init(path: path, cause: String(cString: strerror(errno))) }

  init(path: String, cause: String) {
    self.path = path
    self.cause = cause
  }

  var description: String { "\(path): \(cause)" }
}

/// Reading small files whole.
enum FileBytes {
  /// - Throws: also when the file has more than `bytesMax` bytes.
  static func read(_ path: String, bytesMax: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try read(descriptor, into: &chunk, path: path)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= bytesMax else { throw FileError(path: path, cause: "larger than \(ByteSize.text(bytesMax))") }
    }
  }

  /// - Returns: 0 at the end.
  static func read(_ descriptor: Int32, into chunk: inout [UInt8], path: String) throws(FileError) -> Int {
    while true {
      let count = chunk.withUnsafeMutableBytes { memory in
        #if canImport(Glibc)
          Glibc.read(descriptor, memory.baseAddress, memory.count)
        #elseif canImport(Musl)
          Musl.read(descriptor, memory.baseAddress, memory.count)
        #else
          Darwin.read(descriptor, memory.baseAddress, memory.count)
        #endif
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(path: path) }
    }
  }
}
