import FaceEvents
import Synchronization

/// Lets a fleet work at a fixed pace, whatever the answers say (an open loop): who waits at a slow receiver is not simulated away.
///
/// At most ``concurrency`` passages are under way; what is due then starts late and is counted, and nothing is kept for it meanwhile.
struct Simulation: Sendable {
  var fleet: SimulatedFleet
  var history: EventSender
  /// Nil: nothing is reported at once.
  var realtime: EventSender?
  /// Nil: no heartbeats.
  var status: EventSender?
  /// Passages a second.
  var rate: Double
  var duration: Duration
  var passagesMax: Int?
  var concurrency: Int
  var heartbeat: Duration
  /// Event time of the first passage.
  var start: Timestamp

  private static let progressPeriod = Duration.milliseconds(500)

  /// Returns when the duration is over or `stop` was asked for, and what was under way is answered.
  func run(_ tally: SimulationTally, stop: StopRequest) async {
    let begin = ContinuousClock.now
    await withTaskGroup(of: Void.self) { tasks in
      if let status { tasks.addTask { await beat(status, from: begin, tally, stop) } }
      tasks.addTask {
        while await stop.sleep(until: .now + Self.progressPeriod) { Terminal.showProgress(tally.current.progressText) }
      }
      await pass(from: begin, tally, stop)
      stop.request()
    }
  }

  private func pass(from begin: ContinuousClock.Instant, _ tally: SimulationTally, _ stop: StopRequest) async {
    let end = begin + duration
    let count = min(passagesMax ?? .max, Self.dueCount(rate: rate, in: duration))
    await withTaskGroup(of: Void.self) { tasks in
      var number = 0
      var running = 0
      while number < count {
        let offset = Self.offset(of: number, rate: rate)
        let due = begin + offset
        guard await stop.sleep(until: due) else { return }
        if running == concurrency {
          await tasks.next()
          running -= 1
        }
        let now = ContinuousClock.now
        guard now < end else { break }
        tally.noteStart(behind: now - due)
        let passage = number
        tasks.addTask { await report(passage, after: offset, due: due, tally) }
        running += 1
        number += 1
      }
      tally.noteNeverStarted(count - number)
    }
  }

  private func report(_ number: Int, after offset: Duration, due: ContinuousClock.Instant, _ tally: SimulationTally) async {
    let time = Timestamp(milliseconds: start.milliseconds + TimeSpan.milliseconds(offset))
    let passage = fleet.passage(number, at: time)
    async let atOnce: Void = {
      guard let realtime else { return }
      let json = PassageWriter.json(passage, as: PassageWriter.realtimeForm(of: passage.box.form))
      tally.note(.realtime, await realtime.send(json), after: .now - due)
    }()
    tally.note(.history, await history.send(PassageWriter.json(passage, as: passage.box.form)), after: .now - due)
    await atOnce
  }

  /// One report at a time, the boxes in turn, so that each reports once a period.
  private func beat(_ sender: EventSender, from begin: ContinuousClock.Instant, _ tally: SimulationTally, _ stop: StopRequest) async {
    var number = 0
    while true {
      let due = begin + heartbeat * number / fleet.size.boxes
      guard await stop.sleep(until: due) else { return }
      let json = HeartbeatWriter.json(of: fleet.box(number % fleet.size.boxes), number: number, seed: fleet.seed)
      let sent = ContinuousClock.now
      tally.note(.status, await sender.send(json), after: .now - sent)
      number += 1
    }
  }

  /// When passage `number` is due, from the beginning.
  static func offset(of number: Int, rate: Double) -> Duration { .seconds(Double(number) / rate) }

  /// How many are due before the end.
  static func dueCount(rate: Double, in duration: Duration) -> Int {
    let seconds = Double(TimeSpan.milliseconds(duration)) / 1000
    return Int(min((rate * seconds).rounded(.up), 1e15))
  }
}

/// Somebody wants the end. Unlike cancelling, it lets what is under way finish.
final class StopRequest: Sendable {
  private let isRequested = Mutex(false)
  private static let slice = Duration.milliseconds(100)

  func request() { isRequested.withLock { $0 = true } }

  var wasMade: Bool { isRequested.withLock { $0 } }

  /// - Returns: false when the end was asked for before that moment.
  func sleep(until moment: ContinuousClock.Instant) async -> Bool {
    while !isRequested.withLock({ $0 }) {
      guard .now < moment else { return true }
      try? await Task.sleep(until: min(moment, .now + Self.slice))
    }
    return false
  }
}
