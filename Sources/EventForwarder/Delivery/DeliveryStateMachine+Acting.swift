import DequeModule

extension DeliveryStateMachine {
  /// Reads ahead and sends, as far as the phase and the limits allow.
  mutating func act(at now: Duration) -> [Action] {
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
    if mayHaveMore, !isReading, waiting.count <= limits.concurrency, hasRoom {
      isReading = true
      if window.count >= limits.windowMax { widenedIn = generation }
      actions.append(.read(after: readTo, limit: limits.batch))
    }
    if mayHaveReplays, !isReadingReplays, replays.isEmpty {
      isReadingReplays = true
      actions.append(.readReplays(limit: limits.batch))
    }
    return actions
  }

  /// A window that is full because an event at its front fails gets a batch more after each failure: without others that are accepted in
  /// between nobody could tell that it is the event.
  private var hasRoom: Bool {
    if window.count < limits.windowMax { return true }
    return !suspicions.isEmpty && widenedIn != generation && window.count < limits.windowOfSuspectMax
  }

  private mutating func send(_ count: Int) -> [Action] {
    var actions: [Action] = []
    while actions.count < count, let delivery = next() {
      inFlight[delivery] = generation
      actions.append(.send(delivery))
    }
    return actions
  }

  mutating func park(_ delivery: Delivery, _ refusal: Refusal) -> Action {
    parking.insert(delivery)
    suspicions[delivery] = nil
    return .park(delivery, refusal, attempts: (attempts.removeValue(forKey: delivery) ?? 0) + 1)
  }

  mutating func isToBlame(_ delivery: Delivery, _ reason: RetryReason, at now: Duration) -> Bool {
    guard reason.mayBeTheEvent else { return false }
    return suspicions[delivery, default: Suspicion(since: now, acceptedCount: acceptedCount)].failed(acceptedCount, at: now)
  }

  private mutating func next() -> Delivery? {
    if phase == .probing, failures % 2 == 0, let first = waiting.first, attempts[Delivery(sequence: first)] ?? 0 > 2,
      let other = waiting.indices.dropFirst().first(where: { suspicions[Delivery(sequence: waiting[$0])] == nil })
    {
      return Delivery(sequence: waiting.remove(at: other))
    }
    if !replays.isEmpty, !lastWasReplay || waiting.isEmpty {
      lastWasReplay = true
      return replays.popFirst().map { Delivery(sequence: $0, isReplay: true) }
    }
    lastWasReplay = false
    return waiting.popFirst().map { Delivery(sequence: $0) }
  }

  /// Back into its place in the order.
  mutating func wait(_ delivery: Delivery) {
    if delivery.isReplay { return replays.prepend(delivery.sequence) }
    waiting.insert(delivery.sequence, at: waiting.firstIndex { $0 > delivery.sequence } ?? waiting.endIndex)
  }

  func isUnderWay(_ delivery: Delivery) -> Bool {
    inFlight[delivery] != nil || parking.contains(delivery) || delivery.isReplay && unparking.contains(delivery.sequence)
  }

  mutating func targetIsWell(_ sentIn: Int) {
    guard sentIn == generation else { return }
    failures = 0
    if phase == .probing { phase = .flowing }
  }

  mutating func fail(after: Duration?, at now: Duration) {
    switch phase {
    case .paused, .stopping: return
    case .flowing, .probing, .backingOff: break
    }
    generation += 1
    failures += 1
    phase = .backingOff(until: now + backoff.delay(failures: failures, after: after))
  }

  mutating func postpone(_ after: Duration, at now: Duration) {
    guard case .backingOff(let until) = phase else { return }
    phase = .backingOff(until: max(until, now + min(after, Backoff.longest)))
  }

  mutating func finish(_ sequence: Int64) -> [Action] {
    if let place = place(of: sequence) { window[place].isDone = true }
    return moveCursor()
  }

  mutating func moveCursor() -> [Action] {
    let before = cursor
    while let first = window.first, first.isDone {
      cursor = first.sequence
      window.removeFirst()
    }
    return cursor == before ? [] : [.advance(to: cursor)]
  }

  func place(of sequence: Int64) -> Int? {
    var (low, high) = (0, window.count)
    while low < high {
      let middle = (low + high) / 2
      if window[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low < window.count && window[low].sequence == sequence ? low : nil
  }
}
