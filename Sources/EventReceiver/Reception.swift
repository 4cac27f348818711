import EventCoding
import FaceEvents
import HTTPTypes
import NIOCore
import NIOHTTP1

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

  init(head: HTTPRequestHead, route: EventRoute, peerAddress: String, start: NIODeadline) {
    kind = route.kind
    source = RequestSource(address: peerAddress, path: route.target.path, query: route.target.query)
    contentType = head.headers.combined("content-type")
    encoding = ContentEncoding(head.headers.combined("content-encoding"))
    idempotencyKey = head.headers.combined("idempotency-key").flatMap { EventID($0) }
    receivedAt = .now
    self.start = start
  }
}

/// What a request to an event path asks for.
struct EventRoute {
  var kind: RouteKind
  var target: RequestTarget
}

extension HTTPHeaders {
  /// A field that was sent more than once counts as one list (RFC 9110 section 5.3).
  fileprivate func combined(_ name: String) -> String? {
    let values = self[name]
    return values.count > 1 ? values.joined(separator: ", ") : values.first
  }
}

extension HTTPField.Name {
  static let idempotencyKey = HTTPField.Name("Idempotency-Key")!  // safe: a valid token
}
