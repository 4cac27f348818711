import FaceEvents

/// Times as boxes write them: ms, s, s with a fraction, as number or text (protocol.md 2.6, T1, T2).
enum EventTime {
  /// The largest time that an event id holds.
  private static let millisecondsMax = Double(1 << 48)

  /// Sorted by magnitude: from 1e11 on milliseconds, from 1e9 on seconds; nil for what is neither.
  static func milliseconds(_ text: String) -> Int64? {
    if let whole = Int64(text), whole >= 100_000_000_000 { return Double(whole) < millisecondsMax ? whole : nil }
    guard let number = Double(text), number.isFinite, number >= 1e9 else { return nil }
    let milliseconds = number < 1e11 ? number * 1000 : number
    return milliseconds < millisecondsMax ? Int64(milliseconds.rounded()) : nil
  }
}
