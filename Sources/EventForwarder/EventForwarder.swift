import EventCoding
public import FaceEvents
public import Logging
public import ServiceLifecycle
import Synchronization

/// The asynchronous report: delivers what the node has stored to its targets, each at its own pace (docs/ARCHITECTURE.md, "The path of a
/// forwarded event").
///
/// As a service it delivers; its ``Forwarding`` methods work with or without that, on whatever the store has.
public final class EventForwarder: Service {
  /// Between two writes of the cursors.
  private static let savePause = Duration.seconds(1)

  let services: ForwarderServices
  let own = OwnAddresses()
  private let handles = Mutex<[String: TargetHandle]>([:])
  /// By lane, for ``kept(_:)``, which must not look at every target for every event.
  private let realtime = Mutex<[TargetHandle]>([])
  private let changes = Signal()
  private let isStopping = Mutex(false)
  private let isLoaded = Mutex(false)

  public init(
    targets: any TargetStore, log: any EventLog, pictures: any PictureStore, identity: NodeIdentity, logger: Logger,
    clock: ForwarderClock = .system
  ) {
    services = ForwarderServices(
      targets: targets, log: log, pictures: pictures, cursors: CursorBook(store: targets), clock: clock, logger: logger,
      userAgent: "fogcatcher/\(identity.version)", status: NodeStatus(identity: identity, pictures: pictures))
  }

  /// The addresses that the node is reached at, once it listens: none of them may be a target.
  public func listening(on addresses: [(host: String, port: Int)]) { own.listening(on: addresses) }

  /// These events are stored now. Quick, for the writer's thread.
  /// - Parameter forEach: gives each of them with its number.
  public func kept(_ forEach: ((_ sequence: Int64, _ event: FaceEvent) -> Void) -> Void) {
    var hasHistory = false
    forEach { sequence, event in
      guard event.lane == .realtime else {
        hasHistory = true
        return
      }
      for handle in realtime.withLock({ $0 }) where handle.target.pause == nil && handle.target.wants(event) { handle.enqueue(sequence) }
    }
    guard hasHistory else { return }
    for handle in all where handle.target.lane == .history { handle.signal.raise() }
  }

  /// Delivers until graceful shutdown or cancellation, then saves the cursors.
  public func run() async {
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await self.saveNowAndThen() }
        await self.deliver()
        tasks.cancelAll()
      }
      await self.save()
    } onCancelOrGracefulShutdown: {
      self.isStopping.withLock { $0 = true }
      self.changes.raise()
    }
  }

  var all: [TargetHandle] { handles.withLock { Array($0.values) } }

  func handle(_ id: String) -> TargetHandle? { handles.withLock { $0[id] } }
}

extension EventForwarder {
  /// One child task for each target that there is.
  private func deliver() async {
    await withDiscardingTaskGroup { tasks in
      var running: [TargetHandle] = []
      while !isStopping.withLock({ $0 }) {
        do { try await load() } catch {
          services.logger.error("the targets cannot be read", metadata: ["cause": "\(error)"])
          await changes.wait(atMost: Self.savePause)
          continue
        }
        let present = all
        for handle in present where !running.contains(where: { $0 === handle }) { tasks.addTask { await self.deliver(to: handle) } }
        running = present
        await changes.wait()
      }
      for handle in all { handle.remove() }
    }
  }

  /// Reads the targets once; from then on the handles are what counts, and the store follows.
  func load() async throws(StorageError) {
    guard !isLoaded.withLock({ $0 }) else { return }
    let targets = try await services.targets.targets()
    isLoaded.withLock { isLoaded in
      guard !isLoaded else { return }
      isLoaded = true
      handles.withLock { handles in for target in targets { handles[target.id] = TargetHandle(target) } }
    }
    sortOut()
  }

  /// A target was added.
  func add(_ target: ForwardTarget) {
    handles.withLock { $0[target.id] = TargetHandle(target) }
    sortOut()
    changes.raise()
  }

  func forget(_ id: String) {
    let handle = handles.withLock { $0.removeValue(forKey: id) }
    sortOut()
    handle?.remove()
  }

  func sortOut() {
    let handles = all.filter { $0.target.lane == .realtime }
    realtime.withLock { $0 = handles }
  }

  private func deliver(to handle: TargetHandle) async {
    while let (target, version) = handle.order {
      guard target.pause == nil else {
        await handle.signal.wait()
        continue
      }
      await handle.delivering { await self.run(LaneContext(handle: handle, target: target, version: version, services: self.services)) }
    }
  }

  private func run(_ context: LaneContext) async {
    guard context.isCurrent else { return }
    let urls = context.target.urls.compactMap(TargetURL.init)
    guard let url = urls.first else { return await context.pause(reason: "no URL is left that can be sent to; set one, then resume") }
    let client: TargetClient
    do {
      client = try TargetClient(context.target, userAgent: services.userAgent)
    } catch {
      return await context.pause(reason: "\(error)")
    }
    if context.target.tls.isInsecure {
      services.logger.warning(
        "the certificate of a target is not checked: anybody in between can read and change what is sent",
        metadata: ["target": "\(context.target.id)"])
    }
    switch context.target.lane {
    case .history:
      do {
        await HistoryLane(context, url: url, client: client).run(from: try await services.cursors.cursor(of: context.target.id))
      } catch {
        services.logger.error("a cursor cannot be read", metadata: ["target": "\(context.target.id)", "cause": "\(error)"])
        await context.handle.signal.wait(atMost: Self.savePause)
      }
    case .realtime: await RealtimeLane(context, urls: urls, client: client).run()
    case .status: await StatusLane(context: context, url: url, client: client).run()
    }
    await client.shutdown()
  }

  private func saveNowAndThen() async {
    while !Task.isCancelled {
      await services.cursors.changed.wait()
      try? await Task.sleep(for: Self.savePause)
      await save()
    }
  }

  private func save() async {
    do { try await services.cursors.save() } catch {
      // What was accepted since then is sent again after a restart.
      services.logger.error("the cursors cannot be saved", metadata: ["cause": "\(error)"])
      services.cursors.changed.raise()
    }
  }
}
