import FaceEvents
import Testing

@testable import EventForwarder

/// What happened goes in, what to do comes out.
@Suite struct DeliveryDialogueTests {
  private typealias Machine = DeliveryStateMachine
  private let now = Duration.seconds(100)

  private func machine(cursor: Int64 = 0, concurrency: Int = 2, batch: Int = 3, window: Int = 1_024) -> DeliveryStateMachine {
    DeliveryStateMachine(cursor: cursor, limits: .init(concurrency: concurrency, batch: batch, windowMax: window), seed: 1)
  }

  private func log(_ sequence: Int64) -> DeliveryStateMachine.Delivery { .init(sequence: sequence) }
  private func replay(_ sequence: Int64) -> DeliveryStateMachine.Delivery { .init(sequence: sequence, isReplay: true) }

  /// Started, with these events read and nothing to replay.
  private func begun(_ machine: DeliveryStateMachine, _ sequences: ClosedRange<Int64>) -> (
    DeliveryStateMachine, [DeliveryStateMachine.Action]
  ) {
    var machine = machine
    _ = machine.started(at: now)
    _ = machine.readReplays([], at: now)
    let actions = machine.read(sequences.map { .send($0) }, at: now)
    return (machine, actions)
  }

  @Test func startsByReadingBehindItsCursor() {
    var machine = machine(cursor: 41)
    #expect(machine.started(at: now) == [.read(after: 41, limit: 3), .readReplays(limit: 3)])
    #expect(machine.read([], at: now) == [])
    #expect(machine.readReplays([], at: now) == [])
    #expect(machine.isIdle)
    #expect(machine.noticed(at: now) == [.read(after: 41, limit: 3), .readReplays(limit: 3)])
  }

  @Test func whatIsNoticedDuringALookIsLookedForAgain() {
    var machine = machine(cursor: 41)
    _ = machine.started(at: now)
    #expect(machine.noticed(at: now) == [], "both looks are under way")
    #expect(machine.read([], at: now) == [.read(after: 41, limit: 3)])
    #expect(machine.readReplays([], at: now) == [.readReplays(limit: 3)])
    #expect(machine.read([], at: now) == [] && machine.readReplays([], at: now) == [])
    #expect(machine.isIdle)
  }

  @Test func sendsInOrderAsManyAsMayBeInFlight() {
    var (machine, actions) = begun(machine(), 1...3)
    #expect(actions == [.send(log(1)), .send(log(2)), .read(after: 3, limit: 3)])
    #expect(machine.read([], at: now) == [])
    #expect(machine.answered(log(1), .accepted, at: now) == [.advance(to: 1), .send(log(3))])
  }

  @Test func theCursorMovesOverWhatIsDoneFromTheFrontOnly() {
    var (machine, _) = begun(machine(concurrency: 3), 1...3)
    #expect(machine.answered(log(3), .accepted, at: now) == [])
    #expect(machine.answered(log(1), .accepted, at: now) == [.advance(to: 1)])
    #expect(machine.answered(log(2), .accepted, at: now) == [.advance(to: 3)])
  }

  @Test func whatTheTargetDoesNotWantMovesTheCursorToo() {
    var machine = machine()
    _ = machine.started(at: now)
    #expect(machine.read([.skip(1), .skip(2), .send(5)], at: now) == [.advance(to: 2), .send(log(5)), .read(after: 5, limit: 3)])
  }

  @Test func aRefusedEventIsParkedAndTheRestGoesOn() {
    var (machine, _) = begun(machine(), 1...3)
    let refusal = Refusal(httpStatus: 400, reason: "HTTP 400", excerpt: "no")
    #expect(machine.answered(log(1), .refused(refusal), at: now) == [.park(log(1), refusal, attempts: 1)])
    #expect(machine.answered(log(2), .accepted, at: now) == [.send(log(3))])
    #expect(machine.cursor == 0, "not before it is stored")
    #expect(machine.parked(log(1), at: now) == [.advance(to: 2)])
  }

