import DequeModule
import FaceEvents
import Synchronization

/// One target as the running node has it: its settings of the moment, what it was told to do, and how it is doing.
final class TargetHandle: Sendable {
  /// Realtime events that wait for their turn; more than these are no longer news.
  static let realtimeQueueMax = 1_024

  private struct State {
    var target: ForwardTarget
    /// Raised with every change: whoever delivers by an older one stops.
    var version = 0
    var isRemoved = false
    var isHeld = false
    var realtime: Deque<Int64> = []
  }

  let id: String
  let figures = TargetFigures()
  /// New events, new settings, or the end.
  let signal = Signal()
  private let state: Mutex<State>
  /// Taken while somebody delivers, or changes what deliveries start from.
  private let gate = SerialGate()

  init(_ target: ForwardTarget) {
    id = target.id
    state = Mutex(State(target: target))
  }

  var target: ForwardTarget { state.withLock(\.target) }
  var version: Int { state.withLock(\.version) }

  /// The settings to deliver by, and their version; nil when the target is removed.
  var order: (target: ForwardTarget, version: Int)? { state.withLock { $0.isRemoved ? nil : ($0.target, $0.version) } }

  func isCurrent(_ version: Int) -> Bool { state.withLock { $0.version == version && !$0.isHeld && !$0.isRemoved } }

  func change(_ change: (inout ForwardTarget) -> Void) {
    state.withLock { state in
      change(&state.target)
      state.version += 1
      // After the pause they would be late, and look live.
      if state.target.pause != nil { state.realtime.removeAll() }
    }
    signal.raise()
  }

  /// Nobody delivers any more, once what is in flight has ended.
  func remove() {
    state.withLock { $0.isRemoved = true }
    signal.raise()
  }

  /// Runs `body` while nobody delivers to the target.
  func held<Value: Sendable>(_ body: () async -> Value) async -> Value {
    state.withLock { $0.isHeld = true }
    signal.raise()
    await gate.enter()
    let value = await body()
    state.withLock { state in
      state.isHeld = false
      state.version += 1
    }
    await gate.leave()
    signal.raise()
    return value
  }

  /// Runs `body` unless the target is held; then waits for that to end.
  func delivering(_ body: () async -> Void) async {
    await gate.enter()
    await body()
    await gate.leave()
  }

  /// Queues a realtime event, at the expense of the oldest; while the target is paused it is left out.
  func enqueue(_ sequence: Int64) {
    let dropped: Int64? = state.withLock { state in
      guard state.target.pause == nil else { return nil }
      state.realtime.append(sequence)
      return state.realtime.count > Self.realtimeQueueMax ? state.realtime.popFirst() : nil
    }
    if dropped != nil { figures.update { $0.dropped += 1 } }
    signal.raise()
  }

  func nextRealtime() -> Int64? { state.withLock { $0.realtime.popFirst() } }
}
