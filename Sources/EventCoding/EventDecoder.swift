public import FaceEvents

/// What a path is for; the body decides when it disagrees.
public enum RouteKind: String, Sendable, CaseIterable {
  case history
  case realtime
  case status
}

/// A request body with what the request says about it.
public struct EncodedRequest {
  /// The decoder takes it over: it decodes pictures in place.
  public var body: ByteStorage
  /// The `Content-Type` header, believed only when the body agrees.
  public var contentType: String?
  public var kind: RouteKind
  public var source: RequestSource
  /// The `Idempotency-Key` header when it is an event id.
  public var idempotencyKey: EventID?
  public var receivedAt: Timestamp

  public init(
    body: ByteStorage, contentType: String?, kind: RouteKind, source: RequestSource, idempotencyKey: EventID? = nil, receivedAt: Timestamp
  ) {
    self.body = body
    self.contentType = contentType
    self.kind = kind
    self.source = source
    self.idempotencyKey = idempotencyKey
    self.receivedAt = receivedAt
  }
}

/// What a request turned out to hold.
public struct DecodedRequest: Sendable {
  /// True when the body was an array: the answer is then an array too. An unreadable body is one failed element.
  public var isArray: Bool
  public var elements: [Result<DecodedElement, DecodingError>]

  public init(isArray: Bool, elements: [Result<DecodedElement, DecodingError>]) {
    self.isArray = isArray
    self.elements = elements
  }
}

public enum DecodedElement: Sendable {
  /// `pictures` has the bytes of each of the event's pictures, in order. They share the memory of the request.
  case event(FaceEvent, pictures: [SharedBytes])
  case status(StatusReport)
}

/// Why a body, or one element of it, is not an event. The message is for the sender: field, rule, remedy.
public struct DecodingError: Error, Sendable {
  public enum Code: Sendable, Equatable {
    /// Nothing was sent.
    case empty
    /// Not JSON, a form or a Python literal that can be read.
    case malformed
    /// Readable, but neither an event nor a status report.
    case notAnEvent
    /// More events in one array than are taken at once.
    case tooMany
    /// Strict only: a required field is missing.
    case missingField
    /// Strict only: a picture does not decode.
    case badPicture
  }
  public var code: Code
  public var message: String
  /// What the sender sent, for the quarantine.
  public var body: SharedBytes

  public init(code: Code, message: String, body: SharedBytes) {
    self.code = code
    self.message = message
    self.body = body
  }
}

/// Wire bytes to events and status reports, in one pass, with no tree of copies.
public struct EventDecoder: Sendable {
  public struct Limits: Sendable {
    /// Levels of nesting in JSON.
    public var depthMax = 64
    /// Parts of a form, or pairs of an urlencoded one.
    public var formPartsMax = 256
    /// Events in one array; boxes send at most 100 in a round.
    public var elementsMax = 1000
    /// JSON values in one body. Bounds the memory of its structure: 24 bytes each.
    public var valuesMax = 262_144

    public init() {}
  }

  public var limits: Limits
  public var isStrict: Bool

  public init(limits: Limits = Limits(), isStrict: Bool = false) {
    self.limits = limits
    self.isStrict = isStrict
  }
}
