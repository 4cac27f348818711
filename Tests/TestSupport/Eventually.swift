/// A state that a test waits for did not come.
public struct NeverHappened: Error {}

/// Waits for a state that has no signal of its own to wait for. Looks often, gives up late.
public func eventually(within limit: Duration = .seconds(60), _ condition: () -> Bool) async throws {
  let deadline = ContinuousClock.now + limit
  while !condition() {
    guard ContinuousClock.now < deadline else { throw NeverHappened() }
    try await Task.sleep(for: .milliseconds(1))  // safe: the pause between two looks, not the wait itself
  }
}