  @Test func whatCannotBeSentIsParkedWithoutAnAttempt() {
    var machine = machine()
    _ = machine.started(at: now)
    let refusal = Refusal(reason: "damaged")
    #expect(
      machine.read([.broken(1, refusal), .send(2)], at: now)
        == [.park(log(1), refusal, attempts: 0), .send(log(2)), .read(after: 2, limit: 3)])
  }

  @Test func aParkedEventThatCannotBeStoredIsSentAgain() {
    var (machine, _) = begun(machine(concurrency: 1), 1...1)
    _ = machine.answered(log(1), .refused(Refusal(reason: "no")), at: now)
    guard case .wake(let until)? = machine.parkFailed(log(1), at: now).first else { Issue.record("no wait"); return }
    #expect(machine.timePassed(to: until).contains(.send(log(1))))
  }

  @Test func aFailureThatMayPassStopsTheWholeTargetAndThenOneProbes() {
    var (machine, _) = begun(machine(concurrency: 3), 1...3)
    guard case .wake(let until)? = machine.answered(log(2), .retry(.serverError), at: now).first else { Issue.record("no wait"); return }
    #expect(until > now && until <= now + .seconds(1))
    // The others of that wave may still come home; they change neither the wait nor its length.
    #expect(machine.answered(log(1), .accepted, at: now) == [.advance(to: 1), .wake(at: until)])
    #expect(machine.answered(log(3), .retry(.serverError), at: now) == [.wake(at: until)])
    #expect(machine.timePassed(to: until - .milliseconds(1)) == [.wake(at: until)])
    // One, and the oldest.
    #expect(machine.timePassed(to: until).filter { if case .send = $0 { true } else { false } } == [.send(log(2))])
    #expect(machine.timePassed(to: until + .seconds(9)).isEmpty)
    let actions = machine.answered(log(2), .accepted, at: until)
    #expect(actions.prefix(2) == [.advance(to: 2), .send(log(3))])
  }

  @Test func failedProbesWaitLongerAndLonger() {
    var (machine, _) = begun(machine(concurrency: 1), 1...1)
    var time = now
    var waits: [Duration] = []
    for _ in 0..<200 {
      guard case .wake(let until)? = machine.answered(log(1), .retry(.network), at: time).first else { Issue.record("no wait"); return }
      waits.append(until - time)
      time = until
      #expect(machine.timePassed(to: time).contains(.send(log(1))))
    }
    for (index, ceiling) in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].enumerated() { #expect(waits[index] <= .seconds(ceiling)) }
    #expect(waits.allSatisfy { $0 >= Backoff.shortest && $0 <= Backoff.longest })
    #expect(waits.max() ?? .zero > .seconds(200), "the waits do get long")
  }

  @Test func whatTheTargetAsksForIsNeverUndercutAndCapped() {
    for (asked, least, most) in [(7, 7, 8), (0, 0, 1), (1_000_000, 300, 301)] {
      var (machine, _) = begun(machine(concurrency: 1), 1...1)
      let actions = machine.answered(log(1), .retry(.tooManyRequests, after: .seconds(asked)), at: now)
      guard case .wake(let until)? = actions.first else { Issue.record("no wait"); return }
      #expect(until - now >= .seconds(least) && until - now <= .seconds(most))
    }
  }

  @Test func aLaterWishForALongerWaitIsHeard() {
    var (machine, _) = begun(machine(), 1...2)
    _ = machine.answered(log(1), .retry(.serverError), at: now)
    #expect(
      machine.answered(log(2), .retry(.tooManyRequests, after: .seconds(60)), at: now) == [.wake(at: now + .seconds(60))])
  }

  @Test func aTargetThatLetsNobodyInIsPausedOnce() {
    var (machine, _) = begun(machine(), 1...3)
    #expect(machine.answered(log(1), .pause(reason: "HTTP 401"), at: now) == [.pause(reason: "HTTP 401")])
    #expect(machine.answered(log(2), .pause(reason: "HTTP 401"), at: now) == [])
    #expect(machine.timePassed(to: now + .seconds(1_000)) == [])
    #expect(machine.cursor == 0)
  }

  @Test func oneThatTakesLongHoldsUpTheOthersOnlyAtTheEndOfTheWindow() {
    var (machine, _) = begun(machine(concurrency: 2, batch: 3, window: 6), 1...3)
    var sent = Set<Int64>([1, 2])
    var actions = machine.read((4...6).map { .send($0) }, at: now)
    while true {
      sent.formUnion(actions.compactMap { if case .send(let delivery) = $0 { delivery.sequence } else { nil } })
      #expect(!actions.contains { if case .read = $0 { true } else { false } }, "the window is full")
      guard let next = sent.filter({ $0 > 1 }).min() else { break }
      sent.remove(next)
      actions = machine.answered(log(next), .accepted, at: now)
      if next == 6 { break }
    }
    #expect(machine.cursor == 0)
    #expect(machine.answered(log(1), .accepted, at: now) == [.advance(to: 6), .read(after: 6, limit: 3)])
  }

  @Test func replayedEventsGoOutBetweenTheOthersAndAreNoLongerParkedWhenAccepted() {
    var machine = machine(cursor: 10, concurrency: 4)
    _ = machine.started(at: now)
    #expect(machine.readReplays([3, 4], at: now) == [.send(replay(3)), .send(replay(4))])
    let refusal = Refusal(httpStatus: 400, reason: "HTTP 400")
    #expect(machine.read([.send(11), .send(12)], at: now).prefix(2) == [.send(log(11)), .send(log(12))])
    #expect(machine.answered(replay(3), .accepted, at: now).first == .unpark(3))
    // Until the store has forgotten it, a look there finds it again.
    #expect(!machine.readReplays([3], at: now).contains(.send(replay(3))))
    #expect(machine.unparked(3, at: now).contains(.readReplays(limit: 3)))
    #expect(machine.answered(replay(4), .refused(refusal), at: now).contains(.park(replay(4), refusal, attempts: 1)))
    #expect(!machine.parked(replay(4), at: now).contains(.advance(to: 4)))
    #expect(machine.cursor == 10)
  }

  @Test func aReplayedEventThatStaysParkedInTheStoreIsSentAgainAfterAWait() {
    var machine = machine(cursor: 10)
    _ = machine.started(at: now)
    _ = machine.read([], at: now)
    _ = machine.readReplays([3], at: now)
    #expect(machine.answered(replay(3), .accepted, at: now).contains(.unpark(3)))
    guard case .wake(let until)? = machine.unparkFailed(3, at: now).first else { Issue.record("no wait"); return }
    #expect(until > now && machine.timePassed(to: until).contains(.readReplays(limit: 3)))
    #expect(machine.readReplays([3], at: until) == [.send(replay(3))])
  }

  /// A target that never answers for some of its events, and that has more waiting than the window holds.
  @Test(
    "Events that a target hangs on are parked, however much waits behind them",
    arguments: [[1], [1, 2], [5, 9, 40], [1, 70, 71]] as [[Int64]])
  func hanging(_ poison: [Int64]) {
    let count: Int64 = 600
    var machine = machine(concurrency: 4, batch: 10, window: 64)
    var (time, accepted, parked, windowMax) = (now, Set<Int64>(), Set<Int64>(), 0)
    // What hangs fails after all that was sent after it has been answered.
    var (pending, hanging) = (machine.started(at: now), [DeliveryStateMachine.Delivery]())
    for _ in 0..<200_000 where machine.cursor < count {
      var next: [DeliveryStateMachine.Action] = []
      for action in pending {
        switch action {
        case .send(let delivery) where poison.contains(delivery.sequence): hanging.append(delivery)
        case .send(let delivery):
          accepted.insert(delivery.sequence)
          next += machine.answered(delivery, .accepted, at: time)
        case .park(let delivery, _, _):
          parked.insert(delivery.sequence)
          next += machine.parked(delivery, at: time)
        case .wake(let until) where hanging.isEmpty:
          time = max(time, until)
          next += machine.timePassed(to: time)
        case .read(let after, let limit):
          let end = min(after + Int64(limit), count)
          next += machine.read(after < end ? (after + 1...end).map { .send($0) } : [], at: time)
        case .readReplays: next += machine.readReplays([], at: time)
        case .wake, .advance, .pause, .unpark: break
        }
      }
      windowMax = max(windowMax, machine.window.count)
      if next.isEmpty, !hanging.isEmpty {
        time += .seconds(30)
        next = machine.answered(hanging.removeFirst(), .retry(.timeout), at: time)
      }
      pending = next
    }
    #expect(machine.cursor == count)
    #expect(parked == Set(poison) && accepted == Set(1...count).subtracting(poison))
    #expect(windowMax <= machine.limits.windowOfSuspectMax + machine.limits.batch)
  }

  /// What a server does that crashes over one event, for as long as the test lets it.
  private func stumble(_ reason: RetryReason, over poison: Int64, of count: Int64) -> (accepted: Set<Int64>, parked: [Refusal]) {
    var (machine, pending) = begun(machine(batch: 100), 1...count)
    var accepted: Set<Int64> = []
    var parked: [Refusal] = []
    var time = now
    for _ in 0..<3_000 where !pending.isEmpty {
      var answers: [DeliveryStateMachine.Action] = []
      for action in pending {
        switch action {
        case .send(let delivery):
          let isPoison = delivery.sequence == poison
          if !isPoison { accepted.insert(delivery.sequence) }
          answers += machine.answered(delivery, isPoison ? .retry(reason) : .accepted, at: time)
        case .park(let delivery, let refusal, _):
          parked.append(refusal)
          answers += machine.parked(delivery, at: time)
        case .wake(let until):
          time = max(time, until)
          answers += machine.timePassed(to: time)
        case .read: answers += machine.read([], at: time)
        case .readReplays, .advance, .pause, .unpark: break
        }
      }
      pending = answers
    }
    return (accepted, parked)
  }

  @Test func anEventThatFailsAloneIsParkedInTheEndAndTheOthersArriveMeanwhile() {
    let (accepted, parked) = stumble(.serverError, over: 1, of: 90)
    #expect(accepted == Set(2...90))
    #expect(parked.count == 1 && parked.first?.reason.contains("given up") == true)
  }

  @Test func aTargetThatSaysNotNowIsNeverBlamedOnAnEvent() {
    let (accepted, parked) = stumble(.unavailable, over: 1, of: 90)
    #expect(accepted == Set(2...90) && parked.isEmpty)
  }

  @Test func nothingIsBegunAfterTheEnd() {
    var (machine, _) = begun(machine(), 1...3)
    machine.stopped()
    #expect(machine.answered(log(1), .accepted, at: now) == [.advance(to: 1)])
    #expect(!machine.isAtRest)
    #expect(machine.answered(log(2), .retry(.network), at: now) == [])
    #expect(machine.isAtRest)
    #expect(machine.noticed(at: now + .seconds(400)) == [])
  }
}
