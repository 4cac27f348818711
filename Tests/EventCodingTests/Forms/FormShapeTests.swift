import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

/// The same event as every client sends it (protocol.md 2.7).
@Suite struct FormShapeTests {
  static let paths = (try? Fixtures.paths(in: "forms", suffix: ".http")) ?? []
  static let whole = paths.filter { !$0.contains("degenerate") }

  static func reference() throws -> Decoded { try Body(fixture: "forms/event.json").event() }

  @Test("There are requests of every client")
  func clients() {
    #expect(Self.paths.count >= 24)
    for client in ["curl", "requests", "java", "fetch", "chromium", "firefox", "bracket", "dotted", "flattened"] {
      #expect(Self.paths.contains { $0.contains(client) }, "\(client)")
    }
  }

  @Test("Every shape in which nothing was lost is the same event, with the same pictures", arguments: whole)
  func sameEvent(_ path: String) throws {
    let expected = try Self.reference()
    let decoded = try Body(message: path).event()
    #expect(decoded.event.id == expected.event.id, "\(decoded.originalText)")
    #expect(decoded.event.contentDigest == expected.event.contentDigest)
    #expect(decoded.event.form == .g2)
    #expect(decoded.event.person == expected.event.person)
    #expect(decoded.event.endpoint == expected.event.endpoint)
    #expect(decoded.event.box == expected.event.box)
    #expect(decoded.event.score == expected.event.score)
    for role in [PictureRole.reference, .scene, .face] { #expect(decoded.picture(role) == expected.picture(role)) }
    #expect(decoded.event.pictures.count == 3)
  }

  @Test("The encoding is what the body is, whatever its type says", arguments: whole)
  func encoding(_ path: String) throws {
    let event = try Body(message: path).event().event
    let expected: BodyEncoding =
      switch path {
      case "forms/requests-json.http", "forms/requests-data-dumps.http", "forms/json-typed-form.http": .json
      case "forms/requests-data-str.http": .pythonLiteral
      case _ where path.contains("urlencoded") || path.contains("requests-data"): .urlencoded
      default: .formData
      }
    #expect(event.encoding == expected)
    #expect(event.warnings.isEmpty == (expected != .pythonLiteral && !path.contains("ext-str")))
  }

  @Test("What is kept of a form is the JSON of the same event", arguments: paths)
  func keptAsJSON(_ path: String) throws {
    let decoded = try Body(message: path).event()
    let again = try Body(decoded.original).event()
    #expect(again.event.encoding == .json)
    #expect(again.event.contentDigest == decoded.event.contentDigest)
    #expect(again.event.pictures.map(\.digest) == decoded.event.pictures.map(\.digest))
  }

  @Test(
    "A degenerate form keeps the names, marks the event, and still finds the file parts",
    arguments: paths.filter { $0.contains("degenerate") })
  func degenerate(_ path: String) throws {
    let decoded = try Body(message: path).event()
    #expect(decoded.event.warnings.contains { $0.hasPrefix("ext_data has no values") || $0.hasPrefix("ext_data was sent more than once") })
    for name in ["device_ip", "ep_id", "person_type", "device_type", "dev_sno"] { #expect(decoded.originalText.contains("\"\(name)\"")) }
    #expect(try decoded.picture(.reference) == Fixtures.Picture.reference.bytes())
    if path.contains("files") {
      #expect(try decoded.picture(.scene) == Fixtures.Picture.scene.bytes())
      #expect(try decoded.picture(.face) == Fixtures.Picture.face.bytes())
    }
    #expect(decoded.event.person.id == "E-20417")
    #expect(decoded.event.time.milliseconds == 1_709_626_502_345)
  }

  @Test("A form goes to the quarantine as it came", arguments: paths.filter { !$0.contains("json") })
  func quarantine(_ path: String) throws {
    var body = try Body(message: path)
    body.decoder.isStrict = true
    body.bytes = replaced(body.bytes, "score", "scare")
    let error = try body.error()
    #expect(error.code == .missingField)
    #expect(error.body.array == body.bytes)
  }

  private func replaced(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    guard let at = bytes.indices.first(where: { bytes[$0...].starts(with: old) }) else { return bytes }
    return Array(bytes[..<at]) + new + Array(bytes[(at + old.count)...])
  }
}
