import ArgumentParser
import FaceEvents

/// A moment as people give it: RFC 3339, a date, epoch milliseconds or seconds, `now`, or how long ago (`2h`, `1d12h`).
struct MomentArgument: Sendable, Equatable {
  var time: Timestamp
  /// A date without a time: as the end of a span it means the whole day.
  var isWholeDay = false

  /// - Parameter now: what relative moments count from.
  init?(_ text: String, now: Timestamp) {
    if text == "now" {
      time = now
    } else if let ago = TimeSpan.parse(text.hasPrefix("-") ? String(text.dropFirst()) : text) {
      let (past, overflow) = now.milliseconds.subtractingReportingOverflow(TimeSpan.milliseconds(ago))
      guard !overflow else { return nil }
      time = Timestamp(milliseconds: past)
    } else if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // Ten digits are seconds of our time, thirteen milliseconds; what is between was both long ago or is far away.
      guard let number = Int64(text), text.utf8.count >= 9, number < 100_000_000_000_000 else { return nil }
      time = Timestamp(milliseconds: number < 100_000_000_000 ? number * 1000 : number)
    } else {
      guard let read = RFC3339.parse(text) else { return nil }
      time = read
      isWholeDay = text.utf8.count == 10
    }
  }

  /// The last moment that is meant, as the end of a span.
  var lastMoment: Timestamp { isWholeDay ? Timestamp(milliseconds: time.milliseconds + 86_400_000 - 1) : time }

  static let forms = "RFC 3339 (2024-03-05T08:15:02Z), a date (2024-03-05, UTC), epoch ms or s, or how long ago (2h, 30m, 7d)"
}

extension MomentArgument: ExpressibleByArgument {
  init?(argument: String) { self.init(argument, now: WallClock.now) }
}
