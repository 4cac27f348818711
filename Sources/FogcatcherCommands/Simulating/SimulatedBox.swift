import FaceEvents

struct SimulatedBox: Sendable {
  let number: Int
  let form: EventForm
  let endpoints: [SimulatedEndpoint]

  init(number: Int, form: EventForm, seed: UInt64) {
    self.number = number
    self.form = form
    var random = SeededNumbers(seed: seed, stream: "box", number)
    let code = Self.code(number)
    endpoints = (0..<Int.random(in: 1...4, using: &random)).map { SimulatedEndpoint(number: $0, boxCode: code, boxNumber: number, &random) }
  }

  /// Licence code.
  var code: String { Self.code(number) }

  var address: String { "10.30.\(number / 250 % 250).\(number % 250 + 1)" }

  private static func code(_ number: Int) -> String {
    let digits = String(number + 1)
    return "FOGSIM" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

struct SimulatedEndpoint: Sendable {
  private static let names = ["north gate", "loading dock", "lobby", "canteen", "garage", "roof garden", "workshop", "reading room"]

  let number: Int
  let name: String
  let address: String
  let uuid: String
  let boxCode: String
  /// Whether the box pulls a stream from it; else it pushes pictures.
  let isStream: Bool

  init(number: Int, boxCode: String, boxNumber: Int, _ random: inout SeededNumbers) {
    self.number = number
    self.boxCode = boxCode
    name = Self.names[(boxNumber * 3 + number) % Self.names.count]
    address = "10.31.\(boxNumber % 250).\(40 + number)"
    uuid = random.uuid()
    isStream = random.chance(0.5)
  }

  var url: String { isStream ? "rtsp://\(address):554/live/ch1" : address }

  /// Codes of the early forms (protocol.md 2.6): 0 turnstile, 3 stream.
  var typeCode: String { isStream ? "3" : "0" }

  var typeWord: String { isStream ? "rtsp" : "photo" }

  /// Licence code and address with two underscores, as the early forms have it.
  var earlyID: String { "\(boxCode)__\(address)" }

  var lateID: String { "0x02005e10a4c7__\(url)" }
}
