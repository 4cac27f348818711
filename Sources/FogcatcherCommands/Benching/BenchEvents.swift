import EventCoding
import FaceEvents

/// Invented events with drawn pictures: as many as are wanted, no two alike, in the form of the first generation of boxes, which has the
/// least around the pictures.
struct BenchEvents: Sendable {
  static let path = "/HistoryEvent"

  /// A whole request: head and body.
  let request: BenchTemplate
  private let body: BenchTemplate
  private let contentType: String
  private let pictures: [BenchPicture]
  private let start: Timestamp
  private let boxes: Int

  /// - Parameter start: time of the first event; each has a millisecond of its own.
  init(_ plan: BenchPlan, start: Timestamp) {
    self.start = start
    boxes = plan.connections
    let drawn = DrawnPictures()
    let seed = UInt64(bitPattern: start.milliseconds)
    var pictures: [BenchPicture] = []
    if plan.referenceBytes > 0 {
      pictures.append(
        BenchPicture(
          role: .reference, drawn: drawn.reference(look: 0, of: "bench"), byteCount: plan.referenceBytes, firstStamp: 0, seed: seed))
    }
    if plan.sceneBytes > 0 {
      pictures.append(
        BenchPicture(
          role: .scene, drawn: drawn.scene(0, passage: "bench", light: 0), byteCount: plan.sceneBytes,
          firstStamp: pictures.first?.stampCount ?? 0, seed: seed + 1))
    }
    self.pictures = pictures
    let json = Self.json(pictures)
    // Top-level strings and one object: always something that a form can hold.
    let form = plan.format == .formData ? FormDataEncoder().encode(json) : nil
    let bytes = form?.body ?? json
    contentType = form?.contentType ?? "application/json"
    body = BenchTemplate(bytes)
    let head =
      "POST \(Self.path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: \(contentType)\r\nContent-Length: \(bytes.count)\r\n\r\n"
    request = BenchTemplate(Array(head.utf8) + bytes)
  }

  func name(_ number: Int) -> BenchEventName { BenchEventName(number: number, start: start, boxes: boxes) }

  /// The pictures of an event, in order.
  func pictures(of number: Int) -> [BenchPicture] {
    pictures.map { picture in
      var picture = picture
      picture.become(name(number))
      return picture
    }
  }

  func body(of number: Int) -> [UInt8] {
    var body = body
    body.become(name(number))
    return body.bytes
  }

  /// What a node gives back as the original: the JSON that was sent, or the one that says the same as the form that was sent.
  func original(of number: Int) -> [UInt8] {
    let bytes = body(of: number)
    guard contentType != "application/json" else { return bytes }
    guard case .success(.event(let event, let pictures))? = decode(bytes).elements.first else { return [] }
    return OriginalText.restore(event, pictures: pictures)
  }

  func decode(_ bytes: [UInt8]) -> DecodedRequest {
    let storage = ByteStorage(capacity: bytes.count)
    bytes.withUnsafeBytes { storage.append($0) }
    return EventDecoder().decode(
      EncodedRequest(
        body: storage, contentType: contentType, kind: .history, source: RequestSource(address: "127.0.0.1", path: Self.path),
        receivedAt: start))
  }

  private static func json(_ pictures: [BenchPicture]) -> [UInt8] {
    let time = Timestamp(milliseconds: Int64(BenchTemplate.Mark.time) ?? 0)
    let box = SimulatedBox(number: 0, form: .g1, seed: 1)
    // Somebody whom the boxes know; the id and the code are marks, which each event replaces.
    let person = SimulatedPerson.forTemplate(id: BenchTemplate.Mark.person)
    let bytes = { (role: PictureRole) in pictures.first { $0.role == role }?.bytes }
    let passage = Passage(
      number: 0, time: time, leftAt: time, box: box, endpoint: box.endpoints[0], person: person, surety: 9_150,
      reference: bytes(.reference), scene: bytes(.scene) ?? [], face: [], infrared: [], feature: [])
    return PassageWriter.json(passage, as: .g1)
  }
}
