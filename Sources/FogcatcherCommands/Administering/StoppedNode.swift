import EventKeeping
import EventReceiver
import FaceEvents
import Logging

/// A data directory that no node runs on, worked on directly.
struct StoppedNode: Sendable {
  private let keeper: EventKeeper
  let quarantine: any QuarantineDesk
  let forwarding: any Forwarding

  init(data: OpenData, settings: ServeSettings) {
    let metrics = ReceiverMetrics()
    var keeperSettings = KeeperSettings()
    keeperSettings.diskReserveBytes = settings.receiver.diskReserveBytes
    keeper = EventKeeper(events: data.store, pictures: data.volumes, settings: keeperSettings)
    quarantine = EventReceiver(
      settings: settings.receiver, keeper: keeper, pictures: data.volumes, quarantine: data.store, metrics: metrics,
      logger: Logger(label: "fogcatcher") { _ in SwiftLogNoOpLogHandler() })
    forwarding = StoredForwarding(store: data.store)
  }

  /// Keeping works while `body` runs.
  func run<Result>(_ body: (any Forwarding, any QuarantineDesk) async throws -> Result) async throws -> Result {
    async let writer: Void = keeper.run()
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(forwarding, quarantine)) } catch { result = .failure(error) }
    keeper.close()
    await writer
    return try result.get()
  }
}
