import FaceEvents

/// Sends each realtime event once, to every URL in list order. Nothing is tried again: history makes up for what is lost here.
struct RealtimeLane: Sendable {
  private let context: LaneContext
  private let urls: [TargetURL]
  private let poster: EventPoster

  init(_ context: LaneContext, urls: [TargetURL], client: TargetClient) {
    self.context = context
    self.urls = urls
    poster = context.services.poster(context.target, client)
  }

  /// Until the settings change or the node stops. Events begin in their order; a few are on their way at once, so that a URL that never
  /// answers costs the others its half second an event and no more.
  func run() async {
    await withTaskGroup(of: Input.self) { tasks in
      var running = 0
      tasks.addTask { await signalled() }
      while context.isCurrent {
        while running < context.target.concurrency, let sequence = context.handle.nextRealtime() {
          running += 1
          tasks.addTask { await send(sequence) }
        }
        switch await tasks.next() {
        case .signalled: tasks.addTask { await signalled() }
        case .sent: running -= 1
        case nil: return
        }
      }
      tasks.cancelAll()
    }
  }

  /// What its child tasks come back with.
  private enum Input: Sendable {
    case signalled
    case sent
  }

  private func signalled() async -> Input {
    await context.handle.signal.wait()
    return .signalled
  }

  private func send(_ sequence: Int64) async -> Input {
    context.handle.figures.update { $0.inFlight += 1 }
    defer { context.handle.figures.update { $0.inFlight -= 1 } }
    guard let stored = try? await context.services.log.event(sequence: sequence) else {
      context.handle.figures.update { $0.failed += 1 }
      return .sent
    }
    for url in urls {
      guard let outcome = await poster.post(stored, to: url) else { break }
      context.handle.figures.note(outcome, at: context.now, context.services.clock.wall())
      if outcome.verdict != .accepted { context.handle.figures.update { $0.failed += 1 } }
    }
    return .sent
  }
}
