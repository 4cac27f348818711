import FaceEvents

/// A 64-bit checksum over what makes an event row a record: SQLite has none of its own, and a flipped bit in the sender's text or in the
/// place of a picture's cut would otherwise be handed out as the truth.
///
/// Each 8-byte little-endian word is mixed by steps that can be undone, so a change in one word always changes the result. A part shorter
/// than a word is padded with zeros; the length of each part is mixed in as a word of its own.
struct RowChecksum {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  private mutating func mix(_ word: UInt64) {
    value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD  // an odd factor: multiplication modulo 2^64 can be undone
    value ^= value >> 32
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    mix(UInt64(bytes.count))
    let whole = bytes.count & ~7
    var offset = 0
    while offset < whole {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    guard whole < bytes.count else { return }
    var last: UInt64 = 0
    for index in whole..<bytes.count { last |= UInt64(bytes[index]) << UInt64(8 * (index - whole)) }
    mix(last)
  }

  mutating func add(_ digest: ContentDigest) {
    mix(digest.words.0)
    mix(digest.words.1)
    mix(digest.words.2)
    mix(digest.words.3)
  }

  /// Of one row: the digest, the encoded pictures (nothing when the event has none) and the text.
  static func of(_ digest: ContentDigest, pictures: UnsafeRawBufferPointer, original: UnsafeRawBufferPointer) -> Int64 {
    var checksum = RowChecksum()
    checksum.add(digest)
    checksum.add(pictures)
    checksum.add(original)
    return Int64(bitPattern: checksum.value)
  }
}
