import DequeModule

/// Delivers the log to one target: which event is sent when, and how far everything is done. Pure: what happened goes in, what to do comes
/// out; whoever holds it reads, sends, parks and waits.
///
/// - Events start in commit order, several at once. The cursor moves over the prefix of which everything is accepted, skipped or parked.
/// - A failure that may pass stops the whole target for a while (``Backoff``); then one event goes out as a probe, and all others wait for
///   its answer. Answers to what was sent before the failure count for their events, but neither raise nor end the wait.
/// - An event that goes on failing while others are accepted (``Suspicion``) is parked in the end: a server that stumbles over one event, or
///   closes the connection on it, would else never get the rest. So that others have the chance, every second probe is another event.
/// - Parked events that a person wants sent again go out between the others, one for one.
///
/// Times are durations since any moment, from a clock that never goes back.
package struct DeliveryStateMachine: Sendable {
  /// One event on its way. A replayed one may also be in the log's turn, after a restart from the beginning.
  package struct Delivery: Hashable, Sendable {
    package var sequence: Int64
    var isReplay = false
  }

  /// What is to become of an event that was read.
  package enum Entry: Sendable, Equatable {
    case send(Int64)
    /// The target does not want it.
    case skip(Int64)
    /// It cannot be sent.
    case broken(Int64, Refusal)

    var sequence: Int64 {
      switch self {
      case .send(let sequence), .skip(let sequence), .broken(let sequence, _): sequence
      }
    }
  }

  package enum Action: Sendable, Equatable {
    case read(after: Int64, limit: Int)
    case readReplays(limit: Int)
    case send(Delivery)
    /// Store it and then say ``parked(_:at:)``: the cursor waits for that.
    case park(Delivery, Refusal, attempts: Int)
    /// The replayed event is accepted: it is not parked any more. Say ``unparked(_:at:)`` then.
    case unpark(Int64)
    case pause(reason: String)
    case advance(to: Int64)
    case wake(at: Duration)
  }

  enum Phase: Sendable, Equatable {
    /// -> backingOff, paused
    case flowing
    /// Nothing is sent until then. -> probing, paused
    case backingOff(until: Duration)
    /// One is sent. -> flowing, backingOff, paused
    case probing
    /// -> nothing: a resumed target begins with a new machine.
    case paused
    /// What is in flight may still be answered.
    case stopping
  }

  package struct Limits: Sendable {
    /// As ``ForwardTarget/concurrency`` and ``ForwardTarget/batch``.
    var concurrency: Int
    var batch: Int
    /// Events between the cursor and the newest that was read. One that takes long lets those behind it go on, but not for ever.
    var windowMax: Int
    /// As ``windowMax``, when what keeps the window full is an event that fails: those behind it are what shows whose fault it is.
    var windowOfSuspectMax: Int { windowMax + 2 * Suspicion.strikesMax * batch }

    package init(concurrency: Int, batch: Int, windowMax: Int = 1_024) {
      self.concurrency = concurrency
      self.batch = batch
      self.windowMax = windowMax
    }
  }

  // Changed only by the two extensions: what happened (Events), and what follows from it (Acting).
  let limits: Limits
  var phase = Phase.flowing
  var cursor: Int64
  /// Everything read and not yet passed by the cursor, in order.
  var window: Deque<(sequence: Int64, isDone: Bool)> = []
  var readTo: Int64
  var waiting: Deque<Int64> = []
  var replays: Deque<Int64> = []
  /// Which failures a request was sent after: see `generation`.
  var inFlight: [Delivery: Int] = [:]
  var parking: Set<Delivery> = []
  /// Accepted, and still marked as parked in the store.
  var unparking: Set<Int64> = []
  var attempts: [Delivery: Int] = [:]
  var suspicions: [Delivery: Suspicion] = [:]
  var acceptedCount = 0
  var isReading = false
  var isReadingReplays = false
  var mayHaveMore = true
  var mayHaveReplays = true
  /// Whether something came that a look which is under way may have been too early for.
  var wasNoticedReading = false
  var wasNoticedReadingReplays = false
  /// The failure after which a full window was last given a batch more.
  var widenedIn: Int?
  var lastWasReplay = false
  /// Raised with every failure that counts, so that the answers of one wave of requests are one failure.
  var generation = 0
  var failures = 0
  var backoff: Backoff

  /// - Parameter cursor: everything up to it is done.
  package init(cursor: Int64, limits: Limits, seed: UInt64) {
    self.cursor = cursor
    self.limits = limits
    readTo = cursor
    backoff = Backoff(seed: seed)
  }

  var inFlightCount: Int { inFlight.count }
  /// Whether nothing is under way and nothing more is known to be there.
  var isIdle: Bool { inFlight.isEmpty && parking.isEmpty && waiting.isEmpty && replays.isEmpty && !mayHaveMore }
  /// Whether nothing is under way, so that the holder may end.
  var isAtRest: Bool { inFlight.isEmpty && parking.isEmpty && unparking.isEmpty }
  /// Whether the holder may let go of the event.
  func isDone(_ sequence: Int64) -> Bool { sequence <= cursor || (place(of: sequence).map { window[$0].isDone } ?? false) }
}
