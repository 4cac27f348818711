import EventCoding
import FaceEvents
import MultipartFormData
import TestSupport

/// A request body as a box sends it: one of the fixtures, as it is or with pictures of the usual size.
struct WireBody: Sendable {
  enum Size: String, CaseIterable { case small, large }

  var bytes: [UInt8]
  var contentType = "application/json"

  var request: EncodedRequest {
    let body = ByteStorage(capacity: bytes.count)
    bytes.withUnsafeBytes { body.append($0) }
    return EncodedRequest(
      body: body, contentType: contentType, kind: .history, source: RequestSource(address: "192.0.2.10", path: "/HistoryEvent"),
      receivedAt: PassageMaker.start)
  }

  /// One event of a form.
  static func json(_ form: EventForm, _ size: Size) throws -> WireBody {
    WireBody(bytes: try enlarged(Fixtures.bytes("events/\(form.rawValue).json"), size) { $0 })
  }

  /// A round of small events.
  static func array(_ count: Int) throws -> WireBody {
    let event = try Fixtures.bytes("events/G1.json")
    return WireBody(bytes: Array("[".utf8) + Array(repeatElement(event, count: count).joined(separator: Array(",".utf8))) + Array("]".utf8))
  }

  /// What prints a Python dictionary.
  static func pythonLiteral(_ size: Size) throws -> WireBody {
    let json = try json(.g1, size)
    return WireBody(bytes: json.bytes.map { $0 == UInt8(ascii: "\"") ? UInt8(ascii: "'") : $0 })
  }

  static func formData(_ size: Size) throws -> WireBody {
    try message("forms/curl-text.http", size) { $0 }
  }

  static func urlencoded(_ size: Size) throws -> WireBody {
    try message("forms/curl-urlencoded.http", size) { text in text.flatMap(percentEncoded) }
  }

  private static func message(_ path: String, _ size: Size, spelling: ([UInt8]) -> [UInt8]) throws -> WireBody {
    let message = try Fixtures.message(path)
    return WireBody(bytes: try enlarged(message.body, size, spelling: spelling), contentType: message.header("Content-Type") ?? "")
  }

  private static func percentEncoded(_ character: UInt8) -> [UInt8] {
    switch character {
    case UInt8(ascii: "/"): Array("%2F".utf8)
    case UInt8(ascii: "+"): Array("%2B".utf8)
    case UInt8(ascii: "="): Array("%3D".utf8)
    default: [character]
    }
  }
}

extension WireBody {
  /// The fixtures have four pictures of 141 bytes; in their places come large ones.
  private static func enlarged(_ body: [UInt8], _ size: Size, spelling: ([UInt8]) -> [UInt8]) throws -> [UInt8] {
    guard size == .large else { return body }
    let counts: [Fixtures.Picture: Int] = [
      .reference: SamplePicture.referenceBytes, .scene: SamplePicture.sceneBytes, .face: 15_000, .infrared: 40_000,
    ]
    var body = body
    for (number, picture) in Fixtures.Picture.allCases.enumerated() {
      let old = spelling(SamplePicture.base64(try picture.bytes()))
      guard let start = place(of: old, in: body) else { continue }
      let new = spelling(SamplePicture.base64(SamplePicture.bytes(number, count: counts[picture] ?? 0)))
      body.replaceSubrange(start..<start + old.count, with: new)
    }
    try expect(body.count > 20_000, "a large body has no large pictures")
    return body
  }

  private static func place(of part: [UInt8], in body: [UInt8]) -> Int? {
    guard body.count >= part.count else { return nil }
    return (0...body.count - part.count).first { body[$0...].starts(with: part) }
  }
}
