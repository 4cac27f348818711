/// A second base64, as plain as RFC 4648: numbers to the base 64, symbol by symbol.
enum ReferenceBase64 {
  static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var (bits, bitCount) = (0, 0)
    for byte in bytes {
      (bits, bitCount) = (bits << 8 | Int(byte), bitCount + 8)
      while bitCount >= 6 {
        bitCount -= 6
        text.append(standard[bits >> bitCount & 63])
      }
      bits &= (1 << bitCount) - 1
    }
    if bitCount > 0 { text.append(standard[bits << (6 - bitCount)]) }
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil for what is not canonical.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, bitCount) = (0, 0)
    for symbol in text.prefix(while: { $0 != UInt8(ascii: "=") }) {
      guard let value = standard.firstIndex(of: symbol) else { return nil }
      (bits, bitCount) = (bits << 6 | value, bitCount + 6)
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(bits >> bitCount & 255))
      }
      bits &= (1 << bitCount) - 1
    }
    // Whatever is odd about the end is not written again.
    return Array(encode(bytes).utf8) == text && !bytes.isEmpty ? bytes : nil
  }
}
