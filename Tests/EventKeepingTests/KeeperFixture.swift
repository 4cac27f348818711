import EventKeeping
import FaceEvents
import Logging
import ServiceLifecycle
import TestSupport

/// A running keeper on stores in memory.
struct KeeperFixture {
  let events: MemoryEventStore
  let pictures: MemoryPictureStore
  let keeper: EventKeeper
  let group: ServiceGroup

  func stop() async { await group.triggerGracefulShutdown() }
}

/// Stops the keeper however `body` ends, and returns when it has.
func withKeeper<Value: Sendable>(
  events: MemoryEventStore = MemoryEventStore(), pictures: MemoryPictureStore = MemoryPictureStore(),
  settings: KeeperSettings = KeeperSettings(), observer: KeepObserver = KeepObserver(), _ body: (KeeperFixture) async throws -> Value
) async throws -> Value {
  let keeper = EventKeeper(events: events, pictures: pictures, settings: settings, observer: observer)
  let group = ServiceGroup(
    configuration: .init(services: [.init(service: keeper)], logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() }))
  let fixture = KeeperFixture(events: events, pictures: pictures, keeper: keeper, group: group)
  async let running: Void = group.run()
  do {
    let value = try await body(fixture)
    await fixture.stop()
    try await running
    return value
  } catch {
    await fixture.stop()
    try await running
    throw error
  }
}

/// An event with one picture of each of the roles, and the bytes of the pictures.
func item(_ seed: String, lane: Lane = .history, _ roles: [PictureRole: String] = [:], byteCount: Int = 64) -> KeepItem {
  let ordered = roles.sorted { $0.key.rawValue < $1.key.rawValue }
  let event = SampleRecords.event(
    seed, lane: lane, pictures: ordered.map { SampleRecords.picture($0.value, $0.key, byteCount: byteCount, cutAt: nil) })
  return .event(event, pictures: ordered.map { SharedBytes(Array(repeating: UInt8($0.value.utf8.first ?? 0), count: byteCount)) })
}

extension Result where Success == StoreReceipt, Failure == StorageError {
  var receipt: StoreReceipt? { try? get() }

  var error: StorageError? { if case .failure(let error) = self { error } else { nil } }
}
