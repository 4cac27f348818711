import EventCoding
import EventKeeping
import FaceEvents
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport

@testable import EventReceiver

/// A receiver on stores in memory.
struct ReceiverFixture: Sendable {
  let events: MemoryEventStore
  let pictures: MemoryPictureStore
  let quarantine: MemoryQuarantineStore
  let metrics = ReceiverMetrics()
  let keeper: EventKeeper
  let receiver: EventReceiver
  let log: RecordedLog

  init(
    events: MemoryEventStore = MemoryEventStore(), pictures: MemoryPictureStore = MemoryPictureStore(),
    quarantine: MemoryQuarantineStore = MemoryQuarantineStore(), settings change: (inout ReceiverSettings) -> Void = { _ in },
    decode: EventReceiver.Decode? = nil
  ) {
    self.events = events
    self.pictures = pictures
    self.quarantine = quarantine
    log = RecordedLog()
    var settings = ReceiverSettings()
    change(&settings)
    keeper = EventKeeper(
      events: events, pictures: pictures, observer: KeepObserver(onBatch: { [metrics] in metrics.observed($0) }))
    receiver = EventReceiver(
      settings: settings, keeper: keeper, pictures: pictures, quarantine: quarantine, metrics: metrics, logger: log.logger, decode: decode,
      onAnswered: { [log] in log.add($0) })
  }
}

/// A receiver that listens on a port of the loopback address.
struct LiveReceiver: Sendable {
  let fixture: ReceiverFixture
  let port: Int
  let group: ServiceGroup

  func stop() async { await group.triggerGracefulShutdown() }
}

/// Starts the receiver, runs `body`, stops it however `body` ends, and returns when everything is down.
func withLiveReceiver<Value: Sendable>(
  _ fixture: ReceiverFixture, router: Router<ReceiverContext>? = nil, _ body: @Sendable (LiveReceiver) async throws -> Value
) async throws -> Value {
  let (ports, port) = AsyncStream.makeStream(of: Int.self)
  let application = fixture.receiver.makeApplication(
    responder: (router ?? fixture.receiver.makeRouter()).buildResponder(), address: .hostname("127.0.0.1", port: 0),
    onRunning: { port.yield($0.localAddress?.port ?? 0) })
  let group = ServiceGroup(
    configuration: .init(
      services: [.init(service: fixture.keeper), .init(service: application)],
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
  async let running: Void = group.run()
  for await port in ports {
    let live = LiveReceiver(fixture: fixture, port: port, group: group)
    let result = await Result { try await body(live) }
    await live.stop()
    try await running
    return try result.get()
  }
  throw CancellationError()
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
