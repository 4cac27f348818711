/// Compressed bodies that are far larger than they look.
enum Bomb {
  /// A gzip member (RFC 1952) of about `megabytes` MiB of blanks, 158 times smaller: one literal and matches of length 258 at distance 1 in
  /// a fixed Huffman block (RFC 1951, 3.2.6). It has no end, since nobody should get there.
  static func gzip(megabytes: Int) -> [UInt8] {
    var bits = Bits()
    bits.append(0b1, count: 1)
    bits.append(0b01, count: 2)
    // The literal 0x20 has the code 0x30 + 0x20, most significant bit first.
    bits.append(code: 0x50, count: 8)
    while bits.bytes.count < 13 * 4 {
      // Length 258 is symbol 285, whose code is 11000101; distance 1 is symbol 0, five zeros.
      bits.append(code: 0b1100_0101, count: 8)
      bits.append(0, count: 5)
    }
    // Eight matches are 13 bytes, so the bytes repeat.
    let period = Array(bits.bytes[13..<26])
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + bits.bytes[..<13]
    let repeats = megabytes << 20 / (258 * 8)
    out.reserveCapacity(out.count + repeats * 13)
    for _ in 0..<repeats { out += period }
    return out
  }

  private struct Bits {
    var bytes: [UInt8] = []
    private var used = 8

    /// Least significant bit first.
    mutating func append(_ value: Int, count: Int) {
      for bit in 0..<count {
        if used == 8 {
          bytes.append(0)
          used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(used)
        used += 1
      }
    }

    mutating func append(code: Int, count: Int) {
      for bit in (0..<count).reversed() { append(code >> bit & 1, count: 1) }
    }
  }
}
