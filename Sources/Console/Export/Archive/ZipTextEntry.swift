import Crypto
import FaceEvents

/// A file that is written while it grows: deflated, with size and checksum behind it.
struct ZipTextEntry {
  private var entry: ZipEntry
  private let deflater: Deflater
  private var hash = SHA256()
  private var checksum = CRC32()
  private let dataOffset: UInt64

  /// What is known of the file when it is written.
  struct Written: Sendable {
    var entry: ZipEntry
    var digest: ContentDigest
  }

  /// Writes its header.
  init(_ name: String, modified: ZipTime, to output: inout ExportOutput) async throws {
    guard let deflater = Deflater() else { throw StorageError.failed("zlib has no memory") }
    self.deflater = deflater
    entry = ZipEntry(name: name, modified: modified, isStreamed: true, offset: output.byteCount)
    try await output.append(ZipRecords.localHeader(entry))
    dataOffset = output.byteCount
  }

  mutating func append(_ bytes: [UInt8], to output: inout ExportOutput) async throws {
    bytes.withUnsafeBytes { bytes in
      hash.update(bufferPointer: bytes)
      checksum.update(bytes)
    }
    entry.byteCount += UInt64(bytes.count)
    try await output.append(deflater.compress(bytes))
  }

  mutating func append(_ text: String, to output: inout ExportOutput) async throws {
    try await append(Array(text.utf8), to: &output)
  }

  mutating func finish(_ output: inout ExportOutput) async throws -> Written {
    try await output.append(deflater.finish())
    entry.checksum = checksum.value
    entry.storedByteCount = output.byteCount - dataOffset
    try await output.append(ZipRecords.descriptor(entry))
    return Written(entry: entry, digest: ContentDigest(hash.finalize()))
  }
}

extension ContentDigest {
  init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { bytes in
      let words = (0..<4).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
      return ContentDigest(words: (words[0], words[1], words[2], words[3]))
    }
  }
}
