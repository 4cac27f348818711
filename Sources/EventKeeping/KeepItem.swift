public import FaceEvents

/// One thing to keep: an event with the bytes of its pictures, or a status report.
public enum KeepItem: Sendable {
  /// `pictures` has the bytes of each of the event's pictures, in their order.
  case event(FaceEvent, pictures: [SharedBytes])
  case status(StatusReport)

  /// What it holds in memory while it waits: the text and the pictures.
  public var byteCount: Int {
    switch self {
    case .event(let event, let pictures): pictures.reduce(event.originalText.count) { $0 + $1.count }
    case .status(let report): report.originalText.count
    }
  }

  var hasPictures: Bool { if case .event(_, let pictures) = self { !pictures.isEmpty } else { false } }
}
