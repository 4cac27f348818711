import FaceEvents
import Testing

@testable import EventForwarder

/// Random answers, crashes and waits against a model of what a target must have got. A failing seed is printed by the test's name.
@Suite struct DeliveryModelTests {
  @Test(arguments: (1...40).map { UInt64($0) } + [UInt64.random(in: 1_000...UInt64.max)])
  func everythingArrivesOldestFirstAndNothingIsSkipped(seed: UInt64) {
    var world = World(seed: seed)
    world.run()
    #expect(world.problems.isEmpty, "\(world.problems.prefix(5))")
    #expect(world.isComplete, "not everything was done: cursor \(world.savedCursor) of \(world.events.count)")
  }
}

/// One target, a log, and everything that can go wrong between them.
private struct World {
  enum Kind { case normal, poisoned, unwanted, damaged }

  var random: SplitMix64
  let events: [Kind]
  var machine: DeliveryStateMachine
  var time = Duration.zero
  /// What survives a crash.
  var savedCursor: Int64 = 0
  var cursor: Int64 = 0
  var parked: Set<Int64> = []
  var accepted: Set<Int64> = []
  var inFlight: [DeliveryStateMachine.Delivery] = []
  var parking: [DeliveryStateMachine.Delivery] = []
  var reading: Int64?
  var readingReplays = false
  var wake: Duration?
  var newestLogged = 0
  var firstSends: [Int64] = []
  var isPaused = false
  var problems: [String] = []
  let concurrency: Int

  init(seed: UInt64) {
    random = SplitMix64(state: seed)
    var random = random
    let count = Int.random(in: 1...120, using: &random)
    events = (0..<count).map { _ in
      [.normal, .normal, .normal, .normal, .poisoned, .unwanted, .damaged].randomElement(using: &random) ?? .normal
    }
    concurrency = Int.random(in: 1...8, using: &random)
    machine = Self.machine(cursor: 0, concurrency, seed)
    self.random = random
  }

  static func machine(cursor: Int64, _ concurrency: Int, _ seed: UInt64) -> DeliveryStateMachine {
    DeliveryStateMachine(cursor: cursor, limits: .init(concurrency: concurrency, batch: 7, windowMax: 20), seed: seed)
  }

  var isComplete: Bool {
    savedCursor == Int64(events.count)
      && events.indices.allSatisfy { index in
        let sequence = Int64(index + 1)
        switch events[index] {
        case .normal: return accepted.contains(sequence)
        case .poisoned, .damaged: return parked.contains(sequence)
        case .unwanted: return !accepted.contains(sequence) && !parked.contains(sequence)
        }
      }
  }

  mutating func run() {
    perform(machine.started(at: time))
    for step in 0..<20_000 {
      // In the end the target is well and the node stays up.
      let isCalm = step > 3_000
      if isCalm, isComplete { return }
      self.step(isCalm: isCalm)
    }
  }

