import FaceEvents

extension EventForwarder {
  /// Figures of every target in the text format of Prometheus, version 0.0.4; empty without targets. What cannot be read is left out.
  public func metricsText() async -> String {
    guard let backlog = try? await backlog(), !backlog.isEmpty else { return "" }
    let figures = backlog.map { ($0, handle($0.target)?.figures.current ?? TargetFigures.Figures()) }
    let now = services.clock.wall()
    var text = ""
    func metric(_ name: String, _ kind: String, _ help: String, _ value: (TargetBacklog, TargetFigures.Figures) -> String?) {
      text += "# HELP fogcatcher_\(name) \(help)\n# TYPE fogcatcher_\(name) \(kind)\n"
      for (backlog, figures) in figures {
        if let value = value(backlog, figures) { text += "fogcatcher_\(name){target=\"\(backlog.target)\"} \(value)\n" }
      }
    }
    metric("forwarded_total", "counter", "Events, or status reports, that the target accepted.") { "\($1.forwarded)" }
    metric("forward_parked_total", "counter", "Events that the target refused for good.") { "\($1.parked)" }
    metric("forward_failed_total", "counter", "Realtime events and status reports that were not accepted; they are not sent again.") {
      "\($1.failed)"
    }
    metric("forward_dropped_total", "counter", "Realtime events that made room for newer ones.") { "\($1.dropped)" }
    metric("forward_parked_events", "gauge", "Parked events that wait for a person.") { backlog, _ in "\(backlog.parkedEvents)" }
    metric("forward_backlog_events", "gauge", "Events that are still to be delivered.") { backlog, _ in "\(backlog.waitingEvents)" }
    metric("forward_backlog_bytes", "gauge", "Estimated size of these, from the bodies sent last.") { backlog, _ in
      backlog.waitingBytesEstimate.map { "\($0)" }
    }
    metric("forward_oldest_waiting_seconds", "gauge", "Age of the oldest event that is still to be delivered, by its arrival.") {
      backlog, _ in
      "\(backlog.oldestReceivedAt.map { max(0, Double(now.milliseconds - $0.milliseconds) / 1000) } ?? 0)"
    }
    metric("forward_in_flight", "gauge", "Requests that wait for their answer.") { "\($1.inFlight)" }
    metric("forward_paused", "gauge", "1 while nothing is delivered until somebody resumes the target.") { backlog, _ in
      backlog.pause == nil ? "0" : "1"
    }
    text += "# HELP fogcatcher_forward_retries_total Attempts that failed in a way that may pass.\n"
    text += "# TYPE fogcatcher_forward_retries_total counter\n"
    for (backlog, figures) in figures {
      for reason in RetryReason.allCases {
        guard let count = figures.retried[reason] else { continue }
        text += "fogcatcher_forward_retries_total{target=\"\(backlog.target)\",reason=\"\(reason.rawValue)\"} \(count)\n"
      }
    }
    return text
  }
}
