import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

/// What a target gets, put through a receiver again.
@Suite struct EventRenderingTests {
  /// Every spelling of base64 in JSON that can be written back.
  static let spellings: [PictureText] = {
    var uri = PictureText()
    uri.prefix = Array("data:image/jpeg;base64,".utf8)
    var escapedURI = uri
    escapedURI.prefix = Array(#"data:image\/jpeg;base64,"#.utf8)
    escapedURI.hasEscapedSlashes = true
    var slashes = PictureText()
    slashes.hasEscapedSlashes = true
    var urlSafe = PictureText()
    (urlSafe.isURLSafe, urlSafe.isPadded) = (true, false)
    var lines = PictureText()
    (lines.lineLength, lines.lineBreak, lines.endsWithLineBreak) = (76, Array(#"\r\n"#.utf8), true)
    return [.canonical, uri, escapedURI, slashes, urlSafe, lines]
  }()

  private static func picture(_ seed: UInt64, _ byteCount: Int) -> [UInt8] {
    [0xFF, 0xD8, 0xFF] + SamplePictures.picture(seed, byteCount: byteCount).bytes.array
  }

  /// A G4 with a picture of each spelling under each of the documented keys, small and large, and one under a key of its own.
  private static func text(_ spelling: PictureText, _ byteCount: Int) -> [UInt8] {
    func value(_ seed: UInt64) -> String {
      "\"" + String(decoding: spelling.text(of: SharedBytes(picture(seed, byteCount + Int(seed)))), as: UTF8.self) + "\""
    }
    return Array(
      """
      {"identity_id": "E-1", "identity_name": "Lin", "timestamp": 1709626502345, "score": 82.50,
       "reg_pic": \(value(1)), "identity_info": {},"spot_pic": \(value(2)) , "dev_sno": "FOG1",
       "recognize_face":\(value(3)), "x": [{"ir_pic": \(value(4))}], "want_action": "0", "person_type": 1,
       "recognize_face_attr": {"spot_pic": \(value(5)), "mask": "2"}, "x_snapshot": \(value(6))}
      """.utf8)
  }

  private static func rendered(_ decoded: Decoded, _ rendering: EventRendering) throws -> (body: [UInt8], contentType: String) {
    var inline: [Int: SharedBytes] = [:]
    for index in rendering.inlinePictures(of: decoded.event) { inline[index] = decoded.pictures[index] }
    let body = try #require(rendering.body(of: decoded.event, inline: inline))
    var bytes: [UInt8] = []
    for piece in body.pieces {
      switch piece {
      case .text(let text): bytes += text
      case .picture(let index, let text):
        let written = text.text(of: decoded.pictures[index])
        if let count = text.textCount(ofPictureOf: decoded.pictures[index].count) { #expect(count == written.count) }
        bytes += written
      }
    }
    return (bytes, body.contentType)
  }

  /// What the next node makes of it.
  private static func received(_ body: (body: [UInt8], contentType: String), key: EventID) throws -> Decoded {
    var request = Body(body.body, body.contentType)
    request.idempotencyKey = key
    return try request.event()
  }

  @Test("With all pictures, JSON is the sender's text byte for byte, and form-data the same event", arguments: spellings, [40, 9_000])
  func everything(_ spelling: PictureText, _ byteCount: Int) throws {
    let text = Self.text(spelling, byteCount)
    let decoded = try Body(text, "application/json").event()
    // Under a key that nobody knows, a picture is only known by how its plain base64 begins.
    try #require(decoded.pictures.count == (spelling.isURLSafe ? 5 : 6))
    for offPicture in OffPicture.allCases {
      let all = Set(PictureRole.allCases)
      let json = try Self.rendered(decoded, EventRendering(format: .json, pictures: all, offPicture: offPicture))
      #expect(json.body == text)
      let form = try Self.rendered(decoded, EventRendering(format: .formData, pictures: all, offPicture: offPicture))
      #expect(form.contentType.hasPrefix("multipart/form-data"))
      let again = try Self.received(form, key: decoded.event.id)
      #expect(again.event.contentDigest == decoded.event.contentDigest)
      #expect(again.event.id == decoded.event.id && !again.event.warnings.contains(IdempotencyKeyTests.warning))
    }
  }

  @Test("With pictures switched off the id stays, and exactly those pictures are gone", arguments: spellings)
  func switchedOff(_ spelling: PictureText) throws {
    let decoded = try Body(Self.text(spelling, 9_000), "application/json").event()
    for sent in [[], [.scene], [.scene, .face, .infrared], [.reference, .other]] as [Set<PictureRole>] {
      for format in TargetFormat.allCases {
        for offPicture in OffPicture.allCases {
          let body = try Self.rendered(decoded, EventRendering(format: format, pictures: sent, offPicture: offPicture))
          let again = try Self.received(body, key: decoded.event.id)
          #expect(again.event.id == decoded.event.id, "\(format) \(offPicture) \(sent.map(\.word))")
          let expected = zip(decoded.event.pictures, decoded.pictures).filter { sent.contains($0.0.role) }.map(\.1)
          #expect(again.pictures == expected)
          // And so does the id at the node after that.
          let further = try Self.rendered(again, EventRendering(format: .json, pictures: Set(PictureRole.allCases), offPicture: .empty))
          #expect(try Self.received(further, key: again.event.id).event.id == decoded.event.id)
        }
      }
    }
  }

  @Test("A picture whose spelling nobody can describe is taken out of the text as well")
  func undescribed() throws {
    // Line breaks at uneven places.
    let base64 = String(decoding: PictureText.canonical.text(of: SharedBytes(Self.picture(1, 200))), as: UTF8.self)
    let odd = base64.prefix(10) + #"\n"# + base64.dropFirst(10).prefix(7) + #"\n"# + base64.dropFirst(17)
    let text = #"{"identity_id":"E","timestamp":1709626502345,"reg_pic":"\#(odd)","ext_data":{"spot_pic":"\#(base64)","dev_sno":"F"}}"#
    let decoded = try Body(text, "application/json").event()
    try #require(decoded.event.pictures.map { $0.cut == nil } == [true, false])
    let empty = try Self.rendered(decoded, EventRendering(format: .json, pictures: [.scene], offPicture: .empty))
    #expect(String(decoding: empty.body, as: UTF8.self) == text.replacing(odd, with: ""))
    let omitted = try Self.rendered(decoded, EventRendering(format: .json, pictures: [], offPicture: .omit))
    #expect(String(decoding: omitted.body, as: UTF8.self) == #"{"identity_id":"E","timestamp":1709626502345,"ext_data":{"dev_sno":"F"}}"#)
    #expect(try Self.received(omitted, key: decoded.event.id).event.id == decoded.event.id)
  }

  @Test(
    "A member that is left out takes one comma with it, wherever it stands",
    arguments: [
      (#"{"reg_pic":"P","identity_id":"E"}"#, #"{"identity_id":"E"}"#),
      (#"{"identity_id":"E" , "reg_pic" : "P"}"#, #"{"identity_id":"E"}"#),
      (#"{"identity_id":"E","reg_pic":"P","x":1}"#, #"{"identity_id":"E","x":1}"#),
      (#"{"reg_pic":"P","spot_pic":"P","identity_id":"E","ir_pic":"P","recognize_face":"P"}"#, #"{"identity_id":"E"}"#),
      (#"{ "reg_pic":"P" }"#, #"{  }"#),
      (#"{"identity_id":"E","ext_data":{"spot_pic":"P"},"reg_pic":"P"}"#, #"{"identity_id":"E","ext_data":{}}"#),
    ])
  func commas(_ text: String, _ expected: String) throws {
    let base64 = String(decoding: PictureText.canonical.text(of: SharedBytes(Self.picture(1, 200))), as: UTF8.self)
    let decoded = try Body(text.replacing("\"P\"", with: "\"\(base64)\""), "application/json").event()
    let body = try Self.rendered(decoded, EventRendering(format: .json, pictures: [], offPicture: .omit))
    #expect(String(decoding: body.body, as: UTF8.self) == expected)
  }

  @Test("Small pictures that look like a number in a form are still pictures")
  func digits() throws {
    let text = #"{"identity_id":"E","timestamp":1709626502345,"reg_pic":"123456789012345678901234"}"#
    let decoded = try Body(text, "application/json").event()
    try #require(decoded.pictures.count == 1)
    let form = try Self.rendered(decoded, EventRendering(format: .formData, pictures: Set(PictureRole.allCases), offPicture: .empty))
    #expect(try Self.received(form, key: decoded.event.id).event.contentDigest == decoded.event.contentDigest)
  }

  @Test("What no form can carry goes as JSON")
  func noForm() throws {
    let text = #"{"identity_id":"E","timestamp":1709626502345,"a%22b":1}"#
    let decoded = try Body(text, "application/json").event()
    let body = try Self.rendered(decoded, EventRendering(format: .formData, pictures: [], offPicture: .empty))
    #expect(body.contentType == "application/json" && String(decoding: body.body, as: UTF8.self) == text)
  }
}
