/// How long a target is left alone after failures in a row: exponential with full jitter, so that a thousand nodes whose cloud comes back
/// do not come back all at once.
///
/// | Failures | Longest wait |
/// |---|---|
/// | 1 | 1 s |
/// | 2 | 2 s |
/// | 5 | 16 s |
/// | 9 | 256 s |
/// | 10 and more | 300 s |
struct Backoff: Sendable {
  static let longest = Duration.seconds(300)
  /// Less would be hammering.
  static let shortest = Duration.milliseconds(250)

  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  /// - Parameters:
  ///   - failures: in a row, at least 1.
  ///   - after: what the target asked for. It is never undercut, and is capped, so that a mistaken date does not stop delivery for years.
  mutating func delay(failures: Int, after: Duration?) -> Duration {
    if let after { return min(max(after, Self.shortest), Self.longest) + .milliseconds(Int.random(in: 0...500, using: &random)) }
    let ceiling = min(1 << min(failures - 1, 9), 300)
    return max(Self.shortest, .milliseconds(Int.random(in: 0...(ceiling * 1_000), using: &random)))
  }
}

/// Steele, Lea, Flood 2014. Jitter needs no secrets, and a test needs the same numbers again.
struct SplitMix64: RandomNumberGenerator, Sendable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
