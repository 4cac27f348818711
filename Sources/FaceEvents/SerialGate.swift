/// Lets one task through at a time, in order of arrival, also over its awaits.
package actor SerialGate {
  private var isTaken = false
  private var queue: [CheckedContinuation<Void, Never>] = []

  package init() {}

  package func enter() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { queue.append($0) }
  }

  package func leave() {
    if queue.isEmpty { isTaken = false } else { queue.removeFirst().resume() }
  }
}
