public import FaceEvents

extension EventForwarder {
  public func backlog() async throws(ForwardingError) -> [TargetBacklog] {
    let (targets, stored, parked) = try await storing { () async throws(StorageError) in
      (try await services.targets.targets(), try await services.targets.cursors(), try await services.targets.parkedCounts())
    }
    let cursors = stored.merging(services.cursors.known) { $1 }
    let history = targets.filter { $0.lane == .history }
    let found = try await storing { () async throws(StorageError) in
      try await services.log.waiting(after: history.map { cursors[$0.id] ?? 0 })
    }
    let waiting = Dictionary(zip(history.map(\.id), found)) { first, _ in first }
    return targets.map { target in
      backlog(of: target, waiting[target.id] ?? WaitingEvents(count: 0, oldestReceivedAt: nil), parked: parked[target.id] ?? 0)
    }
  }

  private func backlog(of target: ForwardTarget, _ waiting: WaitingEvents, parked: Int) -> TargetBacklog {
    let now = services.clock.monotonic()
    var figures = handle(target.id)?.figures.current ?? TargetFigures.Figures()
    let nextTry = figures.nextTry.flatMap { $0 > now ? $0 - now : nil }
    let phase: TargetBacklog.Phase =
      if target.pause != nil { .paused } else if nextTry != nil { .backingOff } else if waiting.count > 0 || figures.inFlight > 0 {
        .delivering
      } else { .idle }
    return TargetBacklog(
      target: target.id, phase: phase, waitingEvents: waiting.count,
      waitingBytesEstimate: figures.bodyBytes.map { Int64($0 * Double(waiting.count)) }, oldestReceivedAt: waiting.oldestReceivedAt,
      inFlight: figures.inFlight, parkedEvents: parked, eventsPerSecond: figures.rate.perSecond(at: now), forwarded: figures.forwarded,
      lastAnswer: figures.lastAnswer,
      nextTryAt: nextTry.map { Timestamp(milliseconds: services.clock.wall().milliseconds + Int64($0 / .milliseconds(1))) },
      pause: target.pause)
  }
}
