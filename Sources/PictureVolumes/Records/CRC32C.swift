import CChecksum

/// The running CRC32C (RFC 3720 section 12.1) of bytes that come piece by piece.
struct CRC32C {
  private(set) var value: UInt32 = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    value = checksum_crc32c(value, bytes.baseAddress, bytes.count)
  }

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    checksum_crc32c(0, bytes.baseAddress, bytes.count)
  }
}
