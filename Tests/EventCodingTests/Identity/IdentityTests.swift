import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

@Suite struct IdentityTests {
  static let seeds: [UInt64] = Array(0..<12)

  @Test("The same event as JSON and as form-data of our own encoder has the same id", arguments: Fixtures.eventForms + [.unknown], seeds)
  func formData(_ form: EventForm, _ seed: UInt64) throws {
    var events = RandomEvents(seed)
    for _ in 0..<3 {
      let json = events.event(form).json
      let expected = try Body(json).event()
      let encoded = try #require(FormDataEncoder().encode(Array(json.utf8)), "seed \(seed): \(json)")
      let decoded = try Body(encoded.body, encoded.contentType).event()
      #expect(decoded.event.id == expected.event.id, "seed \(seed): \(json)")
      #expect(decoded.event.contentDigest == expected.event.contentDigest, "seed \(seed): \(json)\n\(decoded.originalText)")
      #expect(decoded.event.encoding == .formData)
      #expect(decoded.event.form == expected.event.form)
      #expect(Set(decoded.pictures.map(\.array)) == Set(expected.pictures.map(\.array)))
    }
  }

  @Test(
    "Order, blanks, escapes, and the spelling of numbers and pictures do not change the id", arguments: Fixtures.eventForms + [.unknown],
    seeds)
  func respelled(_ form: EventForm, _ seed: UInt64) throws {
    var events = RandomEvents(seed)
    for _ in 0..<3 {
      let tree = events.event(form)
      let expected = try Body(tree.json).event()
      #expect(expected.originalText == tree.json)
      let other = tree.write(.other, &events.random)
      let decoded = try Body(other).event()
      #expect(decoded.event.contentDigest == expected.event.contentDigest, "seed \(seed): \(tree.json)\n\(other)")
      #expect(decoded.event.id == expected.event.id, "seed \(seed)")
      #expect(decoded.originalText == other, "seed \(seed)")
      let encoded = try #require(FormDataEncoder().encode(Array(other.utf8)))
      #expect(try Body(encoded.body, encoded.contentType).event().event.id == expected.event.id, "seed \(seed): \(other)")
    }
  }

  @Test("Any difference in any member gives another id", arguments: Fixtures.eventForms, [1, 2] as [UInt64])
  func differences(_ form: EventForm, _ seed: UInt64) throws {
    var events = RandomEvents(seed)
    let tree = events.event(form)
    let whole = try Body(tree.json).event().event
    for change in tree.changes() {
      guard let other = try? Body(change.tree.json).event().event else { continue }
      #expect(other.contentDigest != whole.contentDigest, "seed \(seed), \(change.what): \(tree.json)")
      #expect(other.id != whole.id, "seed \(seed), \(change.what): \(tree.json)")
    }
  }

