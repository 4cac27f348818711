import FaceEvents
import Testing

/// Faces are personal data: nothing that is printed by default says who somebody is, what was sent, or which token came with it.
@Suite struct RedactionTests {
  static let secrets = ["Lin Wei", "E-20417", "staff", "JPEGBYTES", "original-text", "token=abc", "loading dock"]

  static let source = RequestSource(address: "192.0.2.7", path: "/HistoryEvent", query: "token=abc")
  static let person = Person(id: "E-20417", name: "Lin Wei", personClass: .vip, group: "staff")
  static let picture = SharedBytes(Array("JPEGBYTES".utf8))
  static let digest = ContentDigest(words: (1, 2, 3, 4))
  static let id = EventID(milliseconds: 1_709_626_502_345, outline: digest, content: digest)
  static let known = EventPicture(
    role: .face, field: "recognize_face", digest: digest, byteCount: 9, cut: PictureCut(offset: 4, text: .canonical))

  static let event = FaceEvent(
    id: id, contentDigest: digest, lane: .history, form: .g1, encoding: .json, time: Timestamp(milliseconds: 1), hasOwnTime: true,
    receivedAt: Timestamp(milliseconds: 2), person: person, score: Score(value: 0.7, scale: .unit), box: Box(code: "FOG", origin: .field),
    endpoint: Endpoint(id: "FOG__10.0.0.1", name: "gate"), pictures: [known], originalText: SharedBytes(Array("original-text".utf8)),
    warnings: ["a warning"], source: source)

  static let report = StatusReport(
    form: .s2, encoding: .json, receivedAt: Timestamp(milliseconds: 2), box: Box(code: "FOG", origin: .field),
    originalText: SharedBytes(Array("original-text".utf8)), warnings: [], source: source)

  static let query: EventQuery = {
    var query = EventQuery()
    query.personID = "E-20417"
    query.endpointID = "loading dock"
    return query
  }()

  static let request = QuarantinedRequest(
    body: SharedBytes(Array("original-text".utf8)), digest: digest, reason: "not JSON", contentType: "application/json", source: source,
    receivedAt: Timestamp(milliseconds: 2))

  static let entry = QuarantineEntry(
    id: 1, digest: digest, reason: "not JSON", contentType: nil, source: source, byteCount: 13, firstReceivedAt: Timestamp(milliseconds: 1),
    lastReceivedAt: Timestamp(milliseconds: 2), count: 3)

  static let location = PictureLocation(volume: 1, offset: 2)

  static let storage: ByteStorage = {
    let storage = ByteStorage(capacity: 16)
    Array("JPEGBYTES".utf8).withUnsafeBytes { storage.append($0) }
    return storage
  }()

  /// Every type that holds something of a person, alone and in what usually holds it.
  static let values: [(name: String, value: any Sendable)] = [
    ("event", event), ("person", person), ("source", source), ("report", report), ("query", query), ("request", request), ("entry", entry),
    ("bytes", picture), ("storage", storage), ("known", known), ("stored", StoredEvent(sequence: 1, event: event, locations: [location])),
    ("entry of a store", StoreEntry.event(event, locations: [location])), ("status of a store", StoreEntry.status(report)),
    ("new picture", NewPicture(role: .face, digest: digest, bytes: picture, receivedAt: Timestamp(milliseconds: 1))),
    ("receipt", StoreReceipt(sequence: 1, id: id, isDuplicate: false)),
    ("known event", KnownEvent(id: id, isDuplicate: true, locations: [location])),
    ("array", [event]), ("optional", Optional(person) as Person?), ("dictionary", ["key": person]),
    ("tuple in an array", [[person], [person]]),
    ("result", Result<FaceEvent, StorageError>.success(event)), ("error", StorageError.damaged("volume 3")),
  ]

  @Test("Nothing printed by default shows a person, a picture or a query", arguments: values.map(\.name))
  func printed(_ name: String) throws {
    let value = try #require(Self.values.first { $0.name == name }).value
    var dumped = ""
    dump(value, to: &dumped)
    for text in [String(describing: value), String(reflecting: value), "\(value)", "\(Optional(value) as Any)", "\([value])", dumped] {
      for secret in Self.secrets { #expect(!text.contains(secret), "\(text)") }
      #expect(!text.isEmpty)
    }
  }

  @Test("What is printed is still of use") func useful() {
    #expect("\(Self.event)" == "event \(Self.id) (history, G1, 1 pictures)")
    #expect("\(Self.picture)" == "9 bytes")
    #expect("\(Self.source)" == "192.0.2.7 /HistoryEvent")
    #expect("\(Self.request)" == "quarantined request \(Self.digest)")
    #expect("\(Self.report)" == "status report (S2)")
    #expect("\(Self.person)" == "person (vip)")
  }
}
