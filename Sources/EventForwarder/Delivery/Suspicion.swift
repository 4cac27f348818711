/// Whether it is the event or the target that fails. A failure is a strike when another event was accepted since the last one.
struct Suspicion: Sendable {
  /// A target that fails every second request at random gets an event wrong so often once in a million events.
  static let strikesMax = 20
  /// So that a bad minute of a busy target is not taken for a bad event.
  static let leastTime = Duration.seconds(60)

  private let since: Duration
  private var acceptedCount: Int
  private var strikes = 0

  init(since: Duration, acceptedCount: Int) {
    self.since = since
    self.acceptedCount = acceptedCount
  }

  /// - Parameter acceptedCount: events that the target has accepted so far.
  /// - Returns: whether it is the event.
  mutating func failed(_ acceptedCount: Int, at now: Duration) -> Bool {
    if acceptedCount > self.acceptedCount { strikes += 1 }
    self.acceptedCount = acceptedCount
    return strikes >= Self.strikesMax && now - since >= Self.leastTime
  }
}
