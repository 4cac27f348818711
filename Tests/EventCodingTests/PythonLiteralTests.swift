import FaceEvents
import Testing

@testable import EventCoding

@Suite struct PythonLiteralTests {
  static func json(_ text: String, depthMax: Int = 64) -> String? {
    Array(text.utf8).withUnsafeBytes { PythonLiteral.json($0, from: 0, depthMax: depthMax) }.map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  @Test(
    "What Python prints of a dictionary becomes the JSON that says the same",
    arguments: [
      ("{'a': 1}", #"{"a":1}"#), ("{'a': True, 'b': False, 'c': None}", #"{"a":true,"b":false,"c":null}"#),
      ("{'a': \"it's\"}", #"{"a":"it's"}"#),
      (#"{'a': 'say "hi"'}"#, #"{"a":"say \"hi\""}"#), (#"{'a': 'it\'s "so"'}"#, #"{"a":"it's \"so\""}"#), ("{'a': '林薇'}", #"{"a":"林薇"}"#),
      (#"{'a': 'x\ny\tz\\'}"#, #"{"a":"x\ny\tz\\"}"#), (#"{'a': '\x00\x1f\x7f'}"#, "{\"a\":\"\\u0000\\u001f\u{7F}\"}"),
      (#"{'a': '\u6797\U0001f600'}"#, #"{"a":"林😀"}"#),
      ("{'a': [1, 2.5, -3e-05]}", #"{"a":[1,2.5,-3e-05]}"#), ("{'a': (1, 2)}", #"{"a":[1,2]}"#), ("{'a': (1,)}", #"{"a":[1]}"#),
      ("{'a': []}", #"{"a":[]}"#),
      ("{'a': {}}", #"{"a":{}}"#), ("{'a': {'b': {'c': 'd'}}}", #"{"a":{"b":{"c":"d"}}}"#), ("[{'a': 1}, {'b': 2}]", #"[{"a":1},{"b":2}]"#),
      ("{'a': u'x', 'b': b'y'}", #"{"a":"x","b":"y"}"#), ("{'a': 1,}", #"{"a":1}"#), ("{'a': [1,],}", #"{"a":[1]}"#),
      ("{ 'a' : 1 }\n", #"{"a":1}"#),
      ("{'a': 1,  # the first\n 'b': 2}", #"{"a":1,"b":2}"#), ("{'a': 1, \"b\": 2}", #"{"a":1,"b":2}"#),
      (#"{'a': 'C:\q'}"#, #"{"a":"C:\\q"}"#), ("{'a': 12345678901234567890}", #"{"a":12345678901234567890}"#),
      (#"{'a': '\ud83d'}"#, #"{"a":"\ud83d"}"#), (#"{'a': '\ud83d\ude00'}"#, #"{"a":"\ud83d\ude00"}"#),
    ])
  func accepted(_ python: String, _ json: String) throws {
    #expect(Self.json(python) == json)
    #expect(ReferenceJSON.tokens(Array(json.utf8)) != nil)
  }

  @Test(
    "What is merely broken JSON does not pass for Python",
    arguments: [
      "", "{}", "[]", "['single']", "[1,]", "['a', 'b']", "[[{'a': 1}]]", #"{"a":True}"#, #"{"a":'x'}"#, #"{"a": 1,}"#, "{a: 1}", "'a'",
      "True", "None", "{1: 2}", "{None: 1}", "('a', 1)",
      "{'a'}", "{'a': }", "{'a': 1", "{'a': 'x}", "{'a': x}", "{'a': nan}", "{'a': inf}", "{'a': -inf}", "{'a': true}", "{'a': null}",
      "{'a': 1} {'b': 2}", "{'a': 1}x", "{'a': Truex}", "{'a': 1.}",
      "{'a': .5}", "{'a': 01}", "{'a': 0x1}", "{'a': 1_000}", "{'a': 1j}", "{'a': 'x' 'y'}", "{'a': datetime.datetime(2024, 3, 5)}",
      "{'a': Decimal('1')}", "{'a': {'b'}}", "{'a': [1 2]}", "{'a' 1}",
      "{'a': 'x\ny'}", #"{'a': '\x4'}"#, #"{'a': '\u67'}"#, #"{'a': '\U00110000'}"#, #"{'a': '\"#, "{'a': [}", "{'a': (1]}",
      "{'a': 1,, 'b': 2}", "{, 'a': 1}", "{'a': u}", "{'a': <object at 0x7f>}",
    ])
  func refused(_ python: String) throws {
    #expect(Self.json(python) == nil)
    let error = try Body(python, "application/json").error()
    #expect(error.body.array == Array(python.utf8))
  }

  @Test("A literal is as deep as JSON may be, and no deeper", arguments: [3, 63, 64, 65, 5000])
  func depth(_ levels: Int) throws {
    let text = "{'identity_id': 'a', 'x': " + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
    let decoded = Body(text).decode()
    #expect(decoded.events.count == (levels <= 64 ? 1 : 0))
    #expect(decoded.errors.count == (levels <= 64 ? 0 : 1))
  }

  @Test("Every beginning of a literal is refused")
  func truncated() {
    let text = Array(#"{'a': [True, None, (1, -2.5e3)], 'b': "it's", 'c': {'d': '\u6797\''}}"#.utf8)
    for end in 0..<text.count {
      #expect(text[..<end].withUnsafeBytes { PythonLiteral.json($0, from: 0, depthMax: 64) } == nil)
    }
    #expect(text.withUnsafeBytes { PythonLiteral.json($0, from: 0, depthMax: 64) } != nil)
  }

  @Test("A picture in a literal is a picture") func picture() throws {
    let picture = ReferenceBase64.encode(PictureTextTests.jpeg)
    let decoded = try Body("{'identity_id': 'a', 'reg_pic': '\(picture)', 'ext_data': {'spot_pic': None}}").event()
    #expect(decoded.pictures.map(\.array) == [PictureTextTests.jpeg])
    #expect(decoded.event.encoding == .pythonLiteral)
    let twin = try Body(#"{"ext_data":{"spot_pic":null},"reg_pic":"\#(picture)","identity_id":"a"}"#).event()
    #expect(decoded.event.id == twin.event.id)
  }

  @Test("A literal that is no event goes to the quarantine as it came") func quarantine() throws {
    let error = try Body("{'a': True}").error()
    #expect(error.code == .notAnEvent)
    #expect(error.body.array == Array("{'a': True}".utf8))
  }
}
