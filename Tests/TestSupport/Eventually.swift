/// A state that a test waits for did not come.
public struct NeverHappened: Error {}

/// How long a test waits for a state before it fails. Long, because on two slow cores the suites that only compute keep all others waiting for
/// more than a minute; no test that passes waits for it.
public let eventuallyMax = Duration.seconds(300)

/// Waits for a state that has no signal of its own to wait for. Looks often, gives up late.
public func eventually(within limit: Duration = eventuallyMax, _ condition: () -> Bool) async throws {
  let deadline = ContinuousClock.now + limit
  while !condition() {
    guard ContinuousClock.now < deadline else { throw NeverHappened() }
    try await Task.sleep(for: .milliseconds(1))  // safe: the pause between two looks, not the wait itself
  }
}
