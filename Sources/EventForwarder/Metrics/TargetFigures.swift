import FaceEvents
import Synchronization

/// What delivering to one target has come to since the node started.
final class TargetFigures: Sendable {
  struct Figures: Sendable {
    var forwarded: Int64 = 0
    var parked: Int64 = 0
    var skipped: Int64 = 0
    /// Realtime events that had to make room for newer ones.
    var dropped: Int64 = 0
    /// Realtime events and status reports that a URL did not accept.
    var failed: Int64 = 0
    var retried: [RetryReason: Int64] = [:]
    var inFlight = 0
    /// Of the last bodies, the newest counting most.
    var bodyBytes: Double?
    var rate = RateMeter()
    var lastAnswer: TargetBacklog.LastAnswer?
    /// On the clock of the delivery.
    var nextTry: Duration?
  }

  private let figures = Mutex(Figures())

  var current: Figures { figures.withLock { $0 } }

  func update(_ change: (inout Figures) -> Void) { figures.withLock { change(&$0) } }

  /// An attempt has ended.
  func note(_ outcome: EventPoster.Outcome, at now: Duration, _ time: Timestamp) {
    update { figures in
      figures.lastAnswer = .init(at: time, text: outcome.text)
      switch outcome.verdict {
      case .accepted:
        figures.forwarded += 1
        figures.rate.count(at: now)
        figures.bodyBytes = figures.bodyBytes.map { $0 * 0.9 + Double(outcome.byteCount) * 0.1 } ?? Double(outcome.byteCount)
      case .retry(let reason, _): figures.retried[reason, default: 0] += 1
      case .refused, .pause: break
      }
    }
  }
}
