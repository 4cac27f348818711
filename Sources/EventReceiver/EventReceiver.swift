public import EventCoding
public import EventKeeping
public import FaceEvents
public import Hummingbird
public import HummingbirdCore
public import Logging
import NIOCore

/// HTTP in: takes events and status reports on the paths of protocol.md 1.5, has them understood and kept, and answers.
///
/// One receiver serves any number of listen addresses; they share its limits. Other modules add their routes to the same router.
public struct EventReceiver: Sendable {
  /// Wire bytes to events. The body is the decoder's from then on.
  public typealias Decode = @Sendable (EncodedRequest) -> DecodedRequest
  /// Told of each request to an event path when its answer is about to be written; must be quick.
  public typealias OnAnswered = @Sendable (AccessRecord) -> Void

  public let settings: ReceiverSettings
  let keeper: EventKeeper
  let pictures: any PictureStore
  let quarantine: any QuarantineStore
  let metrics: ReceiverMetrics
  let logger: Logger
  let decode: Decode
  let onAnswered: OnAnswered?
  let routes: RouteTable
  let admission: BodyAdmission
  let alarm: StorageAlarm
  /// Metrics of other parts of the node, in the text format of Prometheus, for the same page.
  public var furtherMetrics: (@Sendable () async -> String)?

  /// - Parameters:
  ///   - metrics: the same that observes the keeper.
  ///   - decode: nil for `EventDecoder` with the limits of the settings.
  ///   - onAnswered: the access log; not called when the settings switch it off.
  public init(
    settings: ReceiverSettings, keeper: EventKeeper, pictures: any PictureStore, quarantine: any QuarantineStore, metrics: ReceiverMetrics,
    logger: Logger, decode: Decode? = nil, onAnswered: OnAnswered? = nil
  ) {
    self.settings = settings
    self.keeper = keeper
    self.pictures = pictures
    self.quarantine = quarantine
    self.metrics = metrics
    self.logger = logger
    self.decode = decode ?? Self.decoder(for: settings)
    self.onAnswered = settings.accessLog ? onAnswered : nil
    routes = RouteTable(aliases: settings.aliases)
    admission = BodyAdmission(totalBytes: settings.bodiesInFlightBytesMax, bodyBytesMax: settings.bodyBytesMax)
    alarm = StorageAlarm(logger: logger)
  }

  /// Every path that takes something, with what it takes: the built-in ones in the order of the protocol, then the aliases.
  public var paths: [(path: String, kind: RouteKind)] { routes.paths }

  /// A router with the receiver's routes; add further ones to it before an application is made of it.
  public func makeRouter() -> Router<ReceiverContext> {
    let router = Router(context: ReceiverContext.self)
    addRoutes(to: router)
    return router
  }

  /// Adds the receiver to a router. Its middleware answers event paths, turns errors of any route into the box's error envelope and logs
  /// unexpected ones, so this comes before other routes are added.
  public func addRoutes(to router: Router<ReceiverContext>) {
    router.add(middleware: ReceiverMiddleware(receiver: self))
    router.get("/healthz") { _, _ in healthResponse() }
    router.get("/readyz") { _, _ in readinessResponse() }
    router.get("/metrics") { _, _ in await metricsResponse() }
  }

  /// The HTTP/1 server with the limits of the settings. Requests to other routes than those of events reach them with
  /// their bodies complete.
  public func makeServer() -> HTTPServerBuilder {
    let environment = IntakeEnvironment(self)
    return HTTPServerBuilder { responder in ReceivingChannel(responder: responder, environment: environment) }
  }

  /// A service that listens on one address. Several of them may share one responder.
  /// - Parameter onRunning: called with the listening channel once connections are accepted.
  public func makeApplication<Responder: HTTPResponder>(
    responder: Responder, address: BindAddress, onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
  ) -> Application<Responder> where Responder.Context == ReceiverContext {
    Application(
      responder: responder, server: makeServer(),
      configuration: ApplicationConfiguration(
        address: address, backlog: 1024, availableConnectionsDelegate: .maximum(settings.connectionsMax, logger: logger)),
      onServerRunning: onRunning, logger: logger)
  }

  private static func decoder(for settings: ReceiverSettings) -> Decode {
    var limits = EventDecoder.Limits()
    limits.depthMax = settings.jsonDepthMax
    limits.formPartsMax = settings.formPartsMax
    let decoder = EventDecoder(limits: limits, isStrict: settings.isStrict)
    return { decoder.decode($0) }
  }
}
