/// The identity of an event: a UUIDv8 (RFC 9562) made from the event's content, so that the same event has the same id at every hop.
///
/// Layout, most significant bit first: 48 bits of event time in ms since 1970 (0 when the event has none), version 8, 12 bits and
/// (after the variant) 28 bits of the SHA-256 of the event without its pictures, 34 bits of the SHA-256 of the whole event.
/// The split lets a receiver recognise an event whose pictures were switched off on the way: time and the first 40 bits still agree.
/// Ids order by event time, which keeps inserts into an index on them nearly sequential.
public struct EventID: Hashable, Sendable, Comparable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Parameters:
  ///   - milliseconds: event time; only the low 48 bits are kept, a negative time counts as 0.
  ///   - outline: digest of the canonical form without pictures.
  ///   - content: digest of the whole canonical form.
  public init(milliseconds: Int64, outline: ContentDigest, content: ContentDigest) {
    let time = UInt64(max(0, milliseconds)) & 0xFFFF_FFFF_FFFF
    let outlineBits = outline.words.0 >> 24  // 40 bits
    high = time << 16 | 0x8000 | outlineBits >> 28
    low = 0b10 << 62 | (outlineBits & 0xFFF_FFFF) << 34 | content.words.0 >> 30
  }

  /// Reads the 16 bytes written by ``bytes``; nil when there are not 16.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for byte in bytes.prefix(8) { words.0 = words.0 << 8 | UInt64(byte) }
    for byte in bytes.dropFirst(8) { words.1 = words.1 << 8 | UInt64(byte) }
    self.init(high: words.0, low: words.1)
  }

  /// Big-endian, so that comparing bytes and comparing ids is the same.
  public var bytes: [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 % 8))) }
  }

  public var milliseconds: Int64 { Int64(high >> 16) }

  /// Whether both ids are of the same event when pictures are left out of the comparison.
  public func sharesOutline(with other: EventID) -> Bool { high == other.high && low >> 34 == other.low >> 34 }

  public static func < (a: EventID, b: EventID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension EventID: LosslessStringConvertible, CustomStringConvertible {
  /// Reads the usual text form of a UUID, in either case; nil for anything else.
  public init?(_ description: String) {
    let text = Array(description.utf8)
    guard text.count == 36 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    var index = 0
    while index < 36 {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard text[index] == UInt8(ascii: "-") else { return nil }
        index += 1
        continue
      }
      guard let high = Hex.value(of: text[index]), let low = Hex.value(of: text[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
      index += 2
    }
    self.init(bytes: bytes)
  }

  public var description: String {
    let text = Hex.text(bytes)
    var out: [UInt8] = []
    out.reserveCapacity(36)
    for (index, character) in text.utf8.enumerated() {
      if index == 8 || index == 12 || index == 16 || index == 20 { out.append(UInt8(ascii: "-")) }
      out.append(character)
    }
    return String(decoding: out, as: UTF8.self)
  }
}
