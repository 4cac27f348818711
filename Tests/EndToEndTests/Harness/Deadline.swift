import Glibc

/// A bound on waiting for something outside this process.
struct Deadline: Sendable {
  private let end: ContinuousClock.Instant

  init(_ duration: Duration) { end = ContinuousClock.now + duration }

  static func after(seconds: Double) -> Deadline { Deadline(.milliseconds(Int64(seconds * 1000))) }

  var hasPassed: Bool { ContinuousClock.now >= end }

  /// What is left, in the unit of poll(2), at least 0.
  var milliseconds: Int32 { Int32(min(1e9, max(0, (end - ContinuousClock.now) / .milliseconds(1)))) }

  /// Asks again and again until `condition` holds.
  /// - Returns: whether it did before the deadline.
  func wait(every milliseconds: Int32 = 5, until condition: () throws -> Bool) rethrows -> Bool {
    while true {
      if try condition() { return true }
      if hasPassed { return false }
      nap(milliseconds: milliseconds)
    }
  }
}

/// For what nobody in this process is told about: another process, or a moment chosen at random.
func nap(milliseconds: Int32) {
  if milliseconds > 0 { poll(nil, 0, milliseconds) }  // safe: always inside a loop with a deadline, or the very randomness that is tested
}

/// Seconds that `body` took.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}
