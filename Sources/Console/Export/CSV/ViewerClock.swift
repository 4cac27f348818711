import FaceEvents

/// Times as the clock on the viewer's wall shows them.
struct ViewerClock: Sendable {
  /// East positive, whole minutes.
  var utcOffsetSeconds: Int

  /// `2026-03-05T16:15:02.345+08:00`
  func text(_ time: Timestamp) -> String { RFC3339.text(shifted(time)).dropLast() + zone }

  /// What UTC shows when the viewer's clock shows this.
  func shifted(_ time: Timestamp) -> Timestamp {
    let (sum, isTooLarge) = time.milliseconds.addingReportingOverflow(Int64(utcOffsetSeconds) * 1000)
    return isTooLarge ? time : Timestamp(milliseconds: sum)
  }

  private var zone: String {
    let minutes = utcOffsetSeconds.magnitude / 60
    let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return (utcOffsetSeconds < 0 ? "-" : "+") + parts.joined(separator: ":")
  }
}
