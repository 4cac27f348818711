import FaceEvents

/// Invented boxes, the people who pass them, and who passes when: all of it a function of the seed.
struct SimulatedFleet: Sendable {
  struct Size: Sendable {
    var boxes = 4
    var people = 50
    /// Of all passages.
    var strangerShare = 0.2
    /// What all boxes send; nil for a form for each box, as boxes of several years have.
    var form: EventForm?
  }

  /// The forms in which history is sent.
  static let forms: [EventForm] = [.g1, .g2, .g3a, .g3b, .g3c, .g4a, .g4b, .g4c, .g5]

  let size: Size
  let seed: UInt64
  private let pictures = DrawnPictures()
  private let boxes: [SimulatedBox]

  init(_ size: Size, seed: UInt64) {
    self.size = size
    self.seed = seed
    boxes = (0..<size.boxes).map { SimulatedBox(number: $0, form: size.form ?? Self.forms[$0 % Self.forms.count], seed: seed) }
  }

  func box(_ number: Int) -> SimulatedBox { boxes[number] }

  /// Who passes where, as number `number` of the whole fleet.
  /// - Parameter hasPictures: false to leave pictures and the feature vector empty, which is much quicker; all else is the same.
  func passage(_ number: Int, at time: Timestamp, hasPictures: Bool = true) -> Passage {
    var random = SeededNumbers(seed: seed, stream: "passage", number)
    let box = box(Int.random(in: 0..<size.boxes, using: &random))
    let person =
      random.chance(size.strangerShare)
      ? SimulatedPerson(stranger: number, time: time, seed: seed)
      : SimulatedPerson(number: Int.random(in: 0..<size.people, using: &random), seed: seed)
    let name = "\(seed)/\(number)"
    let endpoint = random.pick(box.endpoints)
    let light = Int.random(in: -2...2, using: &random)
    let surety = person.isStranger ? Int.random(in: 400...3_000, using: &random) : Int.random(in: 8_250...9_900, using: &random)
    let leftAt = Timestamp(milliseconds: time.milliseconds + .random(in: 600...6_000, using: &random))
    guard hasPictures else {
      return Passage(
        number: number, time: time, leftAt: leftAt, box: box, endpoint: endpoint, person: person, surety: surety, reference: nil, scene: [],
        face: [], infrared: [], feature: [])
    }
    return Passage(
      number: number, time: time, leftAt: leftAt, box: box, endpoint: endpoint, person: person, surety: surety,
      reference: person.isStranger ? nil : pictures.reference(look: person.look, of: person.id),
      scene: pictures.scene(endpoint.number, passage: name, light: light),
      face: pictures.crop(look: person.look, passage: name, light: light), infrared: pictures.infrared(look: person.look, passage: name),
      feature: random.bytes(2048))
  }
}

/// One recognition before it is written down.
struct Passage: Sendable {
  var number: Int
  var time: Timestamp
  var leftAt: Timestamp
  var box: SimulatedBox
  var endpoint: SimulatedEndpoint
  var person: SimulatedPerson
  /// How sure the box is, in hundredths of a percent.
  var surety: Int
  /// Nil for a stranger.
  var reference: [UInt8]?
  var scene: [UInt8]
  var face: [UInt8]
  var infrared: [UInt8]
  var feature: [UInt8]
}
