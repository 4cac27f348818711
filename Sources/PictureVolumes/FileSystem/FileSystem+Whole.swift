import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FileSystem {
  /// Writes everything, continuing where a short write stopped.
  package func writeAll(_ pieces: [UnsafeRawBufferPointer], to file: FileDescriptor, at offset: UInt64) throws(FileError) {
    var rest = pieces[...]
    var position = offset
    while !rest.isEmpty {
      let count = try write(rest, to: file, at: position)
      let wanted = rest.contains { !$0.isEmpty }
      // A system that takes nothing and gives no reason would be asked for ever.
      guard count > 0 || !wanted else { throw FileError(call: "pwritev", code: EIO) }
      position += UInt64(count)
      rest = Self.remainder(of: rest, after: count)
    }
  }

  private static func remainder(of pieces: ArraySlice<UnsafeRawBufferPointer>, after count: Int) -> ArraySlice<UnsafeRawBufferPointer> {
    var rest = pieces
    var written = count
    while let first = rest.first, written >= first.count {
      written -= first.count
      rest.removeFirst()
    }
    if written > 0, let first = rest.first {
      rest[rest.startIndex] = UnsafeRawBufferPointer(rebasing: first[written...])
    }
    return rest
  }

  package func writeAll(_ bytes: [UInt8], to file: FileDescriptor, at offset: UInt64) throws(FileError) {
    try SharedBytes(bytes).withUnsafeBytes { (buffer) throws(FileError) in try writeAll([buffer], to: file, at: offset) }
  }

  /// Reads until the buffer is full or the file ends.
  /// - Returns: How many bytes came.
  package func readFully(
    _ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(FileError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try read(file, into: free, at: offset + UInt64(filled))
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