  private mutating func step(isCalm: Bool) {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<2 where !isCalm: crash()
    case 2..<10: log()
    case 10..<12:
      savedCursor = max(savedCursor, cursor)
    case 12..<40: read()
    case 40..<50: readReplays()
    case 50..<60: park(isCalm: isCalm)
    case 60..<70: pass()
    case 70..<72 where isPaused:
      // A person resumes it: a new run, as with any change of settings.
      restart(cursor: cursor)
    default: answer(isCalm: isCalm)
    }
  }

  private mutating func crash() { restart(cursor: savedCursor) }

  private mutating func restart(cursor: Int64) {
    inFlight = []
    parking = []
    (reading, readingReplays, wake, isPaused) = (nil, false, nil, false)
    firstSends = []
    self.cursor = cursor
    machine = Self.machine(cursor: cursor, concurrency, random.next())
    // The clock of a new run may stand anywhere.
    time = .seconds(Int.random(in: 0...10, using: &random))
    perform(machine.started(at: time))
  }

  private mutating func log() {
    newestLogged = min(events.count, newestLogged + Int.random(in: 1...9, using: &random))
    perform(machine.noticed(at: time))
  }

  private mutating func read() {
    guard let after = reading else { return }
    reading = nil
    if random.next() % 20 == 0 { return perform(machine.readFailed(at: time)) }
    let last = min(newestLogged, Int(after) + Int.random(in: 1...7, using: &random))
    let entries = (Int(after)..<max(Int(after), last)).map { index -> DeliveryStateMachine.Entry in
      switch events[index] {
      case .unwanted: .skip(Int64(index + 1))
      case .damaged: .broken(Int64(index + 1), Refusal(reason: "damaged"))
      case .normal, .poisoned: .send(Int64(index + 1))
      }
    }
    perform(machine.read(entries, at: time))
  }

  private mutating func readReplays() {
    guard readingReplays else { return }
    readingReplays = false
    perform(machine.readReplays(random.next() % 4 == 0 ? parked.filter { events[Int($0) - 1] == .poisoned }.sorted() : [], at: time))
  }

  private mutating func park(isCalm: Bool) {
    guard !parking.isEmpty else { return }
    let delivery = parking.remove(at: Int.random(in: parking.indices, using: &random))
    guard isCalm || random.next() % 6 != 0 else { return perform(machine.parkFailed(delivery, at: time)) }
    parked.insert(delivery.sequence)
    perform(machine.parked(delivery, at: time))
  }

  private mutating func pass() {
    time += wake.map { max(.zero, $0 - time) } ?? .milliseconds(10)
    wake = nil
    perform(machine.timePassed(to: time))
  }

  private mutating func answer(isCalm: Bool) {
    guard !inFlight.isEmpty else { return }
    let delivery = inFlight.remove(at: Int.random(in: inFlight.indices, using: &random))
    let verdict: Verdict
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<3 where !isCalm: verdict = .retry(.network)
    case 3 where !isCalm: verdict = .retry(.serverError, after: .seconds(3))
    case 4 where !isCalm:
      // Accepted, but nobody heard of it.
      if events[Int(delivery.sequence) - 1] == .normal { accepted.insert(delivery.sequence) }
      verdict = .retry(.timeout)
    case 5 where !isCalm && random.next() % 8 == 0: verdict = .pause(reason: "HTTP 401")
    default:
      verdict =
        [.poisoned, .damaged].contains(events[Int(delivery.sequence) - 1])
        ? .refused(Refusal(httpStatus: 400, reason: "HTTP 400")) : .accepted
    }
    if verdict == .accepted { accepted.insert(delivery.sequence) }
    perform(machine.answered(delivery, verdict, at: time))
  }

  private mutating func perform(_ actions: [DeliveryStateMachine.Action]) {
    for action in actions {
      switch action {
      case .read(let after, _):
        if reading != nil { problems.append("two reads at once") }
        reading = after
      case .readReplays: readingReplays = true
      case .send(let delivery): send(delivery)
      case .park(let delivery, _, _):
        if parking.contains(delivery) { problems.append("\(delivery) is parked twice at once") }
        parking.append(delivery)
      case .unpark(let sequence): problems.append("\(sequence) is poisoned and was accepted")
      case .pause: isPaused = true
      case .advance(let sequence): advance(to: sequence)
      case .wake(let until): wake = until
      }
    }
  }

  private mutating func send(_ delivery: DeliveryStateMachine.Delivery) {
    if inFlight.contains(delivery) { problems.append("\(delivery) is in flight twice") }
    inFlight.append(delivery)
    if inFlight.count > concurrency { problems.append("\(inFlight.count) in flight") }
    if isPaused { problems.append("\(delivery) goes to a paused target") }
    if let wake, wake > time { problems.append("\(delivery) goes out before the wait is over") }
    // One that cannot be sent only comes here when parking it failed.
    guard !delivery.isReplay, events[Int(delivery.sequence) - 1] != .damaged else { return }
    // A first start is never before an older event's first start.
    if !firstSends.contains(delivery.sequence) {
      if let last = firstSends.last, last > delivery.sequence { problems.append("\(delivery.sequence) starts after \(last)") }
      firstSends.append(delivery.sequence)
    }
  }

  private mutating func advance(to sequence: Int64) {
    if sequence <= cursor { problems.append("the cursor goes from \(cursor) to \(sequence)") }
    for done in (cursor + 1)...sequence {
      let isDone =
        switch events[Int(done) - 1] {
        case .normal: accepted.contains(done)
        case .poisoned, .damaged: parked.contains(done)
        case .unwanted: true
        }
      if !isDone { problems.append("the cursor passes \(done), which is not done") }
    }
    cursor = sequence
  }
}
