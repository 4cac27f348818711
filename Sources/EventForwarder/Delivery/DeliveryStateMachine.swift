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
struct DeliveryStateMachine: Sendable {
  /// One event on its way. A replayed one may also be in the log's turn, after a restart from the beginning.
  struct Delivery: Hashable, Sendable {
    var sequence: Int64
    var isReplay = false
  }

  /// What is to become of an event that was read.
  enum Entry: Sendable, Equatable {
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

  enum Action: Sendable, Equatable {
    case read(after: Int64, limit: Int)
    case readReplays(limit: Int)
    case send(Delivery)
    /// Store it and then say ``parked(_:at:)``: the cursor waits for that.
    case park(Delivery, Refusal, attempts: Int)
    /// The replayed event is accepted: it is not parked any more.
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

  struct Limits: Sendable {
    var concurrency = 8
    var batch = 100
    /// Events between the cursor and the newest that was read. One that takes long lets those behind it go on, but not for ever.
    var windowMax = 1_024
  }

  let limits: Limits
  private(set) var phase = Phase.flowing
  private(set) var cursor: Int64
  /// Everything read and not yet passed by the cursor, in order.
  private var window: Deque<(sequence: Int64, isDone: Bool)> = []
  private var readTo: Int64
  private var waiting: Deque<Int64> = []
  private var replays: Deque<Int64> = []
  /// Which failures a request was sent after: see `generation`.
  private var inFlight: [Delivery: Int] = [:]
  private var parking: Set<Delivery> = []
  private var attempts: [Delivery: Int] = [:]
  private var suspicions: [Delivery: Suspicion] = [:]
  private var acceptedCount = 0
  private var isReading = false
  private var isReadingReplays = false
  private var mayHaveMore = true
  private var mayHaveReplays = true
  private var lastWasReplay = false
  /// Raised with every failure that counts, so that the answers of one wave of requests are one failure.
  private var generation = 0
  private var failures = 0
  private var backoff: Backoff

  /// - Parameter cursor: everything up to it is done.
  init(cursor: Int64, limits: Limits = Limits(), seed: UInt64) {
    self.cursor = cursor
    self.limits = limits
    readTo = cursor
    backoff = Backoff(seed: seed)
  }

  var inFlightCount: Int { inFlight.count }
  /// Whether nothing is under way and nothing more is known to be there.
  var isIdle: Bool { inFlight.isEmpty && parking.isEmpty && waiting.isEmpty && replays.isEmpty && !mayHaveMore }
  /// Whether nothing is under way, so that the holder may end.
  var isAtRest: Bool { inFlight.isEmpty && parking.isEmpty }
  /// Whether the holder may let go of the event.
  func isDone(_ sequence: Int64) -> Bool { sequence <= cursor || (place(of: sequence).map { window[$0].isDone } ?? false) }
}

extension DeliveryStateMachine {
  mutating func started(at now: Duration) -> [Action] { act(at: now) }

  /// There may be more events in the log, or more to replay, than at the last look.
  mutating func noticed(at now: Duration) -> [Action] {
    mayHaveMore = true
    mayHaveReplays = true
    return act(at: now)
  }

  /// - Parameter entries: in order, all behind the last that was read; none when there is nothing.
  mutating func read(_ entries: [Entry], at now: Duration) -> [Action] {
    isReading = false
    if entries.isEmpty { mayHaveMore = false }
    var actions: [Action] = []
    for entry in entries where entry.sequence > readTo {
      readTo = entry.sequence
      window.append((entry.sequence, false))
      switch entry {
      case .send(let sequence): waiting.append(sequence)
      case .skip: window[window.count - 1].isDone = true
      case .broken(let sequence, let refusal):
        parking.insert(Delivery(sequence: sequence))
        actions.append(.park(Delivery(sequence: sequence), refusal, attempts: 0))
      }
    }
    return actions + moveCursor() + act(at: now)
  }

  /// The log could not be read.
  mutating func readFailed(at now: Duration) -> [Action] {
    isReading = false
    isReadingReplays = false
    fail(after: nil, at: now)
    return act(at: now)
  }

  mutating func readReplays(_ sequences: [Int64], at now: Duration) -> [Action] {
    isReadingReplays = false
    mayHaveReplays = false
    for sequence in sequences where !isUnderWay(Delivery(sequence: sequence, isReplay: true)) && !replays.contains(sequence) {
      replays.append(sequence)
    }
    return act(at: now)
  }

  mutating func answered(_ delivery: Delivery, _ verdict: Verdict, at now: Duration) -> [Action] {
    guard let sentIn = inFlight.removeValue(forKey: delivery) else { return [] }
    var actions: [Action] = []
    switch verdict {
    case .accepted:
      attempts[delivery] = nil
      suspicions[delivery] = nil
      acceptedCount += 1
      targetIsWell(sentIn)
      if delivery.isReplay { actions.append(.unpark(delivery.sequence)) } else { actions += finish(delivery.sequence) }
      // The next of the replayed ones is in the store.
      if delivery.isReplay, replays.isEmpty { mayHaveReplays = true }
    case .refused(let refusal):
      targetIsWell(sentIn)
      actions.append(park(delivery, refusal))
    case .retry(let reason, _) where isToBlame(delivery, reason, at: now):
      let text = "given up: it failed \(Suspicion.strikesMax) times (\(reason.rawValue)) while other events were accepted"
      actions.append(park(delivery, Refusal(reason: text)))
    case .retry(_, let after):
      attempts[delivery, default: 0] += 1
      wait(delivery)
      if sentIn == generation { fail(after: after, at: now) } else if let after { postpone(after, at: now) }
    case .pause(let reason):
      attempts[delivery, default: 0] += 1
      wait(delivery)
      if phase != .paused, phase != .stopping { actions.append(.pause(reason: reason)) }
      if phase != .stopping { phase = .paused }
    }
    return actions + act(at: now)
  }

