import Testing

extension EndToEnd {
  /// RFC 8259 against the live server: what is JSON is taken, what is not is 400, what is JSON and no event is 422.
  @Suite @BlockingThread struct Conformance {
    struct Case: CustomTestStringConvertible, Sendable {
      var body: [UInt8]
      var status: Int

      init(_ text: String, _ status: Int) { (body, self.status) = (Array(text.utf8), status) }
      init(bytes: [UInt8], _ status: Int) { (body, self.status) = (bytes, status) }

      /// `value` as a member of an event.
      static func member(_ value: String, _ status: Int) -> Case {
        Case(#"{"identity_id":"E-1","timestamp":1709626502345,"x":\#(value)}"#, status)
      }

      var testDescription: String { String(decoding: body.prefix(90), as: UTF8.self).debugDescription }
    }

    nonisolated static let valid: [Case] = [
      .member("1", 200), .member("-0", 200), .member("-0.0", 200), .member("1e5", 200), .member("1E+2", 200), .member("0e-1", 200),
      .member("123456789012345678901234567890", 200), .member("1e400", 200), .member("-1e-400", 200),
      .member("0.1000000000000000055511151231", 200),
      .member(#""""#, 200), .member(#""\"\\\/\b\f\n\r\t""#, 200), .member(#""\u0000""#, 200), .member(#""\uD83D\uDE00""#, 200),
      .member(#""\uD800""#, 200), .member(#""\uDE00\uD83D""#, 200), .member(#""\uFFFF""#, 200), .member("\"\u{7F}\"", 200),
      .member("\"\u{2028}\"", 200),
      .member("\"\u{10FFFF}\"", 200), .member("[]", 200), .member("{}", 200), .member("[[[[1]]],{\"a\":[]}]", 200), .member("null", 200),
      .member("true", 200), .member(" \t\r\n1 \t\r\n", 200), .member(#"{"":0}"#, 200), .member(#"{"a":1,"a":2}"#, 200),
      .member(String(repeating: "[", count: 62) + String(repeating: "]", count: 62), 200),
      Case(" \n{ \"identity_id\" : \"E-1\" }\n ", 200), Case("\u{FEFF}{\"identity_id\":\"E-1\"}", 200),
      Case(bytes: Array(#"{"identity_id":"E-1","x":""#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""}"#.utf8), 200),
    ]

    nonisolated static let noEvent: [Case] = [
      Case("{}", 422), Case("[]", 422), Case("[[]]", 207), Case("[{}]", 207), Case("42", 422), Case("-0.5e3", 422), Case("\"text\"", 422),
      Case("true", 422), Case("false", 422), Case("null", 422), Case(#"{"x":1}"#, 422), Case(#"{"identity_id":null}"#, 422),
      Case(" [ ] ", 422),
    ]

    nonisolated static let malformed: [Case] = [
      .member("01", 400), .member("-", 400), .member("+1", 400), .member(".5", 400), .member("1.", 400), .member("1e", 400),
      .member("1e+", 400),
      .member("0x1F", 400), .member("1_000", 400), .member("NaN", 400), .member("Infinity", 400), .member("-Infinity", 400),
      .member("1 2", 400),
      .member("True", 400), .member("nul", 400), .member("truefalse", 400), .member("undefined", 400), .member("'a'", 400),
      .member("[1,]", 400),
      .member("[,1]", 400), .member("[1,,2]", 400), .member("[1", 400), .member("[1}", 400), .member(#"{"a":1,}"#, 400),
      .member(#"{"a" 1}"#, 400),
      .member(#"{"a"}"#, 400), .member("{1:1}", 400), .member("{a:1}", 400), .member(#"{"a"::1}"#, 400), .member(#"{"a":}"#, 400),
      .member("\"\u{01}\"", 400), .member("\"a\nb\"", 400), .member("\"\t\"", 400), .member(#""\x41""#, 400), .member(#""\u12""#, 400),
      .member(#""\u00G0""#, 400), .member(#""\"#, 400), .member("1/*c*/", 400), .member("1//c\n", 400), .member("\u{A0}1", 400),
      .member(String(repeating: "[", count: 200) + String(repeating: "]", count: 200), 400), .member("", 400),
      Case(String(repeating: "[", count: 100_000), 400), Case(String(repeating: #"{"a":"#, count: 100_000), 400),
      Case(#"{"identity_id":"E-1"} x"#, 400), Case(#"{"identity_id":"E-1"}}"#, 400),
      Case(#"{"identity_id":"E-1"}{"identity_id":"E-2"}"#, 400),
      Case(#"{"identity_id":"E-1""#, 400), Case(#"{"identity_id":"E-1"#, 400), Case("{", 400), Case("[", 400), Case("]", 400),
      Case("}", 400),
      Case("", 400), Case("   \n", 400), Case(#"{"identity_id":"E-1",}"#, 400), Case("tru", 400), Case("\"open", 400), Case("*", 400),
      Case(bytes: [0xEF, 0xBB, 0xBF], 400), Case(bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], 400), Case(bytes: [0, 0x7B, 0, 0x7D], 400),
      Case(bytes: [0xFF], 400), Case(bytes: Array(#"{"identity_id":"E-1"}"#.utf8) + [0], 400),
    ]

    @Test("JSON is taken, malformed text is 400, JSON without an event is 422; the connection stays")
    func bodies() throws {
      let node = try Node.started()
      let connection = try HTTPConnection(port: node.port)
      var accepted: [[UInt8]] = []
      for test in Self.valid + Self.noEvent + Self.malformed {
        let response = try connection.exchange(HTTPRequest(body: test.body, type: "application/json"))
        #expect(response.status == test.status, "\(test.testDescription): \(response.status) \(response.text.prefix(200))")
        if test.status >= 400 {
          #expect(response.answer.map { $0.status != 0 && !$0.message.isEmpty } == true, "\(test.testDescription): \(response.text)")
        } else if test.status == 200 {
          accepted.append(test.body)
        }
      }
      // Some say the same, so they are one event, kept as it first came.
      let texts = try node.originals().texts
      #expect(texts.count > 20)
      for text in texts {
        #expect(accepted.contains(text), "an original that was not sent: \(String(decoding: text.prefix(90), as: UTF8.self))")
      }
      #expect(try node.stop().exit == .code(0))
      #expect(try node.verify().exit == .code(0))
    }

    @Test("a message says where the JSON breaks, and for NaN which field")
    func messages() throws {
      let node = try Node.started()
      let nan = try node.send(.json(#"{"identity_id":"E-1","score":NaN}"#))
      #expect(nan.answer?.message.contains("score") == true, "\(nan.text)")
      #expect(nan.answer?.message.contains("29") == true, "the byte offset of NaN: \(nan.text)")
      #expect(try node.send(.json("")).answer?.error?.code == 40002)
    }

    @Test("a Python literal is an event (T13); a wrong or missing Content-Type does not matter (T14)")
    func leniency() throws {
      let node = try Node.started()
      let literal = "{'identity_id': 'E-20417', 'score': 0.71, 'ext_data': {'device_type': '0', 'partial': False, 'hat': None}}"
      let json = #"{"identity_id": "E-20417", "score": 0.71, "ext_data": {"device_type": "0", "partial": false, "hat": null}}"#
      let id = try #require(try node.send(.json(json)).answer?.elements.first?.id)
      #expect(try node.send(.json(literal)).answer?.elements.first?.id == id)
      for type in [nil, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/jpeg", ";;;"] {
        let response = try node.send(HTTPRequest(body: Array(json.utf8), type: type))
        #expect(response.answer?.elements.first?.id == id, "\(type ?? "none"): \(response.text)")
      }
    }
  }
}
