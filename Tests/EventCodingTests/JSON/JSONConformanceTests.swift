import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

@Suite struct JSONConformanceTests {
  static func scan(_ text: [UInt8], depthMax: Int = 64, valuesMax: Int = 1000) throws -> JSONDocument {
    try text.withUnsafeBytes { try JSONScanner.scan($0, depthMax: depthMax, valuesMax: valuesMax) }
  }

  static func tokens(_ document: JSONDocument) -> [ReferenceJSON.Token] {
    document.values.map { value in
      let kind: Character =
        switch value.kind {
        case .object: "{"
        case .array: "["
        case .string: "s"
        case .number: "n"
        case .isTrue: "t"
        case .isFalse: "f"
        case .null: "z"
        }
      return ReferenceJSON.Token(kind: kind, start: Int(value.start), end: Int(value.end), key: value.keyStart < 0 ? nil : value.keyRange)
    }
  }

  /// A member before and after it, so that nothing is the first or the last.
  static func embedded(_ text: [UInt8]) -> [UInt8] { Array(#"{"identity_id":"a","x":"#.utf8) + text + Array(#","y":1}"#.utf8) }

  @Test(
    "What is JSON is accepted, bare and as a member's value, and comes back byte for byte",
    arguments: JSONCases.valid + JSONCases.loneSurrogates)
  func accepts(_ text: String) throws {
    let bytes = Array(text.utf8)
    let document = try Self.scan(bytes)
    #expect(Self.tokens(document) == ReferenceJSON.tokens(bytes))
    #expect(!document.hasInvalidUTF8)
    let body = Body(Self.embedded(bytes))
    let decoded = try body.event()
    #expect(decoded.original == body.bytes)
    #expect(decoded.event.encoding == .json)
    #expect(!decoded.event.warnings.contains { $0.contains("UTF-8") })
  }

  @Test("What is not JSON is refused, bare and as a member's value", arguments: JSONCases.invalid)
  func refuses(_ text: String) throws {
    let bytes = Array(text.utf8)
    #expect(ReferenceJSON.tokens(bytes) == nil)
    #expect(throws: JSONError.self) { try Self.scan(bytes) }
    let body = Body(Self.embedded(bytes))
    guard ReferenceJSON.tokens(body.bytes) == nil else { return }  // "1," and its like only are wrong when they stand alone
    let error = try body.error()
    #expect(error.code == .malformed)
    #expect(error.message.hasPrefix("the body is not JSON: "))
    #expect(error.body.array == body.bytes)
  }

  @Test("What is not JSON is refused as a whole body", arguments: JSONCases.invalid, ["application/json", nil])
  func refusesBare(_ text: String, _ type: String?) throws {
    let error = try Body(text, type).error()
    #expect(error.body.array == Array(text.utf8))
    #expect([.malformed, .empty, .notAnEvent].contains(error.code))
  }

  @Test("Bytes that are not UTF-8 are kept as sent, with a warning", arguments: JSONCases.notUTF8)
  func notUTF8(_ bytes: [UInt8]) throws {
    for text in [bytes, Array("1234567".utf8) + bytes, Array("12345678".utf8) + bytes + Array("12345678".utf8)] {
      let quoted = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
      #expect(try Self.scan(quoted).hasInvalidUTF8)
      let body = Body(Self.embedded(quoted))
      let decoded = try body.event()
      #expect(decoded.original == body.bytes)
      #expect(decoded.event.warnings.contains("some text is not UTF-8; its bytes are kept as sent"))
    }
  }

  @Test("Bytes that are not UTF-8 are refused outside strings", arguments: JSONCases.notUTF8)
  func notUTF8Outside(_ bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try Self.scan([UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]) }
  }

  @Test("A byte order mark is skipped in front of a body and refused anywhere else")
  func byteOrderMark() throws {
    let mark = "\u{FEFF}"
    #expect(try Body(mark + #"{"identity_id":"a"}"#).event().event.person.id == "a")
    #expect(try Body(mark + #" [{"identity_id":"a"}]"#).events().count == 1)
    for text in [mark + mark + "{}", " " + mark + #"{"identity_id":"a"}"#, #"{"identity_id":"a"}"# + mark, #"{"identity_id":\#(mark)"a"}"#]
    {
      #expect(try Body(text).error().code == .malformed)
    }
  }

  @Test("Every beginning of a text is refused, whatever was cut off", arguments: [EventForm.g2, .g3c, .g5, .r3])
  func truncated(_ form: EventForm) throws {
    let bytes = try Fixtures.bytes("events/variants/\(form.rawValue).escaped.json")
    for end in 0..<bytes.count {
      let error = try #require(throws: JSONError.self) { try Self.scan(Array(bytes[..<end])) }
      #expect(error.reason == .unexpectedEnd)
      #expect(error.offset == end)
    }
  }

  @Test("Every byte of a small text, replaced by every other byte, is judged as the reference judges it")
  func everyByte() {
    let text = Array(#"{"a\n":[1.5e-3,"b",true,null],"":-0}"#.utf8)
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        let found = try? Self.scan(changed)
        #expect(found.map(Self.tokens) == ReferenceJSON.tokens(changed), "byte \(byte) at \(index)")
      }
    }
  }

  @Test("Random texts are judged as the reference judges them", arguments: 0..<8)
  func random(_ seed: UInt64) {
    var random = Seeded(seed)
    let tokens = [
      "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u00e9\"", "\"\\ud800\"", "0", "-1", "1.5", "2e3", "01", "1.", "true", "false",
      "null", "nul", " ", "\n", "\u{B}", "é",
      "\\", "[]", "{}", "\"k\":", "\"k\":1,", "[1,2]", "NaN", "\u{1}", "'a'", "/",
    ].map { Array($0.utf8) }
    var accepted = 0
    for _ in 0..<1500 {
      var text: [UInt8] = random.chance(50) ? [] : tree(&random, 4)
      for _ in 0..<random.int(0..<(text.isEmpty ? 9 : 3)) {
        let at = random.int(0..<text.count + 1)
        if random.chance(70) { text.insert(contentsOf: random.pick(tokens), at: at) } else if at < text.count { text.remove(at: at) }
      }
      let found = try? Self.scan(text)
      if found != nil { accepted += 1 }
      #expect(found.map(Self.tokens) == ReferenceJSON.tokens(text), "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }
    #expect(accepted > 200, "seed \(seed)")
  }

  private func tree(_ random: inout Seeded, _ depth: Int) -> [UInt8] {
    let blank = random.pick(["", "", " ", "\r\n", "\t "])
    let leaf = random.pick(["1", "-0.5e+2", "\"\"", "\"x\\\"y\"", "\"林\"", "true", "false", "null"])
    guard depth > 0, random.chance(60) else { return Array((blank + leaf + blank).utf8) }
    let isObject = random.chance(50)
    var out = Array((blank + (isObject ? "{" : "[") + blank).utf8)
    for index in 0..<random.int(0..<4) {
      if index > 0 { out += Array(",".utf8) }
      if isObject { out += Array("\(blank)\"k\(index)\"\(blank):".utf8) }
      out += tree(&random, depth - 1)
    }
    return out + Array((isObject ? "}" : "]").utf8)
  }

  @Test("Values are linked to the one after them")
  func links() throws {
    let document = try Self.scan(Array(#"{"a":[1,[2,3],{}],"b":{"c":4},"d":5}"#.utf8))
    #expect(document.values.map(\.next) == [10, 7, 3, 6, 5, 6, 7, 9, 9, 10])
    #expect(Array(document.children(of: 0)) == [1, 7, 9])
    #expect(Array(document.children(of: 1)) == [2, 3, 6])
    #expect(Array(document.children(of: 6)) == [])
  }

  @Test("The structure of a value takes 24 bytes") func size() { #expect(MemoryLayout<JSONDocument.Value>.stride == 24) }
}
