import EventCoding
import FaceEvents
import TestSupport
import Testing

/// Traps 18 to 34.
extension TrapTests {
  @Test("T18: ep_id is split at its first double underscore only, and need not agree with anything")
  func endpointID() throws {
    let event = try Body(fixture: "traps/T18.json").event().event
    #expect(event.endpoint.id == "3f0c2f6e-1111-4d2a-9e6b-0d9f3c1a7b22__rtsp://10.20.30.90:8554/a__b")
    #expect(event.box == Box(code: "3f0c2f6e-1111-4d2a-9e6b-0d9f3c1a7b22", origin: .endpointPrefix))
    let cases: [(id: String, code: String, origin: Box.CodeOrigin)] = [
      ("A__", "A", .endpointPrefix), ("A___B", "A", .endpointPrefix), ("__B", "192.0.2.7", .sourceAddress),
      ("A_B", "192.0.2.7", .sourceAddress),
    ]
    for expected in cases {
      let box = try Body(#"{"identity_id":"a","ext_data":{"ep_id":"\#(expected.id)"}}"#).event().event.box
      #expect(box == Box(code: expected.code, origin: expected.origin))
    }
    let other = #"{"identity_id":"a","ext_data":{"ep_id":"A__10.0.0.1","dev_sno":"B","device_ip":"10.0.0.2"}}"#
    let disagreeing = try Body(other).event().event
    #expect(disagreeing.box == Box(code: "B", origin: .field))
    #expect(disagreeing.endpoint.address == "10.0.0.2")
  }

  @Test("T19: fields of several generations in one payload are all read")
  func mixedGenerations() throws {
    let body = try Body(fixture: "traps/T19.json")
    let decoded = try body.event()
    #expect(decoded.event.form == .r4)
    #expect(decoded.event.endpoint.address == "10.20.30.90")
    #expect(decoded.event.score == Score(value: 0.62, scale: .unit))
    #expect(try decoded.picture(.face) == Fixtures.Picture.face.bytes())
    #expect(decoded.original == body.bytes)
  }

  @Test("T20: unknown fields survive at any depth with their types")
  func unknownFields() throws {
    let body = try Body(fixture: "traps/T20.json")
    let decoded = try body.event()
    #expect(decoded.original == body.bytes)
    let text = decoded.originalText
    for (member, other) in [(#""helmet": "yes""#, #""helmet": "no""#), ("0.12", "0.13"), (#""floor": 3"#, #""floor": "3""#)] {
      let changed = try Body(text.replacing(member, with: other)).event()
      #expect(changed.event.id != decoded.event.id, "unknown fields are part of the identity")
    }
  }

  @Test("T21: attributes of any type are kept as they are")
  func attributes() throws {
    let body = try Body(fixture: "traps/T21.json")
    let decoded = try body.event()
    #expect(decoded.event.form == .g4a)
    #expect(decoded.original == body.bytes)
  }

  @Test("T22: the feature vector is kept under each of its three names")
  func featureVector() throws {
    let decoded = try Body(fixture: "traps/T22.json").events()
    #expect(decoded.map(\.event.form) == [.g4a, .g4b, .g4a])
    #expect(decoded.allSatisfy { $0.event.pictures.isEmpty })
    let text = String(decoding: try Fixtures.bytes("traps/T22.json"), as: UTF8.self)
    #expect("[" + decoded.map(\.originalText).joined(separator: ", ") + "]" == text)
  }

  @Test("T23: landmarks are kept raw, planar or interleaved")
  func landmarks() throws {
    let decoded = try Body(fixture: "traps/T23.json").events()
    let text = String(decoding: try Fixtures.bytes("traps/T23.json"), as: UTF8.self)
    #expect("[" + decoded.map(\.originalText).joined(separator: ", ") + "]" == text)
  }

  @Test("T24: the same event again has the same id; another face at the same time has another")
  func duplicates() throws {
    let ids = try Body(fixture: "traps/T24.json").events().map(\.event.id)
    #expect(ids[0] == ids[2])
    #expect(ids[0] != ids[1])
    #expect(ids[0].milliseconds == ids[1].milliseconds)
    let realtime = try Body(fixture: "traps/T24.json", kind: .realtime).events().map(\.event)
    #expect(realtime.map(\.id) == ids)
    #expect(realtime.allSatisfy { $0.lane == .realtime })
  }

  @Test("T25: an array of events is taken element by element")
  func array() throws {
    let decoded = try Body(fixture: "traps/T25.json").events()
    #expect(decoded.map(\.event.person.id) == ["E-20417", "V-3391"])
    #expect(decoded.map(\.event.time.milliseconds) == [1_709_626_502_345, 1_709_626_509_999])
    #expect(try decoded[0].event.id == Body(decoded[0].originalText).event().event.id)
  }

  @Test("T26: the id of a stranger may be empty or look like a number, and stays the text it was")
  func strangerIDs() throws {
    #expect(try Body(fixture: "traps/T26.json").events().map(\.event.person.id) == ["", "1709626601.4821"])
  }

  @Test("T27: leading zeros of an id stay")
  func leadingZeros() throws {
    let decoded = try Body(fixture: "traps/T27.json").event()
    #expect(decoded.event.person.id == "00817342")
    #expect(decoded.event.warnings == ["timestamp is missing; the arrival time is used"])
    let fromForm = try Body("identity_id=00817342", "application/x-www-form-urlencoded").event()
    #expect(fromForm.event.person.id == "00817342")
    #expect(fromForm.event.id == decoded.event.id)
  }

  @Test("T28: raw UTF-8 and escapes mean the same; line feeds and blanks in values stay")
  func textSpellings() throws {
    let (escaped, raw) = try (Body(fixture: "traps/T28.json"), Body(fixture: "traps/T28-raw.json"))
    let (a, b) = try (escaped.event(), raw.event())
    #expect(a.event.person.name == "林薇")
    #expect(b.event.person.name == "林薇")
    #expect(a.event.id == b.event.id)
    #expect(a.original == escaped.bytes)
    #expect(b.original == raw.bytes)
    let trimmed = String(decoding: raw.bytes, as: UTF8.self).replacing("192.168.150.1 ", with: "192.168.150.1")
    #expect(try Body(trimmed).event().event.id != b.event.id)
  }

  @Test("T29: NaN is refused with a message that says where, and the body is kept")
  func notANumber() throws {
    let body = try Body(fixture: "traps/T29.txt")
    let error = try body.error()
    #expect(error.code == .malformed)
    #expect(
      error.message
        == #"the body is not JSON: NaN is not a JSON number (send null or leave the field out) in the value of "score", at byte 36"#)
    #expect(error.body.array == body.bytes)
  }

  @Test("T30: a query string that nobody asked for is kept with the event and does not disturb it")
  func queryString() throws {
    let body = try Body(message: "traps/T30.http")
    let event = try body.event().event
    #expect(event.source == RequestSource(address: "192.0.2.7", path: "/updateWTVInfo", query: "fiqa_level=setup&token=abc"))
    #expect(try event.id == Body(fixture: "traps/T01.json").event().event.id)
  }

  @Test("T31: a status list is read under both keys", arguments: ["sub_devices", "media_devices"])
  func statusList(_ key: String) throws {
    let text = String(decoding: try Fixtures.bytes("traps/T31.json"), as: UTF8.self).replacing("sub_devices", with: key)
    for kind in RouteKind.allCases {
      let report = try Body(text, kind: kind).status()
      #expect(report.form == .s6)
      #expect(report.box == Box(code: Self.licence, origin: .field))
      #expect(report.originalText.array == Array(text.utf8))
    }
  }

  @Test("T32: booleans and numbers written as text stay text, and are still understood where a column needs them")
  func textTypes() throws {
    let body = try Body(fixture: "traps/T32.json")
    let decoded = try body.event()
    #expect(decoded.event.time.milliseconds == 1_709_626_502_345)
    #expect(decoded.event.score == Score(value: 0.71, scale: .unit))
    #expect(decoded.original == body.bytes)
    let numbers = String(decoding: body.bytes, as: UTF8.self).replacing(#""5672""#, with: "5672")
    #expect(try Body(numbers).event().event.id != decoded.event.id)
  }

  @Test("T33: the form is found by structure, never by api_version")
  func apiVersion() throws {
    #expect(try Body(fixture: "traps/T33.json").events().map(\.event.form) == [.g5, .g5, .g5])
  }

  @Test("T34: empty objects are kept and are not the same as missing ones")
  func emptyObjects() throws {
    let body = try Body(fixture: "traps/T34.json")
    let decoded = try body.event()
    #expect(decoded.original == body.bytes)
    #expect(decoded.event.form == .g2)
    let text = decoded.originalText
    let others = [
      text.replacing(#", "box_fiqa_info": {}"#, with: ""), text.replacing(#""box_fiqa_info": {}"#, with: #""box_fiqa_info": []"#),
      text.replacing(#""box_fiqa_info": {}"#, with: #""box_fiqa_info": null"#),
      text.replacing(#""box_fiqa_info": {}"#, with: #""box_fiqa_info": """#),
    ]
    #expect(try Set((others + [text]).map { try Body($0).event().event.id }).count == 5)
  }

  @Test("Every trap has a fixture and a test")
  func allTraps() throws {
    let numbers = Set(try Fixtures.paths(in: "traps").compactMap { Int($0.dropFirst("traps/T".count).prefix(2)) })
    #expect(numbers == Set(1...34))
  }
}
