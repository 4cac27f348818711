public import FaceEvents
public import ServiceLifecycle
import Synchronization

/// The group commit: one writer takes whatever waits, writes its pictures, then its rows, then answers everybody. The next batch gathers
/// while this one commits, so there is no timer and nobody waits for a batch to fill.
///
/// An answer without an error means that the item is on stable storage. An error means that it may not be there; sending it again is safe.
public final class EventKeeper: Service {
  let settings: KeeperSettings
  let events: any EventStore
  let pictures: any PictureStore
  let observer: KeepObserver
  private let shared: Mutex<Shared>

  private struct Shared {
    var queue: KeepQueue<Call>
    var phase = KeeperHealth.Phase.notStarted
    /// The writer, while nothing waits for it.
    var idleWriter: CheckedContinuation<Void, Never>?
    var failure: (error: StorageError, at: ContinuousClock.Instant)?
  }

  public init(
    events: any EventStore, pictures: any PictureStore, settings: KeeperSettings = KeeperSettings(), observer: KeepObserver = KeepObserver()
  ) {
    self.settings = settings
    self.events = events
    self.pictures = pictures
    self.observer = observer
    shared = Mutex(Shared(queue: KeepQueue(settings: settings)))
  }

  /// Returns when every item is committed or refused, with one result per item, in order. Items of one call are committed in their order;
  /// calls that arrive at the same time in any. Before ``run()`` is called they wait.
  ///
  /// - Returns: `.closed` for every item after shutdown began; `.failed` for every item when more waits than the settings allow.
  public func keep(_ items: [KeepItem]) async -> [Result<StoreReceipt, StorageError>] {
    guard !items.isEmpty else { return [] }
    return await withCheckedContinuation { continuation in
      let call = Call(itemCount: items.count, continuation: continuation)
      let (admission, writer) = shared.withLock { shared in
        let admission = shared.queue.submitted(items, tag: call)
        return (admission, admission == .queued ? shared.idleWriter.take() : nil)
      }
      switch admission {
      case .queued: writer?.resume()
      case .closed: call.refuse(with: .closed)
      case .overloaded: call.refuse(with: .failed("too much waits to be kept; try again later"))
      }
    }
  }

  public var health: KeeperHealth {
    shared.withLock {
      KeeperHealth(
        phase: $0.phase, failure: $0.failure?.error, failedAt: $0.failure?.at, queuedItems: $0.queue.itemCount,
        queuedBytes: $0.queue.byteCount)
    }
  }

  /// The writer. Ends after graceful shutdown or cancellation, when everything that waited has its answer.
  public func run() async {
    shared.withLock { if $0.phase == .notStarted { $0.phase = .running } }
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskExecutorPreference(WriterExecutor()) {
        while let (batch, byteCount) = await nextBatch() { await keep(batch, byteCount: byteCount) }
      }
    } onCancelOrGracefulShutdown: {
      self.close()
    }
  }

  /// From now on nothing more is taken; what waits is still committed, then ``run()`` ends.
  public func close() {
    let writer = shared.withLock { shared in
      shared.queue.closed()
      shared.phase = .closed
      return shared.idleWriter.take()
    }
    writer?.resume()
  }

  private func nextBatch() async -> ([KeepQueue<Call>.Entry], byteCount: Int)? {
    while true {
      switch shared.withLock({ $0.queue.next() }) {
      case .batch(let entries, let byteCount): return (entries, byteCount)
      case .stop: return nil
      case .wait: await waitForItems()
      }
    }
  }

  private func waitForItems() async {
    await withCheckedContinuation { continuation in
      let mustWait = shared.withLock { shared in
        guard shared.queue.itemCount == 0, shared.queue.state == .open else { return false }
        shared.idleWriter = continuation
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }

  private func keep(_ batch: [KeepQueue<Call>.Entry], byteCount: Int) async {
    let start = ContinuousClock.now
    let items = batch.map(\.item)
    let results = await commit(items)
    var failed = 0
    var failure: StorageError?
    for result in results {
      guard case .failure(let error) = result else { continue }
      failed += 1
      failure = error
    }
    let end = ContinuousClock.now
    // A single bad row says nothing about the store: only a commit that kept nothing does.
    let storeFailure = failed == items.count ? failure : nil
    shared.withLock { $0.failure = storeFailure.map { ($0, end) } }
    observer.onBatch?(BatchFigures(items: items.count, bytes: byteCount, failed: failed, duration: end - start))
    for (entry, result) in zip(batch, results) { entry.tag.answered(entry.index, with: result) }
    publish(items, results)
  }

  private func publish(_ items: [KeepItem], _ results: [Result<StoreReceipt, StorageError>]) {
    guard let onKept = observer.onKept else { return }
    var kept: [KeptEvent] = []
    for (item, result) in zip(items, results) {
      guard case .event(var event, _) = item, case .success(let receipt) = result, !receipt.isDuplicate else { continue }
      event.id = receipt.id ?? event.id
      kept.append(KeptEvent(receipt: receipt, event: event))
    }
    if !kept.isEmpty { onKept(kept) }
  }
}
