import FaceEvents
import Synchronization

/// Sends events in a closed loop: each connection sends the next one when the last is answered.
struct BenchLoad: Sendable {
  /// An event that the node says it has.
  struct Kept: Sendable {
    var number: Int
    var id: EventID
  }

  struct Figures: Sendable {
    var kept: [Kept] = []
    var answers = LatencyHistogram()
    var time = Duration.zero
    /// How often each thing went wrong.
    var failures: [String: Int] = [:]

    var failed: Int { failures.values.reduce(0, +) }
    var perSecond: Double { Double(kept.count) / max(1e-9, time / .seconds(1)) }

    mutating func add(_ other: Figures) {
      kept += other.kept
      answers.add(other.answers)
      failures.merge(other.failures) { $0 + $1 }
    }
  }

  /// Tells how far it is, to whoever looks.
  final class Progress: Sendable {
    private let kept = Atomic(0)

    var count: Int { kept.load(ordering: .relaxed) }

    func note() { kept.add(1, ordering: .relaxed) }
  }

  /// A connection that fails this often is given up.
  private static let failuresMax = 100

  let events: BenchEvents
  var port: Int
  var connections: Int
  var duration: Duration
  var eventsMax: Int
  let progress = Progress()

  /// All connections at once.
  func run(on threads: BenchThreads, stop: StopRequest) async throws -> Figures {
    let begin = ContinuousClock.now
    let parts = try await threads.run(connections) { try send(as: $0, until: begin + duration, stop) }
    var figures = Figures()
    for part in parts { figures.add(part) }
    figures.time = .now - begin
    return figures
  }

  /// Blocks its thread. Each connection has every `connections`th event.
  private func send(as connectionNumber: Int, until end: ContinuousClock.Instant, _ stop: StopRequest) throws -> Figures {
    var figures = Figures()
    var connection = try LoopbackConnection(port: port)
    var request = events.request
    var number = connectionNumber
    while !stop.wasMade, number < eventsMax, figures.failed < Self.failuresMax {
      request.become(events.name(number))
      let begin = ContinuousClock.now
      guard begin < end else { break }
      do {
        let status = try connection.exchange(request.bytes)
        figures.answers.record(.now - begin)
        if let id = connection.withBody({ Self.newID(in: $0, status: status) }) {
          figures.kept.append(Kept(number: number, id: id))
          progress.note()
        } else {
          figures.failures["HTTP \(status): \(TextWidth.printable(String(connection.bodyText.prefix(120))))", default: 0] += 1
        }
      } catch {
        figures.failures[error.description, default: 0] += 1
        connection = try LoopbackConnection(port: port)
      }
      number += connections
    }
    return figures
  }

  /// Nil unless the event was stored now and understood wholly: what was there already, or is odd, is not what was to be measured.
  private static func newID(in body: UnsafeRawBufferPointer, status: Int) -> EventID? {
    guard status == 200 else { return nil }
    let text = String(decoding: body, as: UTF8.self)
    guard text.contains("\"duplicate\":false,\"warnings\":[]"), let start = text.firstRange(of: "\"id\":\"")?.upperBound else { return nil }
    return EventID(String(text[start...].prefix(36)))
  }
}
