import Synchronization

/// Senders on connections of their own, as boxes are: they send until an answer comes, over and over if need be, and remember what was
/// acknowledged.
final class Fleet: Sendable {
  private struct State {
    var nextNumber = 0
    var again: [Int] = []
    var attempts: [Int: Int] = [:]
    var acknowledged: [EventKey: String] = [:]
    var answers = 0
    var unanswered = 0
    var underway = 0
    var isFinishing = false
    var isAbandoned = false
  }

  let factory: EventFactory
  let findings = Findings()
  private let node: Node
  private let pauseMilliseconds: Int32
  private let state = Mutex(State())
  private let threads = Threads()

  /// - Parameter pauseMilliseconds: of each sender between two requests.
  init(node: Node, factory: EventFactory, connections: Int = 16, pauseMilliseconds: Int32 = 0) {
    self.node = node
    self.factory = factory
    self.pauseMilliseconds = pauseMilliseconds
    for _ in 0..<connections { threads.start { self.work() } }
  }

  var answers: Int { state.withLock(\.answers) }
  var unanswered: Int { state.withLock(\.unanswered) }
  var acknowledged: [EventKey: String] { state.withLock(\.acknowledged) }

  /// Every shipment that was begun.
  func shipments() throws -> [Shipment] { try (0..<state.withLock(\.nextNumber)).map(factory.shipment) }

  /// Begins nothing new, brings the rest home.
  func finish(within duration: Duration = .seconds(120)) throws {
    state.withLock { $0.isFinishing = true }
    guard threads.join(within: duration) else { throw Failure("senders did not finish within \(duration)") }
  }

  /// Gives up: what is not acknowledged stays so.
  func abandon(within duration: Duration = .seconds(60)) throws {
    state.withLock {
      $0.isFinishing = true
      $0.isAbandoned = true
    }
    guard threads.join(within: duration) else { throw Failure("senders did not end within \(duration)") }
  }

  private func work() {
    var connection: HTTPConnection?
    while let number = take() {
      do {
        let shipment = try factory.shipment(number)
        let open = try connection ?? HTTPConnection(port: node.port)
        connection = open
        let response = try open.exchange(shipment.request, within: .seconds(60))
        if response.closes { connection = nil }
        settle(shipment, response)
        nap(milliseconds: pauseMilliseconds)
      } catch {
        connection = nil
        if let failure = error as? Failure { findings.add("shipment \(number): \(failure)") }
        giveBack(number, isUnanswered: true)
        nap(milliseconds: 10)
      }
    }
  }

  /// Waits while all that is left is in other hands, because they may give it back.
  private func take() -> Int? {
    while true {
      let (number, isOver): (Int?, Bool) = state.withLock { state in
        if state.isAbandoned { return (nil, true) }
        if let number = state.again.popLast() {
          state.underway += 1
          return (number, false)
        }
        if state.isFinishing { return (nil, state.underway == 0) }
        defer { state.nextNumber += 1 }
        state.underway += 1
        return (state.nextNumber, false)
      }
      if number != nil || isOver { return number }
      nap(milliseconds: 5)
    }
  }

  private func giveBack(_ number: Int, isUnanswered: Bool) {
    state.withLock { state in
      state.again.append(number)
      state.underway -= 1
      state.attempts[number, default: 0] += 1
      if isUnanswered { state.unanswered += 1 }
    }
  }

  private func settle(_ shipment: Shipment, _ response: HTTPResponse) {
    guard ![408, 503, 507].contains(response.status) else {
      giveBack(shipment.number, isUnanswered: false)
      return nap(milliseconds: 20)
    }
    defer { state.withLock { $0.underway -= 1 } }
    guard response.status == 200, let answer = response.answer, answer.elements.count == shipment.events.count else {
      return findings.add("shipment \(shipment.number), \(shipment.encoding): \(response.status) \(response.text.prefix(300))")
    }
    state.withLock { state in
      state.answers += 1
      for (event, element) in zip(shipment.events, answer.elements) {
        guard let id = element.id else { return findings.add("event \(event.index) was answered without an id") }
        state.acknowledged[event.key] = id
        if element.duplicate == true, state.attempts[shipment.number] == nil {
          findings.add("event \(event.index) was new and is called a duplicate")
        }
      }
    }
  }
}
