import Synchronization

/// What became of what was sent, counted from many tasks at once.
final class SimulationTally: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case history, realtime, status
  }

  struct Counts: Sendable {
    var answers = SendTally()
    /// From when it was due, so that a late start counts as waiting too.
    var latency = LatencyHistogram()
  }

  struct Figures: Sendable {
    var kinds: [Kind: Counts] = [:]
    /// How often each reason was given; the rarest beyond ``reasonsMax`` are one entry.
    var failures: [String: Int] = [:]
    var started = 0
    /// Started more than ``lateness`` after they were due, because as many as are allowed were under way.
    var late = 0
    /// Were due before the end and never started.
    var neverStarted = 0
  }

  static let lateness = Duration.milliseconds(50)
  private static let reasonsMax = 20

  private let figures = Mutex(Figures())

  var current: Figures { figures.withLock { $0 } }

  func noteStart(behind: Duration) {
    figures.withLock { figures in
      figures.started += 1
      if behind > Self.lateness { figures.late += 1 }
    }
  }

  func noteNeverStarted(_ count: Int) { figures.withLock { $0.neverStarted += count } }

  func note(_ kind: Kind, _ outcome: EventSender.Outcome, after time: Duration) {
    figures.withLock { figures in
      figures.kinds[kind, default: Counts()].answers.note(outcome)
      figures.kinds[kind, default: Counts()].latency.record(time)
      guard let reason = Self.failure(outcome) else { return }
      let name = figures.failures[reason] != nil || figures.failures.count < Self.reasonsMax ? reason : "other reasons"
      figures.failures[name, default: 0] += 1
    }
  }

  private static func failure(_ outcome: EventSender.Outcome) -> String? {
    switch outcome {
    case .answered(let answer): answer.isAccepted ? nil : "HTTP \(answer.httpStatus)"
    case .unanswered(let reason): "no answer: \(TextWidth.printable(reason))"
    case .notSent(let reason): reason
    }
  }
}

extension SimulationTally.Figures {
  var failed: Int { kinds.values.reduce(0) { $0 + $1.answers.failed } }

  /// For a line that is written over again and again.
  var progressText: String {
    let events = kinds[.history]?.answers ?? SendTally()
    let slow = kinds[.history]?.latency.percentile(0.99) ?? .zero
    return "\(started) passages, \(events.accepted) accepted, \(failed) failed, \(late) late; p99 \(SimulationReport.milliseconds(slow)) ms"
  }
}
