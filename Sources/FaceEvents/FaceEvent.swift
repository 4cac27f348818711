/// One recognition: who, when, how sure, where, which box, pictures, and everything else that was sent.
///
/// The searched columns are read out of ``originalText``, which is the record itself: nothing that a box sends is lost by not being a column.
public struct FaceEvent: Sendable {
  public var id: EventID
  /// SHA-256 of the canonical form. Two events with one id but different digests are different events.
  public var contentDigest: ContentDigest
  public var lane: Lane
  public var form: EventForm
  public var encoding: BodyEncoding

  /// Event time, or the arrival time when the event has none that can be understood (see ``hasOwnTime``).
  public var time: Timestamp
  public var hasOwnTime: Bool
  public var receivedAt: Timestamp
  public var enteredAt: Timestamp?
  public var leftAt: Timestamp?

  public var person: Person
  public var score: Score?
  public var box: Box
  public var endpoint: Endpoint
  /// `want_action` / `post_action`, as sent.
  public var action: String?

  /// In the order in which they stand in the original.
  public var pictures: [EventPicture]
  /// The sender's JSON text without the texts of the pictures that have a ``EventPicture/cut``; for a form, the JSON that says the same.
  public var originalText: SharedBytes
  public var warnings: [String]
  public var source: RequestSource

  public init(
    id: EventID, contentDigest: ContentDigest, lane: Lane, form: EventForm, encoding: BodyEncoding, time: Timestamp, hasOwnTime: Bool,
    receivedAt: Timestamp, enteredAt: Timestamp? = nil, leftAt: Timestamp? = nil, person: Person, score: Score? = nil, box: Box,
    endpoint: Endpoint, action: String? = nil, pictures: [EventPicture], originalText: SharedBytes, warnings: [String],
    source: RequestSource
  ) {
    self.id = id
    self.contentDigest = contentDigest
    self.lane = lane
    self.form = form
    self.encoding = encoding
    self.time = time
    self.hasOwnTime = hasOwnTime
    self.receivedAt = receivedAt
    self.enteredAt = enteredAt
    self.leftAt = leftAt
    self.person = person
    self.score = score
    self.box = box
    self.endpoint = endpoint
    self.action = action
    self.pictures = pictures
    self.originalText = originalText
    self.warnings = warnings
    self.source = source
  }
}

/// Who was seen, in the box's words. An empty string is a value and differs from nil (protocol.md 0.2).
public struct Person: Sendable, Equatable {
  /// Of the events of nobody that people have a node invent to try it out.
  public static let testID = "fogcatcher-test"

  public var id: String?
  public var name: String?
  public var personClass: PersonClass
  public var group: String?

  public init(id: String? = nil, name: String? = nil, personClass: PersonClass = .employee, group: String? = nil) {
    self.id = id
    self.name = name
    self.personClass = personClass
    self.group = group
  }
}

/// The comparison score, untouched, with a guess at its scale. Scores of different scales are never compared.
public struct Score: Sendable, Equatable {
  public enum Scale: UInt8, Sendable {
    /// 0…1
    case unit = 1
    /// 0…100
    case percent = 2
  }
  public var value: Double
  public var scale: Scale

  public init(value: Double, scale: Scale) {
    self.value = value
    self.scale = scale
  }
}

/// The machine that sent the event, by its licence code where it gives one.
public struct Box: Sendable, Equatable {
  /// Where the code was found, best first.
  public enum CodeOrigin: UInt8, Sendable {
    case field = 1
    case endpointPrefix = 2
    case query = 3
    case sourceAddress = 4
  }
  public var code: String
  public var origin: CodeOrigin

  public init(code: String, origin: CodeOrigin) {
    self.code = code
    self.origin = origin
  }
}

/// The camera, gate or door behind the box. All nil when the event does not say.
public struct Endpoint: Sendable, Equatable {
  /// `ep_id`, else the endpoint's UUID, URL or address: whatever names it best.
  public var id: String?
  public var uuid: String?
  public var address: String?
  public var name: String?
  /// As sent: a code ("0"…"4") or a word (`photo`, `rtsp`, `card`, `file`).
  public var kind: String?

  public init(id: String? = nil, uuid: String? = nil, address: String? = nil, name: String? = nil, kind: String? = nil) {
    self.id = id
    self.uuid = uuid
    self.address = address
    self.name = name
    self.kind = kind
  }
}

/// The request that brought an event. `query` may hold a token: it is stored, never logged.
public struct RequestSource: Sendable, Equatable, Codable {
  /// Peer IP address, without the port.
  public var address: String
  public var path: String
  public var query: String?

  public init(address: String, path: String, query: String? = nil) {
    self.address = address
    self.path = path
    self.query = query
  }
}

/// A heartbeat of a box (protocol.md 4). Not an event: it has no identity and nobody de-duplicates it.
public struct StatusReport: Sendable {
  public var form: StatusForm
  public var encoding: BodyEncoding
  public var receivedAt: Timestamp
  public var box: Box
  public var originalText: SharedBytes
  public var warnings: [String]
  public var source: RequestSource

  public init(
    form: StatusForm, encoding: BodyEncoding, receivedAt: Timestamp, box: Box, originalText: SharedBytes, warnings: [String],
    source: RequestSource
  ) {
    self.form = form
    self.encoding = encoding
    self.receivedAt = receivedAt
    self.box = box
    self.originalText = originalText
    self.warnings = warnings
    self.source = source
  }
}
