/// Counts of values by upper bound, as Prometheus wants them.
struct Histogram: Sendable {
  let bounds: [Double]
  /// One more than the bounds: the last is for everything above.
  private(set) var counts: [UInt64]
  private(set) var sum = 0.0

  init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Answer and commit times: 0.5 ms to 10 s.
  static let seconds = Histogram(bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
  /// Items of a commit.
  static let items = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256])

  mutating func observe(_ value: Double) {
    var index = 0
    while index < bounds.count, value > bounds[index] { index += 1 }
    counts[index] += 1
    sum += value
  }

  var count: UInt64 { counts.reduce(0, +) }
}
