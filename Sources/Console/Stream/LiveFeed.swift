public import FaceEvents
public import ServiceLifecycle
import Synchronization

/// Events as they are kept, for everybody who watches: told once by the keeper, made into text once, handed to all listeners together.
///
/// Without listeners it costs the keeper one comparison a batch.
public final class LiveFeed: Service {
  struct State {
    var window: FeedWindow
    var isClosed = false
    var listeners: Set<Int> = []
    var nextListener = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var cutOff: Int64 = 0
  }

  let settings: LiveFeedSettings
  let state: Mutex<State>
  private let arrivals = Signal()

  public init(settings: LiveFeedSettings = LiveFeedSettings()) {
    self.settings = settings
    state = Mutex(State(window: FeedWindow(eventsMax: settings.eventsMax, bytesMax: settings.bytesMax)))
  }

  /// These events are stored now. Quick, for the writer's thread.
  /// - Parameter forEach: gives each with its number in the commit order and the id under which it is stored, ascending.
  public func kept(_ forEach: ((_ sequence: Int64, _ id: EventID, _ event: FaceEvent) -> Void) -> Void) {
    if isUnwatched(forEach) { return }
    var events: [FeedEvent] = []
    forEach { sequence, id, event in events.append(FeedEvent(event, id: id, sequence: sequence)) }
    guard !events.isEmpty else { return }
    state.withLock { state in for event in events { state.window.append(event) } }
    arrivals.raise()
  }

  /// - Returns: false when somebody watches; else what came is noted as past.
  private func isUnwatched(_ forEach: ((Int64, EventID, FaceEvent) -> Void) -> Void) -> Bool {
    guard state.withLock({ $0.listeners.isEmpty }) else { return false }
    var last: Int64 = 0
    forEach { sequence, _, _ in last = max(last, sequence) }
    return state.withLock { state in
      // Somebody may have come meanwhile.
      guard state.listeners.isEmpty else { return false }
      if last > 0 { state.window.passed(last) }
      return true
    }
  }

  /// Hands what came to the listeners, several times a second, until graceful shutdown or cancellation. Then every stream ends.
  public func run() async {
    await withTaskCancellationOrGracefulShutdownHandler {
      while !self.isClosed {
        await self.arrivals.wait(atMost: self.settings.heartbeat / 3)
        self.flush()
        // What comes in the pause goes together.
        await self.pause()
      }
    } onCancelOrGracefulShutdown: {
      self.close()
    }
  }

  /// Makes what came visible, and wakes everybody.
  func flush() {
    let waiters = state.withLock { state in
      state.window.seal()
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Ends all streams and takes no more.
  public func close() {
    state.withLock { $0.isClosed = true }
    arrivals.raise()
    flush()
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  private func pause() async {
    let (count, isClosed) = state.withLock { ($0.listeners.count, $0.isClosed) }
    guard !isClosed else { return }
    let pause = count > settings.manyListeners ? settings.flushPauseForMany : settings.flushPause
    try? await Task.sleep(for: pause)
  }

  /// How many watch now, and how many were cut off because they read too slowly.
  public var figures: (listeners: Int, cutOff: Int64) { state.withLock { ($0.listeners.count, $0.cutOff) } }
}
