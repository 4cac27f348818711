import Crypto
import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct OriginalTextTests {
  static let paths = (try? Fixtures.jsonEventPaths()) ?? []

  @Test("There are fixtures to restore") func hasPaths() { #expect(Self.paths.count > 90) }

  @Test("A JSON event comes back byte for byte, and its pictures are not in the stored text", arguments: paths)
  func byteForByte(_ path: String) throws {
    for kind in [RouteKind.history, .realtime] {
      let body = try Body(fixture: path, kind: kind)
      let decoded = try body.event()
      #expect(decoded.original == body.bytes)
      let stored = String(decoding: decoded.event.originalText.array, as: UTF8.self)
      if decoded.event.pictures.allSatisfy({ $0.cut != nil }), !path.contains("not-a-picture") {
        #expect(!stored.contains("/9j/2wBD"))
      }
    }
  }

  @Test("Each picture has the bytes and the SHA-256 that were sent", arguments: Fixtures.eventForms)
  func pictures(_ form: EventForm) throws {
    let decoded = try Body(fixture: "events/\(form.rawValue).json").event()
    for (picture, bytes) in zip(decoded.event.pictures, decoded.pictures) {
      let expected = try #require(Fixtures.Picture.allCases.first { $0.role == picture.role })
      #expect(try bytes.array == expected.bytes())
      #expect(picture.byteCount == 141)
      #expect(picture.digest.description.hasPrefix(expected.digestPrefix))
      #expect(picture.digest.bytes == Array(SHA256.hash(data: bytes.array)))
    }
  }

  @Test("The original is valid JSON of the same event, so it has the same id", arguments: paths)
  func sameID(_ path: String) throws {
    let decoded = try Body(fixture: path).event()
    #expect(try Body(decoded.original).event().event.contentDigest == decoded.event.contentDigest)
  }

  @Test("A picture that is left out becomes an empty string and keeps the outline", arguments: Fixtures.eventForms)
  func withoutPictures(_ form: EventForm) throws {
    let decoded = try Body(fixture: "events/\(form.rawValue).json").event()
    let bare = OriginalText.restore(decoded.event, pictures: decoded.pictures.map { _ in nil })
    let again = try Body(bare).event()
    #expect(again.event.pictures.isEmpty)
    #expect(again.event.id.sharesOutline(with: decoded.event.id))
    #expect(again.event.id != decoded.event.id)
    #expect(again.event.form == decoded.event.form)
  }

  @Test("The estimate is exact for canonical base64 and never more than the truth", arguments: paths)
  func estimate(_ path: String) throws {
    let body = try Body(fixture: path)
    let decoded = try body.event()
    let estimate = OriginalText.byteCountEstimate(decoded.event)
    if path.hasPrefix("events/"), decoded.event.pictures.allSatisfy({ $0.cut?.text == .canonical }) {
      #expect(estimate == body.bytes.count)
    } else {
      #expect(estimate <= body.bytes.count + 4 * decoded.event.pictures.count)
    }
  }

  @Test("A body that is no event goes to the quarantine as it came, although its pictures were decoded in place")
  func refusedBody() throws {
    let picture = String(decoding: try Fixtures.bytes("events/G1.json"), as: UTF8.self).split(separator: "\"").first {
      $0.hasPrefix("/9j/")
    }
    let body = Body("[{\"x\":1,\"reg_pic\":\"\(try #require(picture))\"}, 5, {\"gateway_port\":1}]")
    let strict = Body(Array(body.bytes))
    var refusing = strict
    refusing.decoder.isStrict = true
    #expect(body.decode().errors.map { String(decoding: $0.body.array, as: UTF8.self) } == ["5", #"{"gateway_port":1}"#])
    let g1 = try Body(fixture: "events/G1.json")
    var missing = Body(String(decoding: g1.bytes, as: UTF8.self).replacing("\"score\"", with: "\"scare\""))
    missing.decoder.isStrict = true
    #expect(try missing.error().body.array == missing.bytes)
  }
}
