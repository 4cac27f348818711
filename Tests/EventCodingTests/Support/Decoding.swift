import EventCoding
import FaceEvents
import TestSupport
import Testing

/// A body put through the decoder the way the receiver does it.
struct Body {
  var bytes: [UInt8]
  var contentType: String?
  var kind: RouteKind = .history
  var path = "/HistoryEvent"
  var query: String?
  var idempotencyKey: EventID?
  var decoder = EventDecoder()

  static let arrival = Timestamp(milliseconds: 1_709_700_000_000)

  init(_ bytes: [UInt8], _ contentType: String? = nil, kind: RouteKind = .history) {
    self.bytes = bytes
    self.contentType = contentType
    self.kind = kind
  }

  init(_ text: String, _ contentType: String? = nil, kind: RouteKind = .history) { self.init(Array(text.utf8), contentType, kind: kind) }

  init(fixture path: String, kind: RouteKind = .history) throws { self.init(try Fixtures.bytes(path), kind: kind) }

  init(message path: String, kind: RouteKind = .history) throws {
    let message = try Fixtures.message(path)
    self.init(message.body, message.header("Content-Type"), kind: kind)
    self.path = message.path
    query = message.query
  }

  var storage: ByteStorage {
    let storage = ByteStorage(capacity: bytes.count)
    bytes.withUnsafeBytes { storage.append($0) }
    return storage
  }

  func decode() -> DecodedRequest {
    decoder.decode(
      EncodedRequest(
        body: storage, contentType: contentType, kind: kind, source: RequestSource(address: "192.0.2.7", path: path, query: query),
        idempotencyKey: idempotencyKey, receivedAt: Self.arrival))
  }

  /// The one event of the body.
  func event(_ location: SourceLocation = #_sourceLocation) throws -> Decoded {
    let decoded = decode()
    try #require(!decoded.isArray && decoded.elements.count == 1, sourceLocation: location)
    return try Decoded(decoded.elements[0].get(), location)
  }

  func events(_ location: SourceLocation = #_sourceLocation) throws -> [Decoded] {
    let decoded = decode()
    try #require(decoded.isArray, sourceLocation: location)
    return try decoded.elements.map { try Decoded($0.get(), location) }
  }

  func status(_ location: SourceLocation = #_sourceLocation) throws -> StatusReport {
    let decoded = decode()
    guard case .status(let report) = try #require(decoded.elements.first, sourceLocation: location).get() else { throw NotOne() }
    return report
  }

  /// The one error of the body.
  func error(_ location: SourceLocation = #_sourceLocation) throws -> DecodingError {
    let decoded = decode()
    guard case .failure(let error) = try #require(decoded.elements.first, sourceLocation: location), decoded.elements.count == 1 else {
      throw NotOne()
    }
    return error
  }

  struct NotOne: Error {}
}

/// An event with its pictures.
struct Decoded {
  var event: FaceEvent
  var pictures: [SharedBytes]

  init(_ element: DecodedElement, _ location: SourceLocation = #_sourceLocation) throws {
    guard case .event(let event, let pictures) = element else { throw Body.NotOne() }
    try #require(pictures.count == event.pictures.count, sourceLocation: location)
    self.event = event
    self.pictures = pictures
  }

  /// What comes back out of a store.
  var original: [UInt8] { OriginalText.restore(event, pictures: pictures) }
  var originalText: String { String(decoding: original, as: UTF8.self) }

  func picture(_ role: PictureRole) -> [UInt8]? { zip(event.pictures, pictures).first { $0.0.role == role }?.1.array }
}

extension DecodedRequest {
  var errors: [DecodingError] {
    elements.compactMap { if case .failure(let error) = $0 { error } else { nil } }
  }

  var events: [Decoded] {
    elements.compactMap { element in
      guard case .success(let decoded) = element else { return nil }
      return try? Decoded(decoded)
    }
  }
}
