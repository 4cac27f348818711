import FaceEvents

/// What tells an event of a bench from the others; all of it follows from its number.
struct BenchEventName: Sendable {
  /// Beyond these, people come again, as in life.
  static let people = 1_000

  var time: Timestamp
  var person: Int
  var box: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - number: of the event in this run; each millisecond from `start` on has one.
  ///   - boxes: at most 9,999.
  init(number: Int, start: Timestamp, boxes: Int) {
    time = Timestamp(milliseconds: start.milliseconds + Int64(number))
    person = 10_000 + number % Self.people
    box = 1 + number % boxes
    seed = UInt64(bitPattern: time.milliseconds)
  }

  /// Goes into a picture, so that no two pictures of a run are the same: what is mixed is different, and mixing loses nothing.
  func stamp(_ index: Int) -> UInt64 {
    var numbers = SeededNumbers(seed: seed &+ UInt64(index) << 44)
    return numbers.next()
  }
}
