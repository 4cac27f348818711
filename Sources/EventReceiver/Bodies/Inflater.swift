import CZlib
import FaceEvents

/// Decompresses one body, step by step, into memory that the caller grants.
struct Inflater: ~Copyable {
  enum Step: Equatable {
    case finished
    /// More than the room has come out; call again with more.
    case needsRoom
    /// Not what the header says, or cut short.
    case damaged
  }

  private let source: ByteStorage
  private let output: ByteStorage
  // On the heap, because zlib keeps the address of the stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private let encoding: ContentEncoding
  private var consumed = 0
  private var isFinished = false

  /// Bytes that are decompressed between two looks at the room.
  private static let chunkBytes = 64 << 10

  /// - Returns: nil when zlib has no memory.
  init?(_ source: ByteStorage, encoding: ContentEncoding, into output: ByteStorage) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.source = source
    self.output = output
    self.encoding = encoding
    let windowBits: Int32 =
      switch encoding {
      case .gzip: 15 + 16
      case .deflate: Self.hasZlibHeader(source) ? 15 : -15
      case .identity, .unsupported: 15
      }
    guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decompresses until everything is out or there are more than `room` bytes of it.
  mutating func run(room: Int) -> Step {
    while !isFinished, output.count <= room {
      switch inflateChunk() {
      case Z_OK: continue
      case Z_STREAM_END:
        isFinished = consumed == source.count
        // A gzip file may be several in a row (RFC 1952 section 2.2).
        guard isFinished || (encoding == .gzip && inflateReset(stream) == Z_OK) else { return .damaged }
      default: return .damaged
      }
    }
    return output.count > room ? .needsRoom : .finished
  }

  private mutating func inflateChunk() -> Int32 {
    let input = source.bytes
    return withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 16) { chunk in
      stream.pointee.next_in = input.baseAddress.map { ($0 + consumed).assumingMemoryBound(to: UInt8.self) }
      stream.pointee.avail_in = UInt32(input.count - consumed)
      stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(chunk.count)
      let result = inflate(stream, Z_NO_FLUSH)
      consumed = input.count - Int(stream.pointee.avail_in)
      let produced = chunk.count - Int(stream.pointee.avail_out)
      output.append(UnsafeRawBufferPointer(rebasing: chunk[..<produced]))
      return result
    }
  }

  /// RFC 1950 section 2.2: method 8, and the two bytes are a multiple of 31.
  private static func hasZlibHeader(_ source: ByteStorage) -> Bool {
    let bytes = source.bytes
    guard bytes.count >= 2 else { return true }
    return bytes[0] & 0x0F == 8 && (UInt16(bytes[0]) << 8 | UInt16(bytes[1])) % 31 == 0
  }
}
