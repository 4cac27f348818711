public import FaceEvents

/// What every ``EventStore`` promises, whatever it is built on. A test target runs each case against a fresh, empty store.
public enum EventStoreContract {
  public typealias Case = ContractCase<any EventStore>

  public static let cases: [Case] = writing + identity + references + reading
}

/// Shorthands of the cases.
extension EventStore {
  func append(_ events: FaceEvent...) async throws -> [StoreReceipt] {
    try await append(events.map { .event($0, locations: SampleLocations.of($0)) })
  }

  func knownEvent(_ event: FaceEvent) async throws -> KnownEvent {
    let known = try await known([event])
    try requireEqual(known.count, 1, "answers for one event")
    return known[0]
  }

  func events(_ order: EventQuery.Order = .oldestFirst, _ change: (inout EventQuery) -> Void = { _ in }) async throws -> [StoredEvent] {
    var query = EventQuery()
    query.order = order
    change(&query)
    return try await events(query)
  }
}

/// Locations as a picture store might give them: one volume, records one after the other.
public enum SampleLocations {
  public static func of(_ event: FaceEvent, volume: UInt32 = 7) -> [PictureLocation] {
    var offset: UInt64 = 4_096
    return event.pictures.map { picture in
      defer { offset += UInt64(picture.byteCount) }
      return PictureLocation(volume: volume, offset: offset)
    }
  }
}

extension EventStoreContract {
  private static let writing: [Case] = [
    Case("an empty batch is stored and looked up without effect") { store in
      try requireEqual(try await store.append([]).count, 0, "receipts")
      try requireEqual(try await store.known([]).count, 0, "answers")
    },
    Case("a new event is not known, and gets the next sequence and its own id") { store in
      let first = SampleRecords.event("one")
      let second = SampleRecords.event("two", at: 5)
      let known = try await store.knownEvent(first)
      try require(!known.isDuplicate && known.id == first.id, "a new event is new")
      let receipts = try await store.append(first, second)
      try requireEqual(receipts.map(\.id), [first.id, second.id], "ids")
      try require(receipts[0].sequence > 0 && receipts[1].sequence > receipts[0].sequence, "sequences grow")
      try requireEqual(receipts.map(\.isDuplicate), [false, false], "duplicates")
    },
    Case("every field of an event comes back as it was given") { store in
      let event = SampleRecords.fullEvent()
      _ = try await store.append(event)
      let stored = try await store.events()
      try requireEqual(stored.count, 1, "events")
      try requireSame(stored[0].event, event)
      try requireEqual(stored[0].locations, SampleLocations.of(event), "locations")
    },
    Case("an event with nothing but what it must have comes back with nothing else") { store in
      let event = SampleRecords.bareEvent()
      _ = try await store.append(event)
      let stored = try await store.events()
      try requireSame(stored[0].event, event)
    },
    Case("status reports are numbered apart from events and never duplicates") { store in
      let report = SampleRecords.status("up")
      let receipts = try await store.append([.status(report), .event(SampleRecords.event("one"), locations: []), .status(report)])
      try requireEqual(receipts.map(\.id), [nil, SampleRecords.event("one").id, nil], "ids")
      try require(receipts[2].sequence > receipts[0].sequence, "sequences of status reports grow")
      try requireEqual(receipts.map(\.isDuplicate), [false, false, false], "duplicates")
    },
  ]

  private static let identity: [Case] = [
    Case("a resend is the same event: known, and one record") { store in
      let event = SampleRecords.event("one")
      let first = try await store.append(event)
      let known = try await store.knownEvent(event)
      try require(known.isDuplicate && known.id == event.id, "a resend is known")
      let again = try await store.append(event)
      try requireEqual(again, [StoreReceipt(sequence: first[0].sequence, id: event.id, isDuplicate: true)], "receipt of a resend")
      try requireEqual(try await store.events().count, 1, "records")
    },
    Case("two equal events in one batch are one record") { store in
      let event = SampleRecords.event("one")
      let receipts = try await store.append(event, SampleRecords.event("two"), event)
      try requireEqual(receipts[2], StoreReceipt(sequence: receipts[0].sequence, id: event.id, isDuplicate: true), "second receipt")
      try requireEqual(try await store.events().count, 2, "records")
    },
    Case("the same event on both lanes is two records with one id") { store in
      let receipts = try await store.append(SampleRecords.event("one"), SampleRecords.event("one", lane: .realtime))
      try requireEqual(receipts.map(\.isDuplicate), [false, false], "duplicates")
      try requireEqual(receipts[0].id, receipts[1].id, "ids")
      try requireEqual(try await store.events { $0.lane = .realtime }.map(\.event.lane), [.realtime], "lanes")
      try requireEqual(try await store.events { $0.id = receipts[0].id }.count, 2, "records under the id")
    },
    Case("different events with one id are never merged: the later one follows, and a resend finds it again") { store in
      let first = SampleRecords.event("one")
      var second = SampleRecords.event("two")
      second.id = first.id
      let receipts = try await store.append(first, second)
      try requireEqual(receipts.map(\.isDuplicate), [false, false], "duplicates")
      try require(receipts[1].id != first.id, "the later event has an id of its own")
      try require(receipts[1].id?.sharesOutline(with: first.id) == true, "a following id keeps time and outline")
      let known = try await store.knownEvent(second)
      try require(known.isDuplicate && known.id == receipts[1].id, "a resend is found under the following id")
      let again = try await store.append(second)
      try requireEqual(again, [StoreReceipt(sequence: receipts[1].sequence, id: receipts[1].id, isDuplicate: true)], "receipt of a resend")
    },
    Case("an event stored under the id that known() gave is found under it") { store in
      let first = SampleRecords.event("one")
      _ = try await store.append(first)
      var second = SampleRecords.event("two")
      second.id = first.id
      let known = try await store.knownEvent(second)
      var renamed = second
      renamed.id = known.id
      let receipts = try await store.append(renamed)
      try requireEqual(receipts.map(\.id), [known.id], "ids")
      try requireEqual(try await store.knownEvent(second).isDuplicate, true, "known by its first id")
      try requireEqual(try await store.knownEvent(renamed).isDuplicate, true, "known by its following id")
    },
    Case("a hundred different events that claim one id all get their own") { store in
      let claimed = SampleRecords.event("claimed").id
      let events = (0..<100).map { number in
        var event = SampleRecords.event("claim \(number)")
        event.id = claimed
        return event
      }
      let receipts = try await store.append(events.map { .event($0, locations: []) })
      try requireEqual(Set(receipts.map(\.id)).count, 100, "ids")
      let again = try await store.append(events.reversed().map { .event($0, locations: []) })
      try requireEqual(again.map(\.sequence), receipts.reversed().map(\.sequence), "sequences of the resend")
    },
  ]