  @Test(
    "Numbers are compared by value, exactly, and never as text",
    arguments: [
      (["82", "82.0", "8.2e1", "820E-1", "82.000", "0.82e2", "8200e-2"], "82.0000000000000000000000000001"),
      (["0", "-0", "0.0", "0e5", "-0.0e-9", "0E+1"], "1e-400"),
      (["1e400", "10e399", "0.1e401"], "1e401"), (["9007199254740993", "9007199254740993.0"], "9007199254740992"),
      (["-1.5", "-15e-1"], "1.5"),
      (["1e1152921504606846000", "1e1152921504606846000"], "1e1152921504606846001"), (["1e99999999999999999999"], "1e99999999999999999998"),
    ])
  func numbers(_ same: [String], _ other: String) throws {
    func id(_ number: String) throws -> EventID { try Body(#"{"identity_id":"a","x":\#(number)}"#).event().event.id }
    #expect(try Set(same.map(id)).count == 1)
    #expect(try id(other) != id(same[0]))
    #expect(try Body(#"{"identity_id":"a","x":"\#(same[0])"}"#).event().event.id != id(same[0]))
  }

  @Test("Texts are compared byte for byte: no normal form is applied, and no escape makes a difference")
  func texts() throws {
    func id(_ text: String) throws -> EventID { try Body(#"{"identity_id":"a","x":"\#(text)"}"#).event().event.id }
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(try id(composed) != id(decomposed))
    #expect(try id(composed) == id(#"\u00e9"#))
    #expect(try id("a/b") == id(#"a\/b"#))
    #expect(try id("😀") == id(#"\ud83d\ude00"#))
    #expect(try id(#"\ud83d"#) != id(#"\ude00"#))
    #expect(try id("a") != id("A"))
  }

  @Test("Trees that hold the same pieces in another arrangement are different events")
  func arrangements() throws {
    let texts = [
      #"{"identity_id":"a","x":{"y":{"z":1}}}"#, #"{"identity_id":"a","x":{"y":{}},"z":1}"#, #"{"identity_id":"a","x":{"y":1,"z":1}}"#,
      #"{"identity_id":"a","x":["y","z",1]}"#,
      #"{"identity_id":"a","x":[["y"],"z",1]}"#, #"{"identity_id":"a","x":["y",["z"],1]}"#, #"{"identity_id":"a","x":["yz",1]}"#,
      #"{"identity_id":"a","xy":["z",1]}"#,
      #"{"identity_id":"a","x":"yz1"}"#, #"{"identity_id":"a","x":[]}"#, #"{"identity_id":"a","x":[[]]}"#,
      #"{"identity_id":"a","x":[[],[]]}"#, #"{"identity_id":"a","x":{}}"#,
      #"{"identity_id":"a","x":[{}]}"#, #"{"identity_id":"a","x":""}"#, #"{"identity_id":"a","x":[""]}"#, #"{"identity_id":"a","":"x"}"#,
      #"{"identity_id":"a"}"#,
      #"{"identity_id":"a","x":1,"x":2}"#, #"{"identity_id":"a","x":2,"x":1}"#, #"{"identity_id":"a","x":2}"#,
      #"{"identity_id":"a","x":2,"x":2}"#,
    ]
    #expect(try Set(texts.map { try Body($0).event().event.contentDigest }).count == texts.count)
  }

  @Test("A name that occurs twice is kept, warned of, and the last one counts")
  func repeatedNames() throws {
    let body = Body(#"{"identity_id":"a","identity_id":"b","ext_data":{"dev_sno":"x","dev_sn\u006f":"y"}}"#)
    let decoded = try body.event()
    #expect(decoded.event.person.id == "b")
    #expect(decoded.event.box.code == "y")
    #expect(decoded.original == body.bytes)
    #expect(decoded.event.warnings.contains("a name occurs twice in one object; the last one counts"))
    #expect(try !Body(#"{"identity_id":"a","x":{"identity_id":"b"}}"#).event().event.warnings.contains { $0.contains("twice") })
    let encoded = try #require(FormDataEncoder().encode(body.bytes))
    #expect(try Body(encoded.body, encoded.contentType).event().event.id == decoded.event.id)
  }

  @Test("An id is a UUIDv8 with the event time in front", arguments: Fixtures.eventForms)
  func layout(_ form: EventForm) throws {
    let event = try Body(fixture: "events/\(form.rawValue).json").event().event
    #expect(event.id.milliseconds == event.time.milliseconds)
    #expect(event.id.high >> 12 & 0xF == 8)
    #expect(event.id.low >> 62 == 0b10)
    #expect(EventID(event.id.description) == event.id)
  }

  @Test("An event without a time of its own has 0 in front, so that a resend has the same id")
  func withoutTime() throws {
    for text in [#"{"identity_id":"a"}"#, #"{"identity_id":"a","timestamp":12}"#, #"{"identity_id":"a","timestamp":"noon"}"#] {
      var late = Body(text)
      let event = try late.event().event
      #expect(event.id.milliseconds == 0)
      #expect(event.time == Body.arrival)
      #expect(!event.hasOwnTime)
      late.query = "later=1"
      #expect(try late.event().event.id == event.id)
    }
  }

  @Test(
    "Times are sorted by their size",
    arguments: [
      ("1709626502345", 1_709_626_502_345), ("100000000000", 100_000_000_000), ("99999999999", 99_999_999_999_000),
      ("1709626502", 1_709_626_502_000),
      ("1709626502.3456", 1_709_626_502_346), ("1000000000", 1_000_000_000_000), ("999999999", nil), ("0", nil), ("-1709626502345", nil),
      ("1.709626502345e12", 1_709_626_502_345),
      ("1709626502345.0", 1_709_626_502_345), ("281474976710655", 281_474_976_710_655), ("281474976710656", nil), ("1709626502345000", nil),
      ("1e400", nil),
      ("\"1709626502345\"", 1_709_626_502_345), ("\"1709626502.3451\"", 1_709_626_502_345), ("\"\"", nil), ("\"2024-03-05\"", nil),
      ("\"nan\"", nil), ("\"inf\"", nil), ("true", nil),
      ("[]", nil),
    ] as [(String, Int64?)])
  func times(_ text: String, _ expected: Int64?) throws {
    let body = Body(#"{"identity_id":"a","timestamp":\#(text)}"#)
    let decoded = try body.event()
    #expect(decoded.event.hasOwnTime == (expected != nil))
    #expect(decoded.event.time.milliseconds == expected ?? Body.arrival.milliseconds)
    #expect(
      decoded.event.warnings
        == (expected == nil ? ["timestamp is neither milliseconds nor seconds since 1970; the arrival time is used"] : []))
    #expect(decoded.original == body.bytes)
  }
}
