import CZlib
import FaceEvents

/// Compresses one file (RFC 1951) piece by piece.
final class Deflater {
  // On the heap, because zlib keeps the address of the stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private static let chunkBytes = 64 << 10

  /// - Returns: nil when zlib has no memory.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = deflateInit2_(stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// - Returns: what has come out, which may be nothing yet.
  func compress(_ bytes: [UInt8]) -> [UInt8] { run(bytes, Z_NO_FLUSH) }

  /// - Returns: the rest.
  func finish() -> [UInt8] { run([], Z_FINISH) }

  private func run(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    var input = bytes
    var output: [UInt8] = []
    input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 16) { chunk in
        repeat {
          stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
          stream.pointee.avail_out = UInt32(chunk.count)
          // With room for output it cannot fail.
          _ = deflate(stream, flush)
          output.append(contentsOf: chunk[..<(chunk.count - Int(stream.pointee.avail_out))])
        } while stream.pointee.avail_out == 0
      }
    }
    return output
  }
}

/// CRC-32 as ZIP has it.
struct CRC32 {
  private(set) var value: UInt32 = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    value = UInt32(crc32_z(UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  static func of(_ bytes: SharedBytes) -> UInt32 {
    var checksum = CRC32()
    bytes.withUnsafeBytes { checksum.update($0) }
    return checksum.value
  }
}
