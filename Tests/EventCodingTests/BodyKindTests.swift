import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct BodyKindTests {
  @Test("An empty body is refused as empty", arguments: ["", " ", "\r\n\t ", "\u{FEFF}", "\u{FEFF}\n"])
  func empty(_ text: String) throws {
    for type in [nil, "application/json", "application/x-www-form-urlencoded"] {
      let error = try Body(text, type).error()
      #expect(error.code == .empty)
      #expect(error.message == "the body is empty; send the event as JSON or as a form")
      #expect(error.body.array == Array(text.utf8))
    }
  }

  @Test(
    "JSON that is no object is not an event",
    arguments: [
      ("null", "null"), ("true", "true or false"), ("false", "true or false"), ("12", "a number"), ("\"x\"", "a string"),
      (" \"a=b\" ", "a string"),
    ])
  func noObject(_ json: String, _ name: String) throws {
    let error = try Body(json, "application/json").error()
    #expect(error.code == .notAnEvent)
    #expect(error.message == "an event is a JSON object, this is \(name)")
    #expect(error.body.array == Array(json.utf8))
  }

  @Test(
    "UTF-16 and UTF-32 are refused by name",
    arguments: [
      [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], [0x00, 0x7B, 0x00, 0x7D], [0x7B, 0x00, 0x7D, 0x00],
      [0x00, 0x00, 0x00, 0x7B], [0x7B, 0x00, 0x00, 0x00, 0x7D, 0x00, 0x00, 0x00], [0x5B, 0x00, 0x5D, 0x00],
    ] as [[UInt8]])
  func wide(_ bytes: [UInt8]) throws {
    let error = try Body(bytes, "application/json").error()
    #expect(error.code == .malformed)
    #expect(error.message.contains("UTF-16"))
    #expect(error.message.contains("JSON is UTF-8"))
  }

  @Test("Text that is nothing at all is refused as JSON with the place", arguments: ["hello", "<event/>", "%7B", "é", "\u{0}", "a b=c"])
  func nothing(_ text: String) throws {
    let error = try Body(text).error()
    #expect(error.code == .malformed)
    #expect(error.message.hasPrefix("the body is not JSON: "))
    #expect(error.message.contains("at byte 0"))
  }

  @Test(
    "A urlencoded body is read whatever its type says",
    arguments: [
      nil, "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8", "text/plain", "application/json",
    ])
  func urlencoded(_ type: String?) throws {
    let event = try Body("identity_id=E-20417&score=0.71", type).event().event
    #expect(event.encoding == .urlencoded)
    #expect(event.person.id == "E-20417")
    #expect(event.score == Score(value: 0.71, scale: .unit))
  }

  @Test("A form without a boundary anywhere is refused with the remedy")
  func noBoundary() throws {
    let error = try Body("identity_id", "multipart/form-data").error()
    #expect(error.code == .malformed)
    #expect(error.message == "the form has no boundary: Content-Type must name the one that the body uses")
  }

  @Test("A form that ends too early is refused whole")
  func cutForm() throws {
    let message = try Fixtures.message("forms/curl-files.http")
    let cut = Body(Array(message.body.dropLast(60)), message.header("content-type"))
    let error = try cut.error()
    #expect(error.code == .malformed)
    #expect(error.message.hasPrefix("the form can't be read: "))
    #expect(error.body.array == cut.bytes)
  }

  @Test("A form may have as many parts as the limit says, and no more", arguments: ["urlencoded", "multipart"])
  func partsLimit(_ kind: String) throws {
    for (count, isRead) in [(256, true), (257, false)] {
      let names = (1..<count).map { "x\($0)" }
      let body =
        kind == "urlencoded"
        ? Body("identity_id=a&" + names.map { "\($0)=1" }.joined(separator: "&"))
        : Body(
          (["identity_id"] + names).map { "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n1\r\n" }.joined() + "--b--\r\n")
      if isRead {
        #expect(try body.event().event.warnings == ["timestamp is missing; the arrival time is used"])
      } else {
        #expect(try body.error().message.contains("more than 256"))
      }
    }
  }
}
