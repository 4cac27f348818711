import FaceEvents

/// A drawn picture of a given size with places for stamps: what is wanting is filled up with random bytes behind its end, which viewers
/// ignore and no file system can compress.
struct BenchPicture: Sendable {
  let role: PictureRole
  private(set) var bytes: [UInt8]
  /// Where stamps are, in bytes: multiples of three, so that they are whole letters of the base64.
  private let stamps: [Int]
  /// Of all stamps of an event, that of this picture's first.
  private let firstStamp: Int

  /// Close enough that each block of a file system that looks for repeated blocks has one of its own.
  private static let stampDistance = 12_288
  static let stampBytes = 12

  /// - Parameter byteCount: 1,000 or more.
  init(role: PictureRole, drawn: [UInt8], byteCount: Int, firstStamp: Int, seed: UInt64) {
    self.role = role
    self.firstStamp = firstStamp
    var random = SeededNumbers(seed: seed)
    // One that is too large has to be cut; it shows the upper part then.
    var bytes = Array(drawn.prefix(byteCount - Self.stampBytes - 2))
    let drawnCount = bytes.count
    bytes += random.bytes(byteCount - drawnCount)
    let last = (byteCount - Self.stampBytes) / 3 * 3
    stamps = stride(from: (drawnCount + 2) / 3 * 3, to: last - Self.stampBytes, by: Self.stampDistance) + [last]
    for place in stamps { Self.write(Self.mark, to: &bytes, at: place) }
    self.bytes = bytes
  }

  var stampCount: Int { stamps.count }

  mutating func become(_ name: BenchEventName) {
    for (index, place) in stamps.enumerated() {
      var bits = name.stamp(firstStamp + index)
      let letters = (0..<16).map { _ -> UInt8 in
        defer { bits >>= 4 }
        return UInt8(truncatingIfNeeded: bits & 15)
      }
      Self.write(letters, to: &bytes, at: place)
    }
  }

  /// The values of the letters of ``BenchTemplate/Mark/stamp``.
  private static let mark = BenchTemplate.Mark.stamp.utf8.map { $0 - UInt8(ascii: "A") }

  /// - Parameter letters: sixteen values below 64.
  private static func write(_ letters: [UInt8], to bytes: inout [UInt8], at place: Int) {
    for group in 0..<4 {
      let bits = letters[group * 4..<group * 4 + 4].reduce(UInt32(0)) { $0 << 6 | UInt32($1) }
      for (offset, shift) in [UInt32(16), 8, 0].enumerated() {
        bytes[place + group * 3 + offset] = UInt8(truncatingIfNeeded: bits >> shift)
      }
    }
  }
}