  private static let references: [Case] = [
    Case("a reference picture is known by its content, other pictures are not") { store in
      let pictures = [SampleRecords.picture("face of Lin", .reference), SampleRecords.picture("hall", .scene)]
      let first = SampleRecords.event("one", pictures: pictures)
      try requireEqual(try await store.knownEvent(first).locations, [nil, nil], "locations before")
      _ = try await store.append(first)
      let next = SampleRecords.event("two", at: 60_000, pictures: pictures)
      try requireEqual(try await store.knownEvent(next).locations, [SampleLocations.of(first)[0], nil], "locations after")
    },
    Case("marks are the end of the last picture that a row names, by volume") { store in
      let event = SampleRecords.event("one", pictures: [SampleRecords.picture("a", .scene, byteCount: 1_000)])
      _ = try await store.append([
        .event(event, locations: [PictureLocation(volume: 1, offset: 9_000)]),
        .event(SampleRecords.event("two", pictures: event.pictures), locations: [PictureLocation(volume: 2, offset: 500)]),
      ])
      _ = try await store.append([
        .event(SampleRecords.event("three", pictures: event.pictures), locations: [PictureLocation(volume: 1, offset: 100)])
      ])
      let marks = try await store.pictureMarks()
      try requireEqual(marks.keys.sorted(), [1, 2], "volumes")
      try require((marks[1] ?? 0) >= 10_000 && (marks[2] ?? 0) >= 1_500, "marks are behind the pictures")
    },
  ]
}

extension SampleRecords {
  /// With every optional field set, and texts that are hard to store.
  public static func fullEvent() -> FaceEvent {
    var event = event("full", at: 123_456)
    event.lane = .realtime
    event.form = .g4b
    event.encoding = .formData
    event.hasOwnTime = false
    event.enteredAt = Timestamp(milliseconds: -1)
    event.leftAt = Timestamp(milliseconds: .max)
    event.person = Person(id: "工号 7\u{0}'", name: "Robin; DROP TABLE", personClass: .vip, group: "")
    event.score = Score(value: 99.5, scale: .percent)
    event.box = Box(code: "盒子-1", origin: .query)
    event.endpoint = Endpoint(id: "", uuid: "u", address: "198.51.100.7", name: "门", kind: "rtsp")
    event.action = "open"
    var text = PictureText()
    text.prefix = Array("data:image/jpeg;base64,".utf8)
    text.lineLength = 76
    text.lineBreak = Array(#"\r\n"#.utf8)
    text.hasEscapedSlashes = true
    event.pictures = [
      picture("reference", .reference), picture("text only", .face, byteCount: 0, cutAt: nil),
      EventPicture(role: .infrared, field: "", digest: digest("ir"), byteCount: 1 << 40, cut: PictureCut(offset: .max, text: text)),
    ]
    event.warnings = ["two\nlines", #"back\slash"#, ""]
    event.source = RequestSource(address: "2001:db8::1", path: "/", query: "")
    return event
  }

  /// With every optional field nil and every text empty.
  public static func bareEvent() -> FaceEvent {
    FaceEvent(
      id: EventID(high: 0x8000, low: 0b10 << 62), contentDigest: digest("bare"), lane: .history, form: .unknown, encoding: .urlencoded,
      time: Timestamp(milliseconds: 0), hasOwnTime: true, receivedAt: Timestamp(milliseconds: 0),
      person: Person(personClass: .stranger), box: Box(code: "", origin: .sourceAddress), endpoint: Endpoint(), pictures: [],
      originalText: .empty, warnings: [], source: RequestSource(address: "", path: ""))
  }
}

func requireSame(_ a: FaceEvent, _ b: FaceEvent) throws {
  try require(a.id == b.id && a.contentDigest == b.contentDigest && a.lane == b.lane, "identity and lane")
  try require(a.form == b.form && a.encoding == b.encoding, "form and encoding")
  try require(a.time == b.time && a.hasOwnTime == b.hasOwnTime && a.receivedAt == b.receivedAt, "times")
  try requireEqual([a.enteredAt, a.leftAt], [b.enteredAt, b.leftAt], "times of entering and leaving")
  try requireEqual(a.person, b.person, "person")
  try requireEqual(a.score, b.score, "score")
  try requireEqual(a.box, b.box, "box")
  try requireEqual(a.endpoint, b.endpoint, "endpoint")
  try requireEqual(a.action, b.action, "action")
  try requireEqual(a.pictures, b.pictures, "pictures")
  try requireEqual(a.originalText.array, b.originalText.array, "text")
  try requireEqual(a.warnings, b.warnings, "warnings")
  try requireEqual(a.source, b.source, "source")
}
