import FaceEvents

/// Reports the node's own state, once a period.
struct StatusLane: Sendable {
  let context: LaneContext
  let url: TargetURL
  let client: TargetClient

  /// Until the settings change or the node stops.
  func run() async {
    while context.isCurrent {
      await context.whileCurrent { await report() }
      // A change while it reported has had its signal.
      guard context.isCurrent else { return }
      await context.handle.signal.wait(atMost: .seconds(context.target.periodSeconds))
    }
  }

  private func report() async {
    let body = await context.services.status.report()
    let outcome: EventPoster.Outcome
    do {
      let answer = try await client.post(body, contentType: "application/json", to: url)
      let verdict = Verdict(httpStatus: answer.status, body: answer.body, retryAfter: nil)
      outcome = .init(verdict: verdict, text: "HTTP \(answer.status)", byteCount: body.count)
    } catch .cancelled {
      return
    } catch {
      outcome = .init(verdict: .retry(.network), text: error.text)
    }
    context.handle.figures.note(outcome, at: context.now, context.services.clock.wall())
    if outcome.verdict != .accepted { context.handle.figures.update { $0.failed += 1 } }
  }
}
