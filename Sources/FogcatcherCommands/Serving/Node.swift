import Console
import EventForwarder
import EventKeeping
import EventReceiver
import FaceEvents
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A running node: what is received goes to the keeper, what the keeper kept is in the data directory.
struct Node: Sendable {
  let settings: ServeSettings
  let logger: Logger
  let keeper: EventKeeper
  let receiver: EventReceiver
  let forwarder: EventForwarder
  let feed = LiveFeed()
  let description: NodeDescription
  let data: OpenData

  /// - Parameter effective: the settings with where each came from, for people who look.
  init(
    settings: ServeSettings, data: OpenData, logger: Logger, accessLines: AccessLines? = nil, effective: [EffectiveSetting] = []
  ) {
    self.settings = settings
    self.data = data
    self.logger = logger
    description = NodeDescription(settings, effective: effective)
    let metrics = ReceiverMetrics()
    var keeperSettings = KeeperSettings()
    keeperSettings.diskReserveBytes = settings.receiver.diskReserveBytes
    let forwarder = EventForwarder(
      targets: data.store, log: data.store, pictures: data.volumes, identity: .ofNode(dataDirectory: settings.dataDirectory), logger: logger
    )
    self.forwarder = forwarder
    keeper = EventKeeper(
      events: data.store, pictures: data.volumes, settings: keeperSettings,
      observer: KeepObserver(
        onBatch: { metrics.observed($0) },
        onKept: { [feed] kept in
          forwarder.kept { body in kept.forEach { body($0.sequence, $1) } }
          feed.kept { body in kept.forEach { body($0.sequence, $0.id ?? $1.id, $1) } }
        }))
    var receiver = EventReceiver(
      settings: settings.receiver, keeper: keeper, pictures: data.volumes, quarantine: data.store, metrics: metrics, logger: logger,
      onAnswered: accessLines?.write)
    receiver.furtherMetrics = { await forwarder.metricsText() }
    self.receiver = receiver
  }

  /// The services in the order of dependence: they stop from the last to the first, so that the keeper outlives its callers.
  /// - Parameter onListening: called once, with the addresses that are really listened on, when all are.
  func services(onListening: @escaping @Sendable ([ListenAddress]) async -> Void) -> [any Service] {
    let router = receiver.makeRouter()
    BoxConfiguration(forwarding: forwarder).addRoutes(to: router)
    let api = EventAPI(consoleSources, feed: feed)
    api.addRoutes(to: router)
    ConsolePages(consoleSources, api: api).addRoutes(to: router)
    let responder = router.buildResponder()
    let listening = Listening(count: settings.listen.count) { [forwarder, description] addresses in
      description.listening(on: addresses)
      forwarder.listening(on: addresses.map { (host: $0.host, port: $0.port) })
      await onListening(addresses)
    }
    let servers = settings.listen.enumerated().map { index, address in
      ListeningService(
        address: address,
        application: receiver.makeApplication(
          responder: responder, address: .hostname(address.host, port: address.port),
          onRunning: { channel in
            let port = channel.localAddress?.port ?? address.port
            await listening.began(index, ListenAddress(host: address.host, port: port))
          }))
    }
    // The feed stops before the servers, which wait for the streams to end.
    return [keeper, forwarder] + servers + [admin, feed]
  }

  private var admin: AdminService {
    AdminService(
      socket: AdminSocket(dataDirectory: settings.dataDirectory),
      api: AdminAPI(forwarding: forwarder, quarantine: receiver, program: "fogcatcher \(ProgramVersion.text)"), logger: logger)
  }

  /// What is not committed yet, for the log.
  var waiting: Logger.Metadata {
    let health = keeper.health
    return ["items": "\(health.queuedItems)", "bytes": "\(health.queuedBytes)"]
  }

  /// Runs until somebody asks the group to stop, or a part of the node fails.
  func makeGroup(onListening: @escaping @Sendable ([ListenAddress]) async -> Void) -> ServiceGroup {
    // What the group would log as an error is thrown too, and told to the person by whoever catches it.
    var quiet = logger
    quiet.logLevel = .critical
    let services = services(onListening: onListening).map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
    return ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: quiet))
  }
}

/// Waits until every listener is up.
private actor Listening {
  private var addresses: [ListenAddress?]
  private let onAll: @Sendable ([ListenAddress]) async -> Void

  init(count: Int, onAll: @escaping @Sendable ([ListenAddress]) async -> Void) {
    addresses = Array(repeating: nil, count: count)
    self.onAll = onAll
  }

  func began(_ index: Int, _ address: ListenAddress) async {
    addresses[index] = address
    let known = addresses.compactMap { $0 }
    if known.count == addresses.count { await onAll(known) }
  }
}

/// One listener, whose failure names the address.
private struct ListeningService<Responder: HTTPResponder>: Service where Responder.Context == ReceiverContext {
  let address: ListenAddress
  let application: Application<Responder>

  func run() async throws {
    do {
      try await application.run()
    } catch {
      throw ListenError(address: address, cause: error)
    }
  }
}
