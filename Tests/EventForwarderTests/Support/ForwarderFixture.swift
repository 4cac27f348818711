import EventForwarder
import FaceEvents
import Logging
import ServiceLifecycle
import TestSupport

/// A forwarder over stores in memory.
struct ForwarderFixture: Sendable {
  let events = MemoryEventStore()
  let pictures = MemoryPictureStore()
  let targets: MemoryTargetStore
  let forwarder: EventForwarder

  init(clock: ForwarderClock = .system) {
    let events = events
    targets = MemoryTargetStore(latestSequence: { Int64(events.events.count) })
    forwarder = EventForwarder(
      targets: targets, log: events, pictures: pictures,
      identity: NodeIdentity(name: "test", code: "TEST-1", version: "0.0.1", dataDirectory: "/"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: clock)
  }

  /// Stores events as the keeper would, and says so.
  @discardableResult
  func keep(_ numbers: Range<Int>, lane: Lane = .history) async throws -> [FaceEvent] {
    var kept: [FaceEvent] = []
    for number in numbers {
      let picture = SamplePictures.picture(UInt64(number), byteCount: 300)
      let location = try await pictures.append([picture])
      var event = SampleRecords.event("event \(number)", at: Int64(number), lane: lane)
      let text = #"{"identity_id":"E-\#(number)","timestamp":\#(SampleRecords.start + Int64(number)),"spot_pic":""}"#
      event.originalText = SharedBytes(Array(text.utf8))
      let cut = PictureCut(offset: text.utf8.count - 2, text: .canonical)
      event.pictures = [EventPicture(role: .scene, field: "spot_pic", digest: picture.digest, byteCount: 300, cut: cut)]
      let receipt = try await events.append([.event(event, locations: location)])[0]
      forwarder.kept { $0(receipt.sequence, event) }
      kept.append(event)
    }
    return kept
  }

  /// Runs the forwarder while `body` runs, and returns when it has stopped.
  func running<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: forwarder)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    async let running: Void = group.run()
    do {
      let value = try await body()
      await group.triggerGracefulShutdown()
      try await running
      return value
    } catch {
      await group.triggerGracefulShutdown()
      try? await running
      throw error
    }
  }

  func backlog(_ target: String) async throws -> TargetBacklog? { try await forwarder.backlog().first { $0.target == target } }
}

struct NotInTime: Error {}

/// As ``eventually(within:_:)``, for what has to be asked for.
func eventually(_ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + eventuallyMax
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw NotInTime() }
    try await Task.sleep(for: .milliseconds(2))  // safe: the pause between two looks, not the wait itself
  }
}
