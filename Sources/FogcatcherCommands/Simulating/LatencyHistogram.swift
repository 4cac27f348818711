/// Counts times in buckets that are at most 1/64 of their value wide: percentiles of any number of answers in 30 KB.
struct LatencyHistogram: Sendable {
  private static let bucketsAnOctave = 64
  private var counts = [Int](repeating: 0, count: 58 * bucketsAnOctave)
  private(set) var count = 0
  private(set) var longest = Duration.zero

  mutating func record(_ time: Duration) {
    counts[Self.bucket(of: Self.microseconds(time))] += 1
    count += 1
    longest = max(longest, time)
  }

  /// Adds what another one counted.
  mutating func add(_ other: LatencyHistogram) {
    for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
    count += other.count
    longest = max(longest, other.longest)
  }

  /// The time within which that share of the answers came, rounded up to the end of its bucket; zero without any.
  /// - Parameter share: from 0 to 1.
  func percentile(_ share: Double) -> Duration {
    guard count > 0 else { return .zero }
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for (bucket, inBucket) in counts.enumerated() {
      seen += inBucket
      if seen >= rank { return min(longest, .microseconds(Self.end(of: bucket))) }
    }
    return longest
  }

  private static func microseconds(_ time: Duration) -> UInt64 {
    let parts = time.components
    return UInt64(max(0, parts.seconds)) * 1_000_000 + UInt64(max(0, parts.attoseconds / 1_000_000_000_000))
  }

  /// Below 128 µs each microsecond is a bucket; above, each power of two is cut into 64.
  private static func bucket(of value: UInt64) -> Int {
    let shift = max(0, 63 - (value | 1).leadingZeroBitCount - 6)
    return shift * bucketsAnOctave + Int(value >> UInt64(shift))
  }

  private static func end(of bucket: Int) -> UInt64 {
    let shift = max(0, bucket / bucketsAnOctave - 1)
    return (UInt64(bucket - shift * bucketsAnOctave) + 1) << UInt64(shift) - 1
  }
}
