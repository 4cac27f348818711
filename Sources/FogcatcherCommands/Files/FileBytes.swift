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
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(path: path) }
    }
  }

  /// Writes beside the file, synchronizes and renames: under its name the file is whole at any moment. Only its owner may read it.
  static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let draft = path + ".part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path: draft) }
    defer { close(descriptor) }
    do throws(FileError) {
      try append(Array(bytes), to: descriptor, path: draft)
      guard fdatasync(descriptor) == 0, rename(draft, path) == 0 else { throw FileError(path: path) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  private static func append(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path) }
      rest = rest.dropFirst(count)
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }

private func systemRead(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(descriptor, memory, count) }
