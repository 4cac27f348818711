import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct ArrayTests {
  @Test("A bad element fails alone; the others are events, in order")
  func oneBadElement() throws {
    let body = Body(#"[{"identity_id":"a"}, 5, {"x":1}, "text", null, [{"identity_id":"b"}], {"identity_id":"c"}]"#)
    let decoded = body.decode()
    #expect(decoded.isArray)
    #expect(decoded.elements.count == 7)
    #expect(decoded.events.map(\.event.person.id) == ["a", "c"])
    #expect(decoded.errors.map(\.code) == Array(repeating: .notAnEvent, count: 5))
    #expect(
      decoded.errors.map(\.message) == [
        "an event is a JSON object, this is a number",
        "the object is not an event: it has no person (identity_id, identity_name), no time (timestamp) and no picture; "
          + "send at least one of them",
        "an event is a JSON object, this is a string", "an event is a JSON object, this is null",
        "an event is a JSON object, this is an array",
      ])
    #expect(
      decoded.errors.map { String(decoding: $0.body.array, as: UTF8.self) } == [
        "5", #"{"x":1}"#, #""text""#, "null", #"[{"identity_id":"b"}]"#,
      ])
  }

  @Test("Each element keeps its own text, byte for byte, and has the id that it has alone", arguments: ["compact", "crlf", "escaped"])
  func elementTexts(_ variant: String) throws {
    let texts = try Fixtures.eventForms.map { try Fixtures.bytes("events/variants/\($0.rawValue).\(variant).json") }
    let trimmed = texts.map { Array($0.reversed().drop { $0 == 0x0A || $0 == 0x0D }.reversed()) }
    let body = Body(Array("\u{FEFF} [\n".utf8) + trimmed.joined(separator: Array(" ,\r\n".utf8)) + Array("\n]\n".utf8))
    let decoded = try body.events()
    #expect(decoded.map(\.original) == trimmed)
    #expect(try decoded.map(\.event.id) == texts.map { try Body($0).event().event.id })
  }

  @Test("An empty array is refused", arguments: ["[]", " [ ] ", "\u{FEFF}[]"])
  func empty(_ text: String) throws {
    let error = try Body(text).error()
    #expect(error.code == .notAnEvent)
    #expect(error.message == "the array is empty; send at least one event")
    #expect(error.body.array == Array(text.utf8))
  }

  @Test("As many elements as the limit says are read, and no more")
  func tooMany() throws {
    let limit = EventDecoder.Limits().elementsMax
    #expect(limit == 1000)
    let element = #"{"timestamp":1}"#
    let most = Body("[" + Array(repeating: element, count: limit).joined(separator: ",") + "]")
    #expect(most.decode().elements.count == limit)
    let body = Body("[" + Array(repeating: element, count: limit + 1).joined(separator: ",") + "]")
    let error = try body.error()
    #expect(error.code == .tooMany)
    #expect(error.message == "the array has 1001 events, at most 1000 are taken at once; send several requests")
    #expect(error.body.array == body.bytes)
    #expect(!body.decode().isArray, "the answer is one error")
  }

  @Test("An array of one is an array")
  func one() throws { #expect(try Body(#"[{"identity_id":"a"}]"#).events().count == 1) }

  @Test("A key for the whole request names none of its events, and is no reason for a warning")
  func idempotencyKey() throws {
    var body = Body(#"[{"identity_id":"a"}]"#)
    body.idempotencyKey = EventID(high: 0x8000, low: 1 << 63)
    let decoded = try body.events()
    #expect(decoded[0].event.warnings == ["timestamp is missing; the arrival time is used"])
    #expect(try decoded[0].event.id == Body(#"{"identity_id":"a"}"#).event().event.id)
  }

  @Test("An array may mix events and status reports")
  func mixed() throws {
    let decoded = Body(#"[{"identity_id":"a"},{"gateway_ip":"10.0.0.1"}]"#).decode()
    guard case .event = try decoded.elements[0].get(), case .status = try decoded.elements[1].get() else {
      Issue.record("an event and a status report")
      return
    }
  }

  @Test("A Python list of dictionaries is an array")
  func python() throws {
    let decoded = try Body("[{'identity_id': 'a'}, {'identity_id': 'b'}]").events()
    #expect(decoded.map(\.event.person.id) == ["a", "b"])
    #expect(decoded.map(\.originalText) == [#"{"identity_id":"a"}"#, #"{"identity_id":"b"}"#])
  }
}

@Suite struct StrictTests {
  static func strict(_ text: String) -> Body {
    var body = Body(text)
    body.decoder.isStrict = true
    return body
  }

  @Test("Strict takes what is complete", arguments: Fixtures.eventForms.filter { $0 != .g4c })
  func complete(_ form: EventForm) throws {
    var body = try Body(
      fixture: "events/\(form.rawValue).json", kind: FormDetectionTests.realtimeForms.contains(form) ? .realtime : .history)
    body.decoder.isStrict = true
    #expect(try body.event().event.form == form)
  }

  @Test("An empty string is a value, so an empty box code is not missing even where all is required") func emptyIsValue() throws {
    var body = try Body(fixture: "events/G4c.json")
    body.decoder.isStrict = true
    #expect(try body.event().event.warnings == ["dev_sno is empty; taken from ep_id"])
  }

  @Test("Strict refuses an event without a required field and names them all")
  func missing() throws {
    let error = try Self.strict(#"{"identity_id":"a","reg_pic":"","ext_data":{"dev_sno":"x"}}"#).error()
    #expect(error.code == .missingField)
    #expect(error.message == "identity_name, timestamp, score, group_name are missing; this receiver is strict and needs them")
    let one = try Self.strict(
      #"{"identity_id":"a","identity_name":"b","group_name":"c","timestamp":1,"score":1,"reg_pic":"","ext_data":{}}"#
    ).error()
    #expect(one.message == "dev_sno is missing; this receiver is strict and needs it")
  }

  @Test("A field that is null is missing") func null() throws {
    #expect(try Self.strict(#"{"identity_id":null,"ext_data":{},"timestamp":1}"#).error().message.hasPrefix("identity_id, "))
  }

  @Test("The same events pass with warnings when nothing is strict")
  func lenient() throws {
    let event = try Body(#"{"identity_id":"a","reg_pic":"none","ext_data":{}}"#).event().event
    #expect(
      event.warnings == [
        "identity_name is missing", "timestamp is missing", "score is missing", "group_name is missing",
        "dev_sno is missing; taken from the source address",
        "reg_pic is not base64 of a picture; kept as the text it was",
      ])
    #expect(!event.hasOwnTime)
    #expect(event.time == Body.arrival)
    #expect(event.id.milliseconds == 0)
  }

  @Test(
    "An object is an event by a person, a time or a picture, and by nothing else",
    arguments: [
      (#"{"identity_id":""}"#, true), (#"{"identity_name":"x"}"#, true), (#"{"timestamp":1709626502345}"#, true),
      (#"{"person_type":4}"#, true),
      (#"{"ext_data":{"person_type":4}}"#, true), (#"{"userId":"x"}"#, true), (#"{"crossTime":1709626502345}"#, true),
      (#"{"user_type":"vip"}"#, true),
      (#"{"identity_info":{}}"#, true), (#"{"reg_pic":"\#(ReferenceBase64.encode(PictureTextTests.jpeg))"}"#, true),
      (#"{"deep":[{"spot_pic":"\#(ReferenceBase64.encode(PictureTextTests.jpeg))"}]}"#, true), ("{}", false), (#"{"x":1}"#, false),
      (#"{"score":0.7}"#, false),
      (#"{"identity_id":null}"#, false), (#"{"timestamp":null}"#, false), (#"{"reg_pic":""}"#, false), (#"{"reg_pic":null}"#, false),
      (#"{"reg_pic":"none"}"#, false),
      (#"{"ext_data":{}}"#, false), (#"{"ext_data":{"identity_id":"x"}}"#, false), (#"{"event":{"identity_id":"x"}}"#, false),
      (#"{"dev_sno":"x"}"#, false),
    ])
  func isEvent(_ text: String, _ isEvent: Bool) throws {
    if isEvent {
      #expect(try Body(text).event().originalText == text)
    } else {
      let error = try Body(text).error()
      #expect(error.code == .notAnEvent)
      #expect(error.body.array == Array(text.utf8))
    }
  }

  @Test("The platform's own dialect is read too")
  func platform() throws {
    let event = try Body(
      #"""
      {"userId":"u-1","userName":"Ada Brandt","userType":"VISITOR","matchScore":"0.81","photoId":"p","crossTime":"1709626502345",
       "deviceId":"FOG","cameraId":"c-1","cameraIp":"10.0.0.9","cameraType":1}
      """#
    ).event().event
    #expect(event.person == Person(id: "u-1", name: "Ada Brandt", personClass: .visitor))
    #expect(event.score == Score(value: 0.81, scale: .unit))
    #expect(event.time.milliseconds == 1_709_626_502_345)
    #expect(event.box == Box(code: "FOG", origin: .field))
    #expect(event.endpoint == Endpoint(id: "c-1", uuid: "c-1", address: "10.0.0.9", kind: "1"))
    #expect(event.form == .unknown)
    #expect(event.warnings == [])
  }
}
