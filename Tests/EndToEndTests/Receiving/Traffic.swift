import Synchronization

/// Ordinary senders beside whatever else happens: they must be served all the while.
final class Traffic: Sendable {
  private struct State {
    var answers = 0
    var slowest = Duration.zero
    var isOver = false
  }

  let findings = Findings()
  private let state = Mutex(State())
  private let threads = Threads()

  init(to node: Node, seed: UInt64, connections: Int = 2) {
    let factory = EventFactory(seed: seed, pictureBytesMax: 20_000)
    for number in 0..<connections { threads.start { self.work(node, factory, first: number * 1_000_000) } }
  }

  private func work(_ node: Node, _ factory: EventFactory, first: Int) {
    var index = first
    do {
      let connection = try HTTPConnection(port: node.port)
      while !state.withLock(\.isOver) {
        let event = factory.event(index, form: "G1")
        index += 1
        var response: HTTPResponse?
        let took = try ContinuousClock().measure {
          response = try connection.exchange(HTTPRequest("POST", event.path, body: event.json), within: .seconds(30))
        }
        if response?.status != 200 { return findings.add("good traffic got \(response?.status ?? 0) \(response?.text.prefix(200) ?? "")") }
        state.withLock {
          $0.answers += 1
          $0.slowest = max($0.slowest, took)
        }
        nap(milliseconds: 5)
      }
    } catch {
      findings.add("good traffic was cut off after \(index - first) events: \(error)")
    }
  }

  /// Ends it.
  /// - Returns: how many were served, and the longest that one took.
  func stop() throws -> (answers: Int, slowest: Duration) {
    state.withLock { $0.isOver = true }
    guard threads.join(within: .seconds(60)) else { throw Failure("good traffic hangs") }
    return state.withLock { ($0.answers, $0.slowest) }
  }
}
