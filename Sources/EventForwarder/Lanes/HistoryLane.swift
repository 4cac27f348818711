import FaceEvents
import Logging

/// Performs what the ``DeliveryStateMachine`` of one target decides: reads the log, sends, parks, waits.
struct HistoryLane: Sendable {
  /// Texts of the events of one read.
  static let readBytesMax = 4 << 20
  /// For what is in flight when the run has to end. What is not answered by then is sent again.
  private static let stopTime = Duration.seconds(2)

  let context: LaneContext
  let url: TargetURL
  let poster: EventPoster

  /// What its child tasks come back with.
  enum Input: Sendable {
    case signalled
    case period
    case time(Duration)
    case stopTimeOver
    case read(Result<[LoggedEvent], StorageError>)
    case replays([ParkedEvent]?)
    /// Nil when the task was cancelled.
    case answered(DeliveryStateMachine.Delivery, EventPoster.Outcome?)
    case parked(DeliveryStateMachine.Delivery, isStored: Bool)
    case unparked(Int64, isStored: Bool)
  }

  init(_ context: LaneContext, url: TargetURL, client: TargetClient) {
    self.context = context
    self.url = url
    poster = context.services.poster(context.target, client)
  }

  /// Until the settings change or the node stops.
  func run(from cursor: Int64) async {
    let limits = DeliveryStateMachine.Limits(concurrency: context.target.concurrency, batch: context.target.batch)
    var machine = DeliveryStateMachine(cursor: cursor, limits: limits, seed: .random(in: 0...UInt64.max))
    var work = Work()
    await withTaskGroup(of: Input.self) { tasks in
      tasks.addTask { await signalled() }
      tasks.addTask { await period() }
      await perform(machine.started(at: context.now), &work, &tasks)
      while let input = await tasks.next() {
        if !context.isCurrent, !work.isStopping {
          work.isStopping = true
          machine.stopped()
          tasks.addTask { await Self.sleep(Self.stopTime, then: .stopTimeOver) }
        }
        await perform(take(input, &machine, &work, &tasks), &work, &tasks)
        context.handle.figures.update { $0.inFlight = machine.inFlightCount }
        note(machine.phase, &work)
        if work.isStopping, machine.isAtRest { break }
        if case .stopTimeOver = input { break }
      }
      tasks.cancelAll()
    }
    context.handle.figures.update { figures in
      figures.inFlight = 0
      figures.nextTry = nil
    }
  }

  /// What the run holds besides the state of delivery.
  struct Work {
    /// Events that are read and not done.
    var events: [Int64: StoredEvent] = [:]
    /// The earliest timer that is set.
    var timer: Duration?
    var isStopping = false
    /// In words, for the log.
    var lastAnswer = ""
    var isWaiting = false
  }
}

extension HistoryLane {
  private func take(
    _ input: Input, _ machine: inout DeliveryStateMachine, _ work: inout Work, _ tasks: inout TaskGroup<Input>
  ) async -> [DeliveryStateMachine.Action] {
    let now = context.now
    switch input {
    case .signalled:
      tasks.addTask { await signalled() }
      return machine.noticed(at: now)
    case .period:
      tasks.addTask { await period() }
      return machine.noticed(at: now)
    case .time(let deadline):
      if work.timer == deadline { work.timer = nil }
      return machine.timePassed(to: now)
    case .read(.success(let events)): return machine.read(events.map { entry($0, &work) }, at: now)
    case .read(.failure(let error)):
      logFailure("the events for a target cannot be read", error)
      return machine.readFailed(at: now)
    case .replays(let events):
      guard let events else { return machine.readFailed(at: now) }
      return machine.readReplays(events.map(\.sequence), at: now)
    case .answered(let delivery, let outcome):
      guard let outcome else { return [] }
      context.handle.figures.note(outcome, at: now, context.services.clock.wall())
      work.lastAnswer = outcome.text
      let actions = machine.answered(delivery, outcome.verdict, at: now)
      if machine.isDone(delivery.sequence) { work.events[delivery.sequence] = nil }
      return actions
    case .parked(let delivery, let isStored):
      guard isStored else { return machine.parkFailed(delivery, at: now) }
      work.events[delivery.sequence] = nil
      return machine.parked(delivery, at: now)
    case .unparked(let sequence, let isStored):
      return isStored ? machine.unparked(sequence, at: now) : machine.unparkFailed(sequence, at: now)
    case .stopTimeOver: return []
    }
  }

  private func entry(_ event: LoggedEvent, _ work: inout Work) -> DeliveryStateMachine.Entry {
    switch event {
    case .event(let stored):
      guard context.target.wants(stored.event) else { return .skip(stored.sequence) }
      work.events[stored.sequence] = stored
      return .send(stored.sequence)
    case .damaged(let sequence, let reason): return .broken(sequence, Refusal(reason: "not sent, damaged here: \(reason)"))
    }
  }

  private func perform(
    _ actions: [DeliveryStateMachine.Action], _ work: inout Work, _ tasks: inout TaskGroup<Input>
  ) async {
    for action in actions {
      switch action {
      case .read(let sequence, let limit): tasks.addTask { await read(after: sequence, limit: limit) }
      case .readReplays(let limit): tasks.addTask { await readReplays(limit: limit) }
      case .send(let delivery):
        let stored = delivery.isReplay ? nil : work.events[delivery.sequence]
        tasks.addTask { await send(delivery, stored) }
      case .park(let delivery, let refusal, let attempts):
        let parked = ParkedEvent(
          target: context.target.id, sequence: delivery.sequence, eventID: work.events[delivery.sequence]?.event.id,
          httpStatus: refusal.httpStatus, reason: refusal.reason, excerpt: refusal.excerpt, attempts: attempts,
          parkedAt: context.services.clock.wall())
        tasks.addTask { await park(parked, delivery) }
      case .unpark(let sequence): tasks.addTask { await unpark(sequence) }
      case .pause(let reason): await context.pause(reason: reason)
      case .advance(let sequence): context.services.cursors.advance(context.target.id, to: sequence)
      case .wake(let deadline):
        context.handle.figures.update { $0.nextTry = deadline }
        guard (work.timer ?? .seconds(Int64.max)) > deadline else { continue }
        work.timer = deadline
        let pause = deadline - context.now
        tasks.addTask { await Self.sleep(pause, then: .time(deadline)) }
      }
    }
  }

  /// Says once when a target stops taking events, and once when it takes them again.
  private func note(_ phase: DeliveryStateMachine.Phase, _ work: inout Work) {
    let metadata: Logger.Metadata = ["target": "\(context.target.id)", "answer": "\(work.lastAnswer)"]
    switch phase {
    case .backingOff where !work.isWaiting:
      work.isWaiting = true
      context.services.logger.warning("a target takes no events: they wait until it does", metadata: metadata)
    case .flowing where work.isWaiting:
      work.isWaiting = false
      context.services.logger.notice("a target takes events again", metadata: metadata)
      context.handle.figures.update { $0.nextTry = nil }
    default: break
    }
  }

  func logFailure(_ sentence: Logger.Message, _ error: StorageError) {
    guard context.isCurrent else { return }
    context.services.logger.error(sentence, metadata: ["target": "\(context.target.id)", "cause": "\(error)"])
  }
}
