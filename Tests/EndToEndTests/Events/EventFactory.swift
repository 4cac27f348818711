import EventCoding
import Foundation

/// Makes events out of a seed: the same seed and number give the same event, so nothing has to be kept to compare with.
struct EventFactory: Sendable {
  static let forms = ["G1", "G2", "G3a", "G3b", "G3c", "G4a", "G4b", "G4c", "G5", "R1", "R2", "R3", "R4"]

  let seed: UInt64
  /// Of one picture. A reference picture is at most a quarter of it.
  let pictureBytesMax: Int
  /// Incompressible bytes that pictures are cut out of: quicker than drawing each anew.
  private let noise: [UInt8]
  /// The same face comes again with every passage.
  private let references: [[UInt8]]

  init(seed: UInt64, pictureBytesMax: Int = 40_000) {
    self.seed = seed
    self.pictureBytesMax = pictureBytesMax
    var random = SeededRandom(seed: seed)
    let noise = random.bytes(max(1 << 18, pictureBytesMax * 2))
    references = (0..<12).map { _ in Self.picture(of: noise, bytesMax: pictureBytesMax / 4, &random) }
    self.noise = noise
  }

  /// FF D8 FF, as every JPEG begins, then 24 bytes that no other picture has.
  private static func picture(of noise: [UInt8], bytesMax: Int, _ random: inout SeededRandom) -> [UInt8] {
    let count = Int.random(in: 64...max(64, bytesMax), using: &random)
    let start = Int.random(in: 0..<(noise.count - count), using: &random)
    return [0xFF, 0xD8, 0xFF, 0xDB] + random.bytes(24) + noise[start..<start + count]
  }

  /// - Parameter form: nil for any.
  func event(_ index: Int, form: String? = nil, pictures hasPictures: Bool = true) -> SampleEvent {
    var random = SeededRandom(seed: seed ^ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15)
    let form = form ?? Self.forms[Int.random(in: 0..<Self.forms.count, using: &random)]
    var draft = EventDraft(index: index, form: form, personID: "P-\(String(seed, radix: 36))-\(index)", random: random)
    draft.reference = references[Int.random(in: 0..<references.count, using: &random)]
    draft.fresh = { Self.picture(of: noise, bytesMax: pictureBytesMax, &$0) }
    draft.hasPictures = hasPictures
    return draft.event()
  }

  /// Mostly single JSON bodies, some arrays, some forms. Shipment `number` has events of its own.
  func shipment(_ number: Int) throws -> Shipment {
    var random = SeededRandom(seed: seed &+ 0x5851_F42D ^ UInt64(number) &* 0xD134_2543_DE82_EF95)
    let first = number * 4
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let events = (0..<Int.random(in: 2...4, using: &random)).map { event(first + $0, form: "G4a") }
      return Shipment(
        number: number, encoding: .array, events: events, body: Self.array(of: events.map(\.json)), contentType: "application/json")
    case 1, 2:
      return try form(event(first), number: number)
    case let kind:
      let event = event(first)
      // Python's data=json.dumps(…) sends no type at all.
      return Shipment(number: number, encoding: .json, events: [event], body: event.json, contentType: kind == 3 ? nil : "application/json")
    }
  }

  func form(_ event: SampleEvent, number: Int = 0) throws -> Shipment {
    guard let form = FormDataEncoder().encode(event.json) else { throw Failure("event \(event.index) cannot be written as form-data") }
    return Shipment(number: number, encoding: .formData, events: [event], body: form.body, contentType: form.contentType)
  }

  static func array(of elements: [[UInt8]]) -> [UInt8] {
    Array("[".utf8) + Array(elements.joined(separator: Array(", ".utf8))) + Array("]".utf8)
  }
}
