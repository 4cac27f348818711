import CChecksum
import Testing

@Suite("CRC32C")
struct ChecksumTests {
  enum Path: CaseIterable {
    case fastest, tables, instructions

    func sum(_ bytes: ArraySlice<UInt8>, after crc: UInt32 = 0) -> UInt32 {
      bytes.withUnsafeBytes { buffer in
        switch self {
        case .fastest: checksum_crc32c(crc, buffer.baseAddress, buffer.count)
        case .tables: checksum_crc32c_portable(crc, buffer.baseAddress, buffer.count)
        case .instructions: checksum_crc32c_instructions(crc, buffer.baseAddress, buffer.count)
        }
      }
    }

    static var usable: [Path] { checksum_crc32c_has_instructions() ? allCases : [.fastest, .tables] }
  }

  /// RFC 3720 appendix B.4 gives the bytes as they are sent, so the last one is the highest.
  static let vectors: [(name: String, bytes: [UInt8], crc: UInt32)] = [
    ("32 bytes of zeroes", [UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ("32 bytes of ones", [UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ("32 bytes of incrementing 00..1f", Array(0..<32), 0x46DD_794E),
    ("32 bytes of decrementing 1f..00", (0..<32).reversed(), 0x113F_DB5C),
    (
      "an iSCSI SCSI Read (10) command PDU",
      [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0,
        0, 0, 0,
        0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56
    ),
    ("nine digits", Array("123456789".utf8), 0xE306_9283),
    ("nothing", [], 0),
  ]

  @Test("every path gives the values of RFC 3720 B.4", arguments: Path.usable)
  func vectors(path: Path) {
    for vector in Self.vectors { #expect(path.sum(vector.bytes[...]) == vector.crc, "\(vector.name)") }
  }

  @Test("all paths agree on every length up to a few stripes and on every alignment")
  func agreement() {
    var random = SplitMix64(seed: 1)
    let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let lengths = Array(0...200) + [1_023, 1_024, 1_025, 3_071, 3_072, 3_073, 6_143, 6_144, 6_145, 9_999, 19_000]
    for length in lengths {
      for start in 0..<9 {
        let part = bytes[start..<(start + length)]
        let sums = Set(Path.usable.map { $0.sum(part, after: 0xDEAD_BEEF) })
        #expect(sums.count == 1, "\(length) bytes from \(start)")
      }
    }
  }

  @Test("a sum can be continued at every cut", arguments: Path.usable)
  func pieces(path: Path) {
    let bytes = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let whole = path.sum(bytes[...])
    for cut in stride(from: 0, through: bytes.count, by: 13) {
      #expect(path.sum(bytes[cut...], after: path.sum(bytes[..<cut])) == whole, "cut at \(cut)")
    }
  }

  @Test("one flipped bit changes the sum")
  func flips() {
    let bytes = (0..<100).map { UInt8($0) }
    let whole = Path.fastest.sum(bytes[...])
    for bit in 0..<800 {
      var other = bytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(Path.fastest.sum(other[...]) != whole, "bit \(bit)")
    }
  }
}
