import FaceEvents

/// How a target is doing, as the API shows it.
enum BacklogJSON {
  static let schema = Schema.nullable(
    .object(
      [
        .init("phase", .words(TargetBacklog.Phase.allCases.map(\.rawValue))),
        .init("waiting_events", .integer(), "At most so many: those that are deleted or not wanted count until they are reached."),
        .init("waiting_bytes_estimate", .nullable(.integer())),
      ] + Schemas.timeOrNull("oldest_received_at", "Arrival of the first that waits.") + [
        .init("in_flight", .integer()), .init("parked_events", .integer()),
        .init("events_per_second", .number(), "Over the last ten seconds."), .init("forwarded", .integer(), "Since the node started."),
        .init("last_answer", .nullable(.object([.init("text", .text())] + Schemas.time("at", "When it came.")))),
      ] + Schemas.timeOrNull("next_try_at", "Nothing is sent before.")))

  static func writeMembers(of backlog: TargetBacklog, to line: inout JSONLine) {
    line.member("phase", backlog.phase.rawValue)
    line.member("waiting_events", backlog.waitingEvents)
    line.member("waiting_bytes_estimate", backlog.waitingBytesEstimate)
    line.member("oldest_received_at", backlog.oldestReceivedAt)
    line.member("in_flight", backlog.inFlight)
    line.member("parked_events", backlog.parkedEvents)
    line.member("events_per_second", backlog.eventsPerSecond)
    line.member("forwarded", backlog.forwarded)
    if let answer = backlog.lastAnswer {
      line.object("last_answer") { line in
        line.member("text", answer.text)
        line.member("at", answer.at)
      }
    } else {
      line.null("last_answer")
    }
    line.member("next_try_at", backlog.nextTryAt)
  }
}
