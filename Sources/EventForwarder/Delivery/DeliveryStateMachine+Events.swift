import DequeModule

/// What happens to a delivery. Each says what to do now.
extension DeliveryStateMachine {
  package mutating func started(at now: Duration) -> [Action] { act(at: now) }

  /// There may be more events in the log, or more to replay, than at the last look.
  mutating func noticed(at now: Duration) -> [Action] {
    mayHaveMore = true
    mayHaveReplays = true
    wasNoticedReading = isReading
    wasNoticedReadingReplays = isReadingReplays
    return act(at: now)
  }

  /// - Parameter entries: in order, all behind the last that was read; none when there is nothing.
  package mutating func read(_ entries: [Entry], at now: Duration) -> [Action] {
    isReading = false
    if entries.isEmpty { mayHaveMore = wasNoticedReading }
    wasNoticedReading = false
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

  package mutating func readReplays(_ sequences: [Int64], at now: Duration) -> [Action] {
    isReadingReplays = false
    mayHaveReplays = wasNoticedReadingReplays
    wasNoticedReadingReplays = false
    for sequence in sequences where !isUnderWay(Delivery(sequence: sequence, isReplay: true)) && !replays.contains(sequence) {
      replays.append(sequence)
    }
    return act(at: now)
  }

  package mutating func answered(_ delivery: Delivery, _ verdict: Verdict, at now: Duration) -> [Action] {
    guard let sentIn = inFlight.removeValue(forKey: delivery) else { return [] }
    var actions: [Action] = []
    switch verdict {
    case .accepted:
      attempts[delivery] = nil
      suspicions[delivery] = nil
      acceptedCount += 1
      targetIsWell(sentIn)
      if delivery.isReplay {
        unparking.insert(delivery.sequence)
        actions.append(.unpark(delivery.sequence))
      } else {
        actions += finish(delivery.sequence)
      }
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

  mutating func unparked(_ sequence: Int64, at now: Duration) -> [Action] {
    unparking.remove(sequence)
    // The next of the replayed ones is in the store.
    if replays.isEmpty { mayHaveReplays = true }
    return act(at: now)
  }

  /// It could not be stored that the event is no longer parked: it is sent once more, later, which the target notices by its id.
  mutating func unparkFailed(_ sequence: Int64, at now: Duration) -> [Action] {
    unparking.remove(sequence)
    mayHaveReplays = true
    fail(after: nil, at: now)
    return act(at: now)
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
