import FaceEvents

extension ContentDigest {
  /// - Returns: nil when there are not exactly 32 bytes.
  init?(raw bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    func word(_ index: Int) -> UInt64 { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
    self.init(words: (word(0), word(1), word(2), word(3)))
  }

  /// The 32 bytes without an allocation.
  func withRawBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) { body($0) }
  }
}
