import DequeModule
import Synchronization

/// A limit on bytes that are held at the same time. Whoever wants more waits, in order.
final class ByteBudget: Sendable {
  private struct State {
    var free: Int
    var waiting: Deque<(byteCount: Int, continuation: CheckedContinuation<Void, Never>)> = []
  }

  private let total: Int
  private let state: Mutex<State>

  init(_ total: Int) {
    self.total = total
    state = Mutex(State(free: total))
  }

  /// Runs `body` while so many bytes are set aside; what is larger than the budget gets all of it. A task that is cancelled still waits for
  /// its turn, so those that hold bytes have to end soon when they are cancelled.
  func holding<Value>(_ byteCount: Int, _ body: () async -> Value) async -> Value {
    let byteCount = min(byteCount, total)
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.waiting.isEmpty, state.free >= byteCount else {
          state.waiting.append((byteCount, continuation))
          return false
        }
        state.free -= byteCount
        return true
      }
      if isFree { continuation.resume() }
    }
    let value = await body()
    giveBack(byteCount)
    return value
  }

  private func giveBack(_ byteCount: Int) {
    let next = state.withLock { state in
      state.free += byteCount
      var next: [CheckedContinuation<Void, Never>] = []
      while let first = state.waiting.first, first.byteCount <= state.free {
        state.free -= first.byteCount
        next.append(first.continuation)
        state.waiting.removeFirst()
      }
      return next
    }
    for continuation in next { continuation.resume() }
  }
}
