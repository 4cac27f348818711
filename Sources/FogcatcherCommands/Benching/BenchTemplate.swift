import FaceEvents

/// The bytes of one event, of which some places are rewritten to make it another: that costs nothing next to sending it, so that the load
/// measures the receiver and not itself.
struct BenchTemplate: Sendable {
  /// What stands in the template where each event has something of its own.
  enum Mark {
    static let time = "1709626502345"
    static let person = "E-10000"
    static let box = "FOGSIM0001"
    /// In the base64 of pictures: twelve bytes, if it begins at a multiple of three.
    static let stamp = "FOGCATCHERBENCHX"
  }

  private struct Places {
    var times: [Int] = []
    var people: [Int] = []
    var boxes: [Int] = []
    var stamps: [Int] = []
  }

  private(set) var bytes: [UInt8]
  private let places: Places

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    places = Places(
      times: Self.places(of: Mark.time, in: bytes), people: Self.places(of: Mark.person, in: bytes),
      boxes: Self.places(of: Mark.box, in: bytes), stamps: Self.places(of: Mark.stamp, in: bytes))
  }

  var stampCount: Int { places.stamps.count }

  /// Makes this the event of that name; what it was before does not matter.
  mutating func become(_ name: BenchEventName) {
    for place in places.times { write(name.time.milliseconds, digits: Mark.time.utf8.count, at: place) }
    for place in places.people { write(Int64(name.person), digits: 5, at: place + 2) }
    for place in places.boxes { write(Int64(name.box), digits: 4, at: place + 6) }
    for (index, place) in places.stamps.enumerated() {
      var bits = name.stamp(index)
      for offset in 0..<16 {
        bytes[place + offset] = UInt8(ascii: "A") + UInt8(truncatingIfNeeded: bits & 15)
        bits >>= 4
      }
    }
  }

  private mutating func write(_ number: Int64, digits: Int, at place: Int) {
    var rest = number
    for offset in stride(from: digits - 1, through: 0, by: -1) {
      bytes[place + offset] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  private static func places(of mark: String, in bytes: [UInt8]) -> [Int] {
    let mark = Array(mark.utf8)
    var found: [Int] = []
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) {
        found.append(index)
        index += mark.count
      } else {
        index += 1
      }
    }
    return found
  }
}
