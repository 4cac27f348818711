/// Counts what happened in the last ten seconds, in slots of one second.
struct RateMeter: Sendable {
  private static let slots = 10
  private var counts = [Int64](repeating: 0, count: slots)
  private var second: Int64 = 0

  mutating func count(at now: Duration) {
    move(to: now)
    counts[Int(second % Int64(Self.slots))] += 1
  }

  mutating func perSecond(at now: Duration) -> Double {
    move(to: now)
    return Double(counts.reduce(0, +)) / Double(Self.slots)
  }

  private mutating func move(to now: Duration) {
    let target = now.components.seconds
    guard target > second else { return }
    for passed in (second + 1)...min(target, second + Int64(Self.slots)) { counts[Int(passed % Int64(Self.slots))] = 0 }
    if target - second > Int64(Self.slots) { counts = [Int64](repeating: 0, count: Self.slots) }
    second = target
  }
}
