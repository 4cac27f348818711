/// `%XX` (RFC 3986 section 2.1). A percent sign that two hexadecimal digits do not follow stands for itself.
enum PercentCoding {
  static func value(at index: Int, in bytes: [UInt8]) -> UInt8? {
    guard index + 2 < bytes.count, let high = ASCII.hexadecimalValue(bytes[index + 1]),
      let low = ASCII.hexadecimalValue(bytes[index + 2])
    else { return nil }
    return high << 4 | low
  }

  static func decoded(_ text: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(text)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == ASCII.percent, let value = value(at: index, in: bytes) {
        out.append(value)
        index += 3
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return out
  }

  static func append(_ byte: UInt8, to out: inout [UInt8]) {
    out.append(ASCII.percent)
    out.append(ASCII.hexadecimalDigit(byte >> 4))
    out.append(ASCII.hexadecimalDigit(byte & 15))
  }
}
