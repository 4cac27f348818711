import EventCoding
import FaceEvents
import HTTPTypes
import NIOCore

/// What a request to an event path says of itself.
struct Reception {
  var kind: RouteKind
  var source: RequestSource
  var contentType: String?
  var encoding: ContentEncoding
  var idempotencyKey: EventID?
  var receivedAt: Timestamp
  /// When its header was complete.
  var start: NIODeadline

  init(head: HTTPRequest, kind: RouteKind, target: RequestTarget, peerAddress: String, start: NIODeadline) {
    self.kind = kind
    source = RequestSource(address: peerAddress, path: target.path, query: target.query)
    contentType = head.headerFields[.contentType]
    encoding = ContentEncoding(head.headerFields[.contentEncoding])
    idempotencyKey = head.headerFields[.idempotencyKey].flatMap { EventID($0) }
    receivedAt = .now
    self.start = start
  }
}

extension HTTPField.Name {
  static let idempotencyKey = HTTPField.Name("Idempotency-Key")!  // safe: a valid token
}
