import CChecksum

enum NewerFormat {
  /// The header of a volume as the next version of the program might write it.
  static func bytes(from header: [UInt8]) -> [UInt8] {
    var bytes = header
    bytes[8] += 1
    let checksum = bytes[..<60].withUnsafeBytes { checksum_crc32c(0, $0.baseAddress, $0.count) }
    bytes.replaceSubrange(60..<64, with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
    return bytes
  }
}
