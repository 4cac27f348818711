import Synchronization

/// Wakes one waiting task. Raising it again before it was noticed changes nothing.
package final class Signal: Sendable {
  private struct State {
    var isRaised = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  package init() {}

  package func raise() {
    let waiter = state.withLock { state in
      state.isRaised = true
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Returns once it is raised, or the task is cancelled, and lowers it. One task at a time.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state in
          guard !state.isRaised else { return false }
          state.waiter = continuation
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      raise()
    }
    state.withLock { $0.isRaised = false }
  }

  /// As ``wait()``, but no longer than this.
  package func wait(atMost limit: Duration) async {
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await self.wait() }
      tasks.addTask { try? await Task.sleep(for: limit) }
      await tasks.next()
      tasks.cancelAll()
    }
  }
}
