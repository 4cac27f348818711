import FaceEvents

/// The first bytes of a volume (format: RecordHeader.swift): by it a file that somebody has renamed or put there is recognized.
struct VolumeHeader: Equatable {
  static let byteCount = 64
  private static let magic = Array("FogVolum".utf8)
  private static let version: UInt32 = 1

  var volume: VolumeID
  var createdAt: Timestamp

  init(volume: VolumeID, createdAt: Timestamp) {
    self.volume = volume
    self.createdAt = createdAt
  }

  /// - Returns: nil when these are not the first bytes of a volume of this format.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.byteCount, bytes.prefix(8).elementsEqual(Self.magic),
      bytes.littleEndian(UInt32.self, at: 8) == Self.version,
      let volume = VolumeID(rawValue: bytes.littleEndian(UInt32.self, at: 12)),
      bytes.littleEndian(UInt32.self, at: 60) == CRC32C.of(UnsafeRawBufferPointer(rebasing: bytes[..<60]))
    else { return nil }
    self.volume = volume
    createdAt = Timestamp(milliseconds: bytes.littleEndian(Int64.self, at: 16))
  }

  /// Whether a later version of the program has written this: everything but the version is as it must be.
  static func isOfNewerFormat(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= byteCount, bytes.prefix(8).elementsEqual(magic) else { return false }
    return bytes.littleEndian(UInt32.self, at: 8) > version
      && bytes.littleEndian(UInt32.self, at: 60) == CRC32C.of(UnsafeRawBufferPointer(rebasing: bytes[..<60]))
  }

  var bytes: [UInt8] {
    var out = [UInt8](repeating: 0, count: Self.byteCount)
    out.withUnsafeMutableBytes { buffer in
      buffer.copyBytes(from: Self.magic)
      buffer.storeLittleEndian(Self.version, at: 8)
      buffer.storeLittleEndian(volume.rawValue, at: 12)
      buffer.storeLittleEndian(createdAt.milliseconds, at: 16)
      buffer.storeLittleEndian(CRC32C.of(UnsafeRawBufferPointer(rebasing: buffer[..<60])), at: 60)
    }
    return out
  }
}