  mutating func parked(_ delivery: Delivery, at now: Duration) -> [Action] {
    guard parking.remove(delivery) != nil else { return [] }
    if delivery.isReplay, replays.isEmpty { mayHaveReplays = true }
    return (delivery.isReplay ? [] : finish(delivery.sequence)) + act(at: now)
  }

  /// It could not be stored that the event is parked: it is tried again like one that was never answered.
  mutating func parkFailed(_ delivery: Delivery, at now: Duration) -> [Action] {
    guard parking.remove(delivery) != nil else { return [] }
    wait(delivery)
    fail(after: nil, at: now)
    return act(at: now)
  }

  mutating func timePassed(to now: Duration) -> [Action] { act(at: now) }

  /// Nothing more is begun.
  mutating func stopped() { phase = .stopping }
}

extension DeliveryStateMachine {
  /// Reads ahead and sends, as far as the phase and the limits allow.
  private mutating func act(at now: Duration) -> [Action] {
    if case .backingOff(let until) = phase, until <= now { phase = .probing }
    var actions: [Action] = []
    switch phase {
    case .paused, .stopping: return []
    case .backingOff(let until): return [.wake(at: until)]
    case .probing:
      // Those that hang since before the failure count too: there are never more than the settings say.
      if !inFlight.values.contains(generation) { actions += send(min(1, limits.concurrency - inFlight.count - parking.count)) }
    case .flowing: actions += send(limits.concurrency - inFlight.count - parking.count)
    }
    if mayHaveMore, !isReading, waiting.count <= limits.concurrency, window.count < limits.windowMax {
      isReading = true
      actions.append(.read(after: readTo, limit: limits.batch))
    }
    if mayHaveReplays, !isReadingReplays, replays.isEmpty {
      isReadingReplays = true
      actions.append(.readReplays(limit: limits.batch))
    }
    return actions
  }

  private mutating func send(_ count: Int) -> [Action] {
    var actions: [Action] = []
    while actions.count < count, let delivery = next() {
      inFlight[delivery] = generation
      actions.append(.send(delivery))
    }
    return actions
  }

  private mutating func park(_ delivery: Delivery, _ refusal: Refusal) -> Action {
    parking.insert(delivery)
    suspicions[delivery] = nil
    return .park(delivery, refusal, attempts: (attempts.removeValue(forKey: delivery) ?? 0) + 1)
  }

  private mutating func isToBlame(_ delivery: Delivery, _ reason: RetryReason, at now: Duration) -> Bool {
    guard reason.mayBeTheEvent else { return false }
    return suspicions[delivery, default: Suspicion(since: now, acceptedCount: acceptedCount)].failed(acceptedCount, at: now)
  }

  private mutating func next() -> Delivery? {
    if phase == .probing, failures % 2 == 0, waiting.count > 1, attempts[Delivery(sequence: waiting[0])] ?? 0 > 2 {
      return Delivery(sequence: waiting.remove(at: 1))
    }
    if !replays.isEmpty, !lastWasReplay || waiting.isEmpty {
      lastWasReplay = true
      return replays.popFirst().map { Delivery(sequence: $0, isReplay: true) }
    }
    lastWasReplay = false
    return waiting.popFirst().map { Delivery(sequence: $0) }
  }

  /// Back into its place in the order.
  private mutating func wait(_ delivery: Delivery) {
    if delivery.isReplay { return replays.prepend(delivery.sequence) }
    waiting.insert(delivery.sequence, at: waiting.firstIndex { $0 > delivery.sequence } ?? waiting.endIndex)
  }

  private func isUnderWay(_ delivery: Delivery) -> Bool { inFlight[delivery] != nil || parking.contains(delivery) }

  private mutating func targetIsWell(_ sentIn: Int) {
    guard sentIn == generation else { return }
    failures = 0
    if phase == .probing { phase = .flowing }
  }

  private mutating func fail(after: Duration?, at now: Duration) {
    switch phase {
    case .paused, .stopping: return
    case .flowing, .probing, .backingOff: break
    }
    generation += 1
    failures += 1
    phase = .backingOff(until: now + backoff.delay(failures: failures, after: after))
  }

  private mutating func postpone(_ after: Duration, at now: Duration) {
    guard case .backingOff(let until) = phase else { return }
    phase = .backingOff(until: max(until, now + min(after, Backoff.longest)))
  }

  private mutating func finish(_ sequence: Int64) -> [Action] {
    if let place = place(of: sequence) { window[place].isDone = true }
    return moveCursor()
  }

  private mutating func moveCursor() -> [Action] {
    let before = cursor
    while let first = window.first, first.isDone {
      cursor = first.sequence
      window.removeFirst()
    }
    return cursor == before ? [] : [.advance(to: cursor)]
  }

  private func place(of sequence: Int64) -> Int? {
    var (low, high) = (0, window.count)
    while low < high {
      let middle = (low + high) / 2
      if window[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low < window.count && window[low].sequence == sequence ? low : nil
  }
}
