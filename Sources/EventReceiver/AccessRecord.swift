public import EventCoding
public import FaceEvents
import NIOCore

/// What became of one request to an event path: ids and figures only, no names, pictures or query strings.
public struct AccessRecord: Sendable {
  public var kind: RouteKind
  public var peerAddress: String
  public var byteCount: Int
  public var duration: Duration
  public var httpStatus: Int
  /// `stored`, `duplicate`, `status`, `quarantined`, the name of an error, or for an array how often each occurred.
  public var outcome: String
  /// Of events that are stored now, at most a few.
  public var ids: [EventID]
  public var boxCode: String?

  public init(
    kind: RouteKind, peerAddress: String, byteCount: Int, duration: Duration, httpStatus: Int, outcome: String, ids: [EventID],
    boxCode: String?
  ) {
    self.kind = kind
    self.peerAddress = peerAddress
    self.byteCount = byteCount
    self.duration = duration
    self.httpStatus = httpStatus
    self.outcome = outcome
    self.ids = ids
    self.boxCode = boxCode
  }

  init(_ reception: Reception, _ result: ReceptionResult, byteCount: Int, duration: TimeAmount) {
    self.init(
      kind: reception.kind, peerAddress: reception.source.address, byteCount: byteCount, duration: .nanoseconds(duration.nanoseconds),
      httpStatus: result.answer.code.httpStatus, outcome: result.answer.outcome, ids: result.ids,
      boxCode: result.boxCode.map { $0.utf8.count > 128 ? String($0.prefix(128)) : $0 })
  }
}

extension Answer {
  fileprivate var outcome: String {
    switch self {
    case .single(let element): return element.outcome
    case .array(let elements):
      var counts: [String: Int] = [:]
      for element in elements { counts[element.outcome, default: 0] += 1 }
      return counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
  }
}

extension ElementAnswer {
  fileprivate var outcome: String {
    switch self {
    case .event(_, let isDuplicate, _): isDuplicate ? "duplicate" : "stored"
    case .status: "status"
    case .quarantined: "quarantined"
    case .failed(let code, _): code.name
    }
  }
}
