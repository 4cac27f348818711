import EventCoding
import EventForwarder
import FaceEvents
import NIOCore
import TestSupport

extension Workload {
  /// Sending without a network: which event is next, and its request body. Pictures come from memory.
  static let delivery: [Workload] = [
    Workload("delivery decisions, 100 events", countedRuns: 50) { _ in
      Work { number in
        var round = DeliveryRound(first: 100 * Int64(number))
        try await round.run { _ in }
      }
    },
    render("render as JSON, small", .json, .small),
    render("render as JSON, large", .json, .large),
    render("render as form-data, small", .formData, .small),
    render("render as form-data, large", .formData, .large),
    Workload("delivery round, 100 small events as JSON", countedRuns: 5) { _ in
      let event = try await StoredSample(.small)
      return Work { number in
        var round = DeliveryRound(first: 100 * Int64(number))
        try await round.run { _ in try await event.render(.json) }
      }
    },
  ]

  private static func render(_ name: String, _ format: TargetFormat, _ size: WireBody.Size) -> Workload {
    Workload(name, runsPerSample: size == .small ? 1_000 : 1, countedRuns: size == .small ? 100 : 20) { _ in
      let event = try await StoredSample(size)
      return Work { _ in try await event.render(format) }
    }
  }
}

/// A hundred events of a log, all accepted.
private struct DeliveryRound {
  private static let count: Int64 = 100
  private let first: Int64
  private var machine: DeliveryStateMachine

  init(first: Int64) {
    self.first = first
    machine = DeliveryStateMachine(cursor: first, limits: .init(concurrency: 24, batch: 100), seed: 1)
  }

  mutating func run(send: (Int64) async throws -> Void) async throws {
    var actions = machine.started(at: .zero)[...]
    var cursor = first
    while let action = actions.popFirst() {
      switch action {
      case .read(let after, let limit):
        let last = min(after + Int64(limit), first + Self.count)
        actions += machine.read((after..<last).map { .send($0 + 1) }, at: .zero)
      case .send(let delivery):
        try await send(delivery.sequence)
        actions += machine.answered(delivery, .accepted, at: .zero)
      case .advance(let sequence): cursor = sequence
      case .readReplays: actions += machine.readReplays([], at: .zero)
      case .park, .unpark, .pause, .wake: throw WorkloadFailure(description: "an event was not accepted")
      }
    }
    try expect(cursor == first + Self.count, "the cursor is at \(cursor)")
  }
}

/// An event as the log gives it, and its pictures.
private struct StoredSample: Sendable {
  private let stored: StoredEvent
  private let pictures: MemoryPictureStore

  init(_ size: WireBody.Size) async throws {
    let decoded = EventDecoder().decode(try WireBody.json(.g1, size).request)
    guard case .success(.event(let event, let bytes)) = decoded.elements.first else {
      throw WorkloadFailure(description: "the body is not an event")
    }
    pictures = MemoryPictureStore()
    let new = zip(event.pictures, bytes).map {
      NewPicture(role: $0.role, digest: $0.digest, bytes: $1, receivedAt: event.receivedAt)
    }
    stored = StoredEvent(sequence: 1, event: event, locations: try await pictures.append(new))
  }

  func render(_ format: TargetFormat) async throws {
    let rendering = EventRendering(format: format, pictures: Set(PictureRole.allCases), offPicture: .empty)
    let body = try await RequestBody(stored, rendering: rendering, pictures: pictures)
    let buffer = try await body.whole()
    try expect(buffer.readableBytes == body.byteCount, "the body has another length than was said")
  }
}
