import FaceEvents

/// Somebody who does not exist.
struct SimulatedPerson: Sendable {
  private static let givenNames = [
    "Ada", "Bo", "Cleo", "Davi", "Elif", "Farid", "Greta", "Hana", "Ivo", "Juno", "Kaspar", "Lena", "Milo", "Nadia", "Oskar", "Pia",
  ]
  private static let familyNames = [
    "Nebel", "Okoro", "Lindqvist", "Moreau", "Tanaka", "Varga", "Quill", "Sørland", "Brume", "Castell", "Yıldız",
  ]
  private static let chineseNames = ["雾岚", "江帆", "白露", "云舒", "沈流", "贺晨"]

  let id: String
  let name: String
  let personClass: PersonClass
  /// Which of the drawn faces.
  let look: Int
  /// Of the enrolled picture.
  let imageID: String

  var isStranger: Bool { personClass == .stranger }

  /// One of those whom the boxes know.
  init(number: Int, seed: UInt64) {
    var random = SeededNumbers(seed: seed, stream: "person", number)
    personClass = random.pick([.employee, .employee, .employee, .employee, .employee, .employee, .visitor, .visitor, .vip, .blacklist])
    let letter =
      switch personClass {
      case .visitor: "V"
      case .vip: "P"
      case .blacklist: "B"
      default: "E"
      }
    id = "\(letter)-\(10_000 + number)"
    name =
      random.chance(0.25)
      ? random.pick(Self.chineseNames) : "\(random.pick(Self.givenNames)) \(random.pick(Self.familyNames))"
    look = Int(random.next() % 1024)
    imageID = random.uuid()
  }

  /// Nobody, for trying out a target.
  static let test = SimulatedPerson(id: Person.testID, name: "Fogcatcher test", look: 0)

  /// Somebody whose id is replaced in each event that is made of a template.
  static func forTemplate(id: String) -> SimulatedPerson { SimulatedPerson(id: id, name: "Greta Nebel", look: 0) }

  private init(id: String, name: String, look: Int) {
    self.id = id
    self.name = name
    personClass = .visitor
    self.look = look
    imageID = ""
  }

  /// Somebody unknown, whom boxes number by the moment.
  init(stranger number: Int, time: Timestamp, seed: UInt64) {
    var random = SeededNumbers(seed: seed, stream: "stranger", number)
    personClass = .stranger
    id = "\(time.milliseconds / 1000).\(1_000 + number % 9_000)"
    name = "stranger"
    look = Int(random.next() % 1024)
    imageID = ""
  }
}
