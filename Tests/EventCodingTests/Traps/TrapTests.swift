import EventCoding
import FaceEvents
import TestSupport
import Testing

/// The interoperability traps of protocol.md 8, 1 to 17: what a receiver must tolerate.
@Suite struct TrapTests {
  static let licence = "FOGLAB000120240305081500"

  @Test("T1: a time that does not fit 32 bits is read whole")
  func wideTime() throws {
    #expect(try Body(fixture: "traps/T01.json").event().event.time.milliseconds == 1_709_626_502_345)
  }

  @Test("T2: seconds, seconds with a fraction and text become milliseconds, and the original keeps its spelling")
  func timeUnits() throws {
    let decoded = try Body(fixture: "traps/T02.json").event()
    #expect(decoded.event.time.milliseconds == 1_709_626_502_345)
    #expect(decoded.event.leftAt?.milliseconds == 1_709_626_504_000)
    #expect(decoded.originalText.contains(#""timestamp": 1709626502.3451, "out_timestamp": "1709626504000""#))
  }

  @Test("T3: a score is legal on either scale, and is never changed")
  func scoreScales() throws {
    let scores = try Body(fixture: "traps/T03.json").events().map(\.event.score)
    #expect(
      scores == [
        Score(value: 0.6177, scale: .unit), Score(value: 91.3, scale: .percent), Score(value: 82, scale: .percent),
        Score(value: 7.04, scale: .percent),
      ])
  }

  @Test("T4: device_type is a string or a number, and a withdrawn code is kept")
  func deviceType() throws {
    let events = try Body(fixture: "traps/T04.json").events()
    #expect(events.map(\.event.endpoint.kind) == ["2", "0"])
    #expect(events[1].originalText.contains(#""device_type": 0}"#))
  }

  @Test("T5: an absent person_type means employee, and it may be text")
  func personType() throws {
    #expect(try Body(fixture: "traps/T05.json").events().map(\.event.person.personClass) == [.employee, .stranger])
  }

  @Test("T6: the name \"stranger\" does not make a stranger; the class field is trusted")
  func strangerByName() throws {
    let event = try Body(fixture: "traps/T06.json").event().event
    #expect(event.person.name == "stranger")
    #expect(event.person.personClass == .employee)
  }

  @Test("T7: the class is a number, or a word in either case")
  func classSpellings() throws {
    #expect(try Body(fixture: "traps/T07.json").events().map(\.event.person.personClass) == [.vip, .vip, .vip, .employee])
  }

  @Test("T8: group_name may be a group id")
  func groupID() throws {
    #expect(try Body(fixture: "traps/T08.json").event().event.person.group == "9b1d7c52-0f6e-4a55-9f0b-2a6f1c0d7e31")
  }

  @Test("T9: an empty, null or missing picture is no picture, is not decoded, and the distinction is kept")
  func noPicture() throws {
    let body = try Body(fixture: "traps/T09.json")
    let decoded = try body.event()
    #expect(decoded.event.pictures.isEmpty)
    #expect(decoded.original == body.bytes)
    #expect(!decoded.event.warnings.contains { $0.contains("base64") })
    let spellings = [#"{"identity_id":"a","reg_pic":""}"#, #"{"identity_id":"a","reg_pic":null}"#, #"{"identity_id":"a"}"#]
    #expect(try Set(spellings.map { try Body($0).event().event.id }).count == 3)
  }

  @Test("T10: a data-URI prefix is stripped up to the comma, whatever its media type, and comes back with the original")
  func dataURI() throws {
    let body = try Body(fixture: "traps/T10.json")
    let decoded = try body.event()
    #expect(try decoded.picture(.face) == Fixtures.Picture.face.bytes())
    #expect(decoded.original == body.bytes)
    for type in ["image/png", "image/jpg;charset=utf-8", "application/octet-stream", ""] {
      let text = String(decoding: body.bytes, as: UTF8.self).replacing("image/jpeg", with: type)
      let other = try Body(text).event()
      #expect(other.event.id == decoded.event.id)
      #expect(other.originalText == text)
    }
  }

  @Test("T11: line breaks, the URL-safe alphabet and missing padding in base64 are read and written back")
  func looseBase64() throws {
    let decoded = try Body(fixture: "traps/T11.json").events()
    let reference = try Fixtures.Picture.reference.bytes()
    #expect(decoded.map { $0.picture(.reference) } == [reference, reference, reference + [0x0A]])
    #expect(decoded[0].event.id == decoded[1].event.id)
    let text = String(decoding: try Fixtures.bytes("traps/T11.json"), as: UTF8.self)
    #expect("[" + decoded.map(\.originalText).joined(separator: ", ") + "]" == text)
  }

  @Test("T12: a JPEG without a JFIF header is a picture")
  func noJFIF() throws {
    let decoded = try Body(fixture: "traps/T12.json").event()
    #expect(decoded.picture(.reference)?.prefix(4) == [0xFF, 0xD8, 0xFF, 0xDB])
    #expect(decoded.event.pictures[0].cut != nil)
    #expect(!decoded.event.warnings.contains { $0.contains("begin like") })
  }

  @Test("T13: a Python literal is read as the JSON that says the same")
  func pythonLiteral() throws {
    let decoded = try Body(fixture: "traps/T13.txt").event()
    #expect(decoded.event.encoding == .pythonLiteral)
    #expect(
      decoded.originalText
        == #"{"identity_id":"E-20417","score":0.71,"ext_data":{"device_type":"0","partial":false,"hat":null}}"#)
    #expect(decoded.event.warnings.first == "the body is a Python literal, not JSON; send json.dumps(event)")
    #expect(try decoded.event.id == Body(decoded.originalText).event().event.id)
  }

  @Test("T14: a JSON body is read without a Content-Type, and with a wrong one")
  func contentType() throws {
    let body = try Body(message: "traps/T14.http")
    #expect(body.contentType == nil)
    #expect(body.bytes.count == 48)
    let decoded = try body.event()
    #expect(decoded.event.encoding == .json)
    for wrong in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/jpeg", "???", ""] {
      var body = body
      body.contentType = wrong
      let other = try body.event()
      #expect(other.event.id == decoded.event.id)
      #expect(other.event.encoding == .json)
      #expect(other.original == body.bytes)
    }
  }

  @Test(
    "T15: a form that lost the values of ext_data is kept with its names and marked", arguments: [nil, "application/x-www-form-urlencoded"])
  func lossyForm(_ type: String?) throws {
    var body = try Body(fixture: "traps/T15.form")
    body.contentType = type
    let decoded = try body.event()
    #expect(decoded.event.encoding == .urlencoded)
    #expect(decoded.event.time.milliseconds == 1_709_626_502_345)
    #expect(
      decoded.originalText
        == #"{"identity_id":"E-20417","score":0.71,"timestamp":1709626502345,"ext_data":["device_ip","person_type"]}"#)
    #expect(decoded.event.warnings.contains { $0.hasPrefix("ext_data has no values") })
  }

  @Test("T16: extension members are read at the top as well")
  func extensionMembersAtTop() throws {
    let event = try Body(fixture: "traps/T16.json").event().event
    #expect(event.box == Box(code: Self.licence, origin: .field))
    #expect(event.person.personClass == .visitor)
    #expect(event.endpoint.address == "10.20.30.41")
  }

  @Test("T17: a missing box code falls back to the prefix of ep_id, then to the query, then to the source address, with a warning")
  func missingBox() throws {
    let events = try Body(fixture: "traps/T17.json").events().map(\.event)
    #expect(events[0].box == Box(code: "0x02005e10a4c7", origin: .endpointPrefix))
    #expect(events[0].warnings.contains("dev_sno is empty; taken from ep_id"))
    #expect(events[1].box == Box(code: "192.0.2.7", origin: .sourceAddress))
    #expect(events[1].warnings.contains("mq_license_key is missing; taken from the source address"))
    #expect(events[1].endpoint.id == "10.20.30.90")

    var asked = Body(#"{"identity_id":"E-20417","ext_data":{}}"#)
    asked.query = "token=abc&dev_sno=\(Self.licence)"
    #expect(try asked.event().event.box == Box(code: Self.licence, origin: .query))
    #expect(try asked.event().event.warnings.contains("dev_sno is missing; taken from the query string"))

    let realtime = try Body(#"{"identity_id":"E-20417","ext_data":{}}"#, kind: .realtime).event().event
    #expect(!realtime.warnings.contains { $0.contains("dev_sno") }, "a realtime event never names its box")
  }
}
