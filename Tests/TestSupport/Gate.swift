import Synchronization

/// Holds tasks at a place until the test lets them go on, and tells the test how many have arrived: order without sleeping.
public final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var arrived = 0
    var held: [CheckedContinuation<Void, Never>] = []
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>

  public init(isOpen: Bool = false) {
    state = Mutex(State(isOpen: isOpen))
  }

  /// Waits unless the gate is open.
  public func pass() async {
    await withCheckedContinuation { continuation in
      let resumed = state.withLock { state in
        state.arrived += 1
        var resumed = state.watchers.filter { $0.count <= state.arrived }.map(\.continuation)
        state.watchers.removeAll { $0.count <= state.arrived }
        if state.isOpen { resumed.append(continuation) } else { state.held.append(continuation) }
        return resumed
      }
      for other in resumed { other.resume() }
    }
  }

  /// Lets everybody go on, now and later.
  public func open() {
    let held = state.withLock { state in
      state.isOpen = true
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Returns once `count` calls of ``pass()`` have been made in all.
  public func arrivals(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.arrived >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }
}
