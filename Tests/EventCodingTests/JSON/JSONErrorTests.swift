import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

@Suite struct JSONErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var testDescription: String { text }
  }

  static let cases: [Case] = [
    Case(
      text: #"{"score": NaN}"#, message: #"NaN is not a JSON number (send null or leave the field out) in the value of "score", at byte 10"#
    ),
    Case(
      text: #"{"score": nan}"#, message: #"NaN is not a JSON number (send null or leave the field out) in the value of "score", at byte 10"#
    ),
    Case(
      text: #"{"score":Infinity}"#,
      message: #"Infinity is not a JSON number (send null or leave the field out) in the value of "score", at byte 9"#),
    Case(
      text: #"{"score":-Infinity}"#,
      message: #"-Infinity is not a JSON number (send null or leave the field out) in the value of "score", at byte 9"#),
    Case(
      text: #"{"e":{"point":[1,NaN]}}"#,
      message: #"NaN is not a JSON number (send null or leave the field out) in the value of "point", at byte 17"#),
    Case(
      text: #"{"point":[[-inf]]}"#,
      message: #"-Infinity is not a JSON number (send null or leave the field out) in the value of "point", at byte 11"#),
    Case(text: #"{"score":01}"#, message: #"a number is not written as JSON wants it in the value of "score", at byte 10"#),
    Case(text: #"{"a":tru}"#, message: #"a word that is not true, false or null in the value of "a", at byte 5"#),
    Case(text: #"{"a":'x'}"#, message: #"unexpected "'" in the value of "a", at byte 5"#),
    Case(text: #"{"a":"\q"}"#, message: #"a bad escape in a string in the value of "a", at byte 6"#),
    Case(text: "{\"a\":\"x\ny\"}", message: #"a raw line feed in a string (write it as an escape) in the value of "a", at byte 7"#),
    Case(text: "{\"a\":\"x\u{1}y\"}", message: #"a raw byte 0x1 in a string (write it as an escape) in the value of "a", at byte 7"#),
    Case(text: "{\"a\n\":1}", message: "a raw line feed in a string (write it as an escape), at byte 3"),
    Case(text: #"{"a":"x"#, message: #"the text ends too early in the value of "a", at byte 7"#),
    Case(text: #"{"a":1"#, message: "the text ends too early, at byte 6"),
    Case(text: #"{"a" 1}"#, message: #"unexpected "1", at byte 5"#),
    Case(text: #"{"ext_data":{"a" 1}}"#, message: #"unexpected "1" in the value of "ext_data", at byte 17"#),
    Case(text: #"{"a":1}}"#, message: "something follows the end of the value, at byte 7"),
    Case(text: #"{"a":1,}"#, message: #"unexpected "}", at byte 7"#),
    Case(text: "{\"a\":\u{C}1}", message: #"unexpected byte 0xc in the value of "a", at byte 5"#),
    Case(text: #"{"林":NaN}"#, message: "NaN is not a JSON number (send null or leave the field out), at byte 7"),
    Case(
      text: "{\"\(String(repeating: "n", count: 50))\":NaN}",
      message:
        "NaN is not a JSON number (send null or leave the field out) in the value of \"\(String(repeating: "n", count: 40))\", at byte 54"),
  ]

  @Test("A message says what is wrong, in which field, and where", arguments: cases)
  func messages(_ expected: Case) throws {
    let error = try Body(expected.text).error()
    #expect(error.code == .malformed)
    #expect(error.message == "the body is not JSON: " + expected.message)
    #expect(error.body.array == Array(expected.text.utf8))
  }

  @Test("64 levels are read, 65 are refused", arguments: [60, 63, 64, 65, 66, 1000, 100_000])
  func depth(_ levels: Int) throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      // The event itself is the first level.
      let inner = String(repeating: open, count: levels - 1) + "1" + String(repeating: close, count: levels - 1)
      let body = Body(#"{"identity_id":"a","x":\#(inner)}"#)
      if levels <= 64 {
        #expect(try body.event().original == body.bytes)
      } else {
        let error = try body.error()
        #expect(error.code == .malformed)
        #expect(error.message.contains("nested deeper than 64 levels"))
      }
    }
  }

  @Test("The depth limit is a setting", arguments: [1, 2, 7])
  func depthSetting(_ limit: Int) throws {
    for levels in [limit, limit + 1] {
      let text = Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
      let found = Result { try JSONConformanceTests.scan(text, depthMax: limit) }
      #expect((try? found.get()) != nil || levels > limit)
      #expect((try? found.get()) == nil || levels == limit)
    }
  }

  @Test("As many values as the limit says are read, and no more", arguments: [5, 1000, 262_144])
  func values(_ limit: Int) throws {
    #expect(EventDecoder.Limits().valuesMax == 262_144)
    // The object, its identity, the array and what is in it.
    for (count, isRead) in [(limit - 3, true), (limit - 2, false)] {
      let text = #"{"identity_id":"a","x":["# + String(repeating: "1,", count: count - 1) + "1]}"
      if isRead {
        #expect(try JSONConformanceTests.scan(Array(text.utf8), valuesMax: limit).values.count == limit)
      } else {
        var body = Body(text)
        body.decoder.limits.valuesMax = limit
        let place = #"in the value of "x", at byte \#(body.bytes.count - 3)"#
        #expect(try body.error().message == "the body is not JSON: more than \(limit) values in one body \(place)")
      }
    }
  }
}
