import EventCoding
import FaceEvents
import TestSupport
import Testing

/// The id that a reporter sends along is kept when the content agrees, or when only pictures were switched off on the way (design.md 4).
@Suite struct IdempotencyKeyTests {
  static let warning = "Idempotency-Key is not the id of this event; it was stored under its own id"

  static func event(_ text: String, key: EventID, kind: RouteKind = .history) throws -> FaceEvent {
    var body = Body(text, kind: kind)
    body.idempotencyKey = key
    return try body.event().event
  }

  static func text(_ form: EventForm) throws -> String {
    String(decoding: try Fixtures.bytes("events/\(form.rawValue).json"), as: UTF8.self)
  }

  @Test("The event's own id is its key", arguments: Fixtures.eventForms)
  func own(_ form: EventForm) throws {
    let text = try Self.text(form)
    let plain = try Body(text).event().event
    let event = try Self.event(text, key: plain.id)
    #expect(event.id == plain.id)
    #expect(event.warnings == plain.warnings)
  }

  @Test("A key is kept when pictures were replaced by an empty string, some or all", arguments: Fixtures.eventForms)
  func switchedOff(_ form: EventForm) throws {
    let decoded = try Body(try Self.text(form)).event()
    for kept in 0..<decoded.pictures.count {
      let some = decoded.pictures.enumerated().map { $0.offset == kept ? nil : $0.element }
      let only = decoded.pictures.enumerated().map { $0.offset == kept ? $0.element : nil }
      for pictures in [some, only, decoded.pictures.map { _ in nil }] where pictures.contains(where: { $0 == nil }) {
        let text = String(decoding: OriginalText.restore(decoded.event, pictures: pictures), as: UTF8.self)
        let event = try Self.event(text, key: decoded.event.id)
        #expect(event.id == decoded.event.id)
        #expect(event.contentDigest != decoded.event.contentDigest, "the store sees that it is not the whole event")
        #expect(!event.warnings.contains(Self.warning))
      }
    }
  }

  @Test(
    "A key is kept when the keys of pictures were left out",
    arguments: [
      (EventForm.g1, ["reg_pic"]), (.g1, ["spot_pic"]), (.g1, ["reg_pic", "spot_pic"]), (.g2, ["spot_pic"]), (.g2, ["recognize_face"]),
      (.g3a, ["spot_pic", "recognize_face"]),
      (.g4a, ["reg_pic", "spot_pic", "ir_pic", "recognize_face"]), (.g5, ["reg_image"]), (.g5, ["spot_image", "recognize_face_image"]),
      (.r4, ["register_image"]),
    ] as [(EventForm, [String])])
  func leftOut(_ form: EventForm, _ keys: [String]) throws {
    let text = try Self.text(form)
    let whole = try Body(text).event().event
    var lines = text.split(separator: "\n")
    lines.removeAll { line in keys.contains { line.drop { $0 == " " }.hasPrefix("\"\($0)\"") } }
    let fewer = lines.joined(separator: "\n").replacing(",\n  }", with: "\n  }").replacing(",\n}", with: "\n}")
    try #require(fewer != text)
    let event = try Self.event(fewer, key: whole.id)
    #expect(event.id == whole.id)
    #expect(!event.warnings.contains(Self.warning))
  }

  @Test("A key is refused with a warning when anything else differs", arguments: Fixtures.eventForms)
  func otherContent(_ form: EventForm) throws {
    let text = try Self.text(form)
    let whole = try Body(text).event()
    let withoutPictures = String(decoding: OriginalText.restore(whole.event, pictures: whole.pictures.map { _ in nil }), as: UTF8.self)
    for changed in [text, withoutPictures].map({ $0.replacing("\"identity_id\": \"", with: "\"identity_id\": \"x") }) {
      let own = try Body(changed).event().event
      let event = try Self.event(changed, key: whole.event.id)
      #expect(event.id == own.id)
      #expect(event.warnings == own.warnings + [Self.warning])
    }
  }

  @Test("A key is refused when a picture differs and none is missing", arguments: [EventForm.g1, .g3a, .g4a, .r4])
  func otherPicture(_ form: EventForm) throws {
    let text = try Self.text(form)
    let whole = try Body(text).event().event
    let changed = text.replacing("AD8AN//Z", with: "AD8AO//Z")
    try #require(changed != text)
    let event = try Self.event(changed, key: whole.id)
    #expect(event.id != whole.id)
    #expect(event.id.sharesOutline(with: whole.id))
    #expect(event.warnings.contains(Self.warning))
  }

  @Test("A key of another time or another event is refused", arguments: [EventID(high: 0, low: 0), EventID(high: .max, low: .max)])
  func foreign(_ key: EventID) throws {
    let text = try Self.text(.g1)
    let own = try Body(text).event().event.id
    for key in [key, EventID(high: own.high ^ 1 << 16, low: own.low), EventID(high: own.high, low: own.low ^ 1 << 40)] {
      let event = try Self.event(text, key: key)
      #expect(event.id == own)
      #expect(event.warnings == [Self.warning])
    }
  }

  @Test("A form keeps its key like JSON does")
  func form() throws {
    let whole = try Body(try Self.text(.g1)).event()
    let bare = OriginalText.restore(whole.event, pictures: whole.pictures.map { _ in nil })
    let encoded = try #require(FormDataEncoder().encode(bare))
    var body = Body(encoded.body, encoded.contentType)
    body.idempotencyKey = whole.event.id
    #expect(try body.event().event.id == whole.event.id)
  }
}
