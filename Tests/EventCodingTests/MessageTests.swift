import EventCoding
import FaceEvents
import TestSupport
import Testing

/// Messages say what, where and what to do, and never who.
@Suite struct MessageTests {
  static let secrets = Fixtures.personNames + Fixtures.pictureTexts + ["E-20417", "token=abc"]

  static func leaks(_ texts: [String]) -> [String] { texts.filter { text in secrets.contains { text.contains($0) } } }

  /// Everything of an answer that people or logs get to see.
  static func shown(_ decoded: DecodedRequest) -> [String] {
    var texts: [String] = []
    for element in decoded.elements {
      switch element {
      case .success(.event(let event, let pictures)):
        texts += event.warnings + [String(describing: event), String(reflecting: event), "\(pictures)"]
      case .success(.status(let report)): texts += report.warnings + [String(describing: report), String(reflecting: report)]
      case .failure(let error): texts += [error.message, String(describing: error), String(reflecting: error)]
      }
    }
    var dumped = ""
    dump(decoded, to: &dumped)
    return texts + [dumped, String(describing: decoded), String(reflecting: decoded)]
  }

  @Test("No answer shows a name or a picture, whatever is damaged", arguments: 0..<6)
  func noLeaks(_ seed: UInt64) {
    var random = Seeded(seed)
    for (path, original) in HostileTests.bodies {
      var body = original
      body.query = "token=abc"
      if random.chance(80) { body.bytes[random.int(0..<body.bytes.count)] = random.pick(Array("{}[],:\"\\'=&x".utf8)) }
      if random.chance(30) { body.bytes.removeLast(random.int(0..<body.bytes.count)) }
      body.decoder.isStrict = random.chance(50)
      #expect(Self.leaks(Self.shown(body.decode())) == [], "seed \(seed), \(path)")
    }
  }

  @Test("A request prints no name, picture or token")
  func request() throws {
    let body = try Body(fixture: "events/G1.json")
    let request = EncodedRequest(
      body: body.storage, contentType: "application/json", kind: .history,
      source: RequestSource(address: "192.0.2.7", path: "/HistoryEvent", query: "token=abc"),
      receivedAt: Body.arrival)
    var dumped = ""
    dump(request, to: &dumped)
    #expect(Self.leaks([dumped, String(describing: request), String(reflecting: request)]) == [])
  }

  @Test(
    "Every error says what to do, or what is wrong and where",
    arguments: [
      ("", "send the event"), ("{}", "send at least one of them"), ("[]", "send at least one event"), ("{", "at byte 1"),
      ("{\"identity_id\":NaN}", "send null or leave the field out"),
      ("5", "an event is a JSON object"), ("--b\r\nx", "send it again whole"),
      ("--b\r\n\r\nx\r\n--b--", "begin it with Content-Disposition"),
      (String(repeating: "a=1&", count: 300), "send fewer"), ("\u{0}{\u{0}}", "JSON is UTF-8"),
    ])
  func remedies(_ text: String, _ remedy: String) throws {
    let message = try Body(text).error().message
    #expect(message.contains(remedy), "\(message)")
  }

  @Test("A long name of a field is cut short in a message")
  func longNames() throws {
    let name = String(repeating: "n", count: 3000)
    for text in [
      "{\"\(name)\":NaN}",
      "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"f\"\r\n\r\n\u{0}\u{1}\r\n"
        + "--b\r\nContent-Disposition: form-data; name=\"identity_id\"\r\n\r\na\r\n--b--",
    ] {
      let decoded = Body(text).decode()
      for shown in decoded.errors.map(\.message) + decoded.events.flatMap(\.event.warnings) { #expect(shown.utf8.count < 300) }
    }
  }
}
