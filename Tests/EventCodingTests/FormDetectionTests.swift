import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct FormDetectionTests {
  /// What is read of the fixture of each form.
  struct Columns: Sendable, CustomTestStringConvertible {
    var form: EventForm
    var time: Int64
    var entered: Int64?
    var left: Int64?
    var person: Person
    var score: Score
    var box: Box
    var endpoint: Endpoint
    var action: String?
    var pictures: [Fixtures.Picture]
    var testDescription: String { form.rawValue }
  }

  static let licence = "FOGLAB000120240305081500"
  static let box = Box(code: licence, origin: .field)
  static let address = Box(code: "192.0.2.7", origin: .sourceAddress)
  static let dock = "6d0b8a0e-3c0f-4a5e-8f46-51a0f5b2f9d4"

  static func oldEndpoint(_ address: String, _ kind: String, url: String? = nil) -> Endpoint {
    Endpoint(id: "\(licence)__\(url ?? address)", address: address, kind: kind)
  }

  static let columns: [Columns] = [
    Columns(
      form: .g1, time: 1_709_626_502_345, person: Person(id: "E-20417", name: "Lin Wei", group: "north_gate_staff"),
      score: Score(value: 0.71, scale: .unit), box: box, endpoint: oldEndpoint("10.20.30.41", "0"), pictures: [.reference, .scene]),
    Columns(
      form: .g2, time: 1_709_626_533_120,
      person: Person(id: "77012", name: "stranger", personClass: .stranger, group: "9b1d7c52-0f6e-4a55-9f0b-2a6f1c0d7e31"),
      score: Score(value: 0.23, scale: .unit), box: box, endpoint: oldEndpoint("10.20.30.61", "1"), pictures: [.scene, .face]),
    Columns(
      form: .g3a, time: 1_709_626_561_000, person: Person(id: "00817342", name: "Mira Solberg", personClass: .vip, group: "default_group"),
      score: Score(value: 91.3, scale: .percent), box: box, endpoint: oldEndpoint("10.20.30.42", "0"), action: "1001",
      pictures: [.reference, .scene, .face]),
    Columns(
      form: .g3b, time: 1_709_626_575_250, person: Person(id: "V-1180", name: "Teodor Kask", personClass: .visitor, group: "default_group"),
      score: Score(value: 84, scale: .percent), box: box,
      endpoint: oldEndpoint("10.20.30.81", "3", url: "rtsp://10.20.30.81:554/live/ch1"), action: "1002",
      pictures: [.reference, .scene, .face]),
    Columns(
      form: .g3c, time: 1_709_626_590_007, person: Person(id: "V-3391", name: "Dana Okafor", personClass: .visitor, group: "default_group"),
      score: Score(value: 88.4, scale: .percent), box: box, endpoint: oldEndpoint("10.20.30.80", "3"), action: "0",
      pictures: [.reference, .scene, .infrared, .face]),
    Columns(
      form: .g4a, time: 1_709_626_611_350, left: 1_709_626_613_990, person: Person(id: "E-30551", name: "Ines Carvalho"),
      score: Score(value: 95.5, scale: .percent), box: box,
      endpoint: Endpoint(
        id: "0x02005e10a4c7__10.20.30.43", uuid: "0b7d3c9a-52e1-4b57-9a58-2f6f5f0a7c11", address: "10.20.30.43", name: "south gate",
        kind: "photo"),
      action: "0", pictures: [.reference, .scene, .infrared, .face]),
    Columns(
      form: .g4b, time: 1_709_626_621_350, left: 1_709_626_623_990,
      person: Person(id: "E-30552", name: "Jonas Albrecht", personClass: .vip),
      score: Score(value: 95.5, scale: .percent), box: box,
      endpoint: Endpoint(
        id: "0x02005e10a4c7__10.20.30.43", uuid: "0b7d3c9a-52e1-4b57-9a58-2f6f5f0a7c11", address: "10.20.30.43", name: "south gate",
        kind: "photo"),
      action: "0", pictures: [.reference, .scene, .infrared, .face]),
    Columns(
      form: .g4c, time: 1_709_626_601_350, left: 1_709_626_603_990,
      person: Person(id: "1709626601.4821", name: "stranger", personClass: .stranger), score: Score(value: 12.75, scale: .percent),
      box: Box(code: "0x02005e10a4c7", origin: .endpointPrefix),
      endpoint: Endpoint(
        id: "0x02005e10a4c7__rtsp://10.20.30.90:554/live/ch1", uuid: dock, address: "10.20.30.90", name: "loading dock", kind: "rtsp"),
      action: "0", pictures: [.scene, .face]),
    Columns(
      form: .g5, time: 1_709_626_702_001, entered: 1_709_626_702_001, left: 1_709_626_705_874, person: Person(id: "E-20417", name: "林薇"),
      score: Score(value: 93.2, scale: .percent), box: box,
      endpoint: Endpoint(
        id: "6d0b8a0e3c0f4a5e8f4651a0f5b2f9d4", uuid: "6d0b8a0e3c0f4a5e8f4651a0f5b2f9d4", address: "10.20.30.90", name: "loading dock",
        kind: "rtsp"), action: "0", pictures: [.reference, .scene, .face]),
    Columns(
      form: .r1, time: 1_709_626_502_999,
      person: Person(id: "E-20418", name: "Pavel Novotny", personClass: .blacklist, group: "north_gate_staff"),
      score: Score(value: 0.6177, scale: .unit), box: address, endpoint: Endpoint(id: "10.20.30.41", address: "10.20.30.41", kind: "0"),
      pictures: [.reference, .scene]),
    Columns(
      form: .r2, time: 1_709_626_502_345, person: Person(id: "E-20417", name: "Lin Wei", personClass: .vip, group: "default_group"),
      score: Score(value: 0.6642, scale: .unit), box: address, endpoint: Endpoint(id: "10.20.30.41", address: "10.20.30.41", kind: "0"),
      pictures: [.face]),
    Columns(
      form: .r3, time: 1_709_626_502_345, person: Person(id: "E-20417", name: "Lin Wei", group: "default_group"),
      score: Score(value: 86.1, scale: .percent), box: address,
      endpoint: Endpoint(id: dock, uuid: dock, address: "10.20.30.90", kind: "3"), pictures: [.face]),
    Columns(
      form: .r4, time: 1_709_626_702_001, person: Person(id: "E-20417", name: "Lin Wei"), score: Score(value: 93.2, scale: .percent),
      box: address, endpoint: Endpoint(id: dock, uuid: dock, address: "10.20.30.90", kind: "rtsp"), pictures: [.reference, .face]),
  ]

  static let realtimeForms: Set<EventForm> = [.r1, .r2, .r3, .r4]

  @Test("Every column of every form is read", arguments: columns)
  func columnsAreRead(_ expected: Columns) throws {
    let decoded = try Body(
      fixture: "events/\(expected.form.rawValue).json", kind: Self.realtimeForms.contains(expected.form) ? .realtime : .history
    ).event()
    let event = decoded.event
    #expect(event.form == expected.form)
    #expect(event.lane == (Self.realtimeForms.contains(expected.form) ? .realtime : .history))
    #expect(event.encoding == .json)
    #expect(event.time.milliseconds == expected.time)
    #expect(event.hasOwnTime)
    #expect(event.receivedAt == Body.arrival)
    #expect(event.enteredAt?.milliseconds == expected.entered)
    #expect(event.leftAt?.milliseconds == expected.left)
    #expect(event.person == expected.person)
    #expect(event.score == expected.score)
    #expect(event.box == expected.box)
    #expect(event.endpoint == expected.endpoint)
    #expect(event.action == expected.action)
    #expect(event.source == RequestSource(address: "192.0.2.7", path: "/HistoryEvent"))
    #expect(event.pictures.map(\.role) == expected.pictures.map(\.role))
    for (picture, bytes) in zip(expected.pictures, decoded.pictures) { #expect(try bytes.array == picture.bytes()) }
    let isWholeAsSent = event.form != .g4c
    #expect(event.warnings == (isWholeAsSent ? [] : ["dev_sno is empty; taken from ep_id"]))
  }

  @Test("There is an expectation for every form") func allForms() {
    #expect(Self.columns.map(\.form) == Fixtures.eventForms)
  }

  @Test("A realtime event looks like a history one of its generation, so the path decides", arguments: Fixtures.eventForms)
  func otherLane(_ form: EventForm) throws {
    let twins: [EventForm: EventForm] = [.g1: .r1, .g2: .r2, .r1: .g1, .r2: .g2, .r3: .g2]
    let isRealtime = Self.realtimeForms.contains(form)
    let event = try Body(fixture: "events/\(form.rawValue).json", kind: isRealtime ? .history : .realtime).event().event
    #expect(event.form == twins[form] ?? form)
    #expect(event.lane == (isRealtime ? .history : .realtime))
  }

  @Test("The lane does not change the identity", arguments: Fixtures.eventForms)
  func laneAndIdentity(_ form: EventForm) throws {
    let path = "events/\(form.rawValue).json"
    let (history, realtime) = try (Body(fixture: path).event().event, Body(fixture: path, kind: .realtime).event().event)
    #expect(history.id == realtime.id)
    #expect(history.contentDigest == realtime.contentDigest)
  }

  @Test(
    "How the JSON is spelled changes nothing that is read", arguments: Fixtures.eventForms,
    ["compact", "escaped", "crlf", "newline", "bom"])
  func spellings(_ form: EventForm, _ variant: String) throws {
    let plain = try Body(fixture: "events/\(form.rawValue).json").event().event
    let event = try Body(fixture: "events/variants/\(form.rawValue).\(variant).json").event().event
    #expect(event.form == plain.form)
    #expect(event.id == plain.id)
    #expect(event.contentDigest == plain.contentDigest)
    #expect(event.person == plain.person)
    #expect(event.endpoint == plain.endpoint)
    #expect(event.box == plain.box)
    #expect(event.time == plain.time)
    #expect(event.pictures.map(\.digest) == plain.pictures.map(\.digest))
    #expect(event.warnings == plain.warnings)
  }

  @Test(
    "Keys decide, in the order of protocol.md 2.8",
    arguments: [
      (#"{"media_device_info":{}}"#, EventForm.g5), (#"{"mq_license_key":"x","ext_data":{}}"#, .g5),
      (#"{"user_type":"vip","ep_info":{}}"#, .g5),
      (#"{"any_image":"","ext_data":{}}"#, .g5), (#"{"user_type":"vip","media_device_ip":"10.0.0.1"}"#, .r4),
      (#"{"media_device_id":"1","reg_pic":""}"#, .r4), (#"{"media_device_ip":"10.0.0.1","media_device_info":{}}"#, .g5),
      (#"{"ep_info":{},"ext_data":{"info":{}}}"#, .g4a), (#"{"recognize_face_attr":null}"#, .g4a),
      (#"{"person_type":1,"out_timestamp":2}"#, .g4a),
      (#"{"ep_info":{},"api_version":"1.0"}"#, .g4c), (#"{"recognize_face_attr":{"feature_binary":""}}"#, .g4b),
      (#"{"api_version":"1.0","recognize_face_attr":{"feature_binary":""}}"#, .g4c), (#"{"ext_data":{"ir_pic":""}}"#, .g3c),
      (#"{"ext_data":{"info":{"box":[]}}}"#, .g3c), (#"{"ext_data":{"info":{"feature":[]}}}"#, .g3c),
      (#"{"ext_data":{"info":{"age":null}}}"#, .g3b),
      (#"{"want_action":"0","ext_data":{}}"#, .g3a), (#"{"ext_data":{"grab_fiqa_info":{}}}"#, .g2),
      (#"{"ext_data":{"box_fiqa_info":{}}}"#, .g2),
      (#"{"ext_data":{"recognize_face":""}}"#, .g2), (#"{"ext_data":{}}"#, .g1), (#"{"ext_data":null}"#, .g1),
      (#"{"person_type":1}"#, .unknown),
      (#"{"api_version":"2.0"}"#, .unknown),
    ])
  func keysDecide(_ json: String, _ form: EventForm) throws {
    let event = try Body(#"{"identity_id":"a","# + json.dropFirst()).event().event
    #expect(event.form == form)
  }
}
