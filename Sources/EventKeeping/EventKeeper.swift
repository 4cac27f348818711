public import FaceEvents
public import ServiceLifecycle
import Synchronization

/// The group commit: takes whatever waits, writes its pictures, then its rows, then answers everybody. The next batch gathers meanwhile, so
/// there is no timer and nobody waits for a batch to fill.
///
/// An answer without an error means that the item is on stable storage. An error means that it may not be there; sending it again is safe.
public final class EventKeeper: Service {
  let settings: KeeperSettings
  let events: any EventStore
  let pictures: any PictureStore
  let observer: KeepObserver
  private let shared: Mutex<Shared>

  fileprivate struct Shared {
    var queue: KeepQueue<Call>
    var phase = KeeperHealth.Phase.notStarted
    /// The writer, while there is nothing for it to do.
    var idleWriter: CheckedContinuation<Void, Never>?
    /// Items with the other thread.
    var rowsUnderWay = 0
    let (gatheredBytesMin, aheadOfRowsMax): (Int, Int)
    var failure: (error: StorageError, at: ContinuousClock.Instant)?
  }

  public init(
    events: any EventStore, pictures: any PictureStore, settings: KeeperSettings = KeeperSettings(), observer: KeepObserver = KeepObserver()
  ) {
    self.settings = settings
    self.events = events
    self.pictures = pictures
    self.observer = observer
    shared = Mutex(
      Shared(
        queue: KeepQueue(settings: settings), gatheredBytesMin: settings.gatheredBytesMin, aheadOfRowsMax: settings.aheadOfRowsMax))
  }

  /// One result per item, in order.
  public typealias Done = @Sendable ([Result<StoreReceipt, StorageError>]) -> Void

  /// Returns when every item is committed or refused, with one result per item, in order. Items of one call are committed in their order;
  /// calls that arrive at the same time in any. Before ``run()`` is called they wait.
  ///
  /// - Returns: `.closed` for every item after shutdown began; `.failed` for every item when more waits than the settings allow.
  public func keep(_ items: [KeepItem]) async -> [Result<StoreReceipt, StorageError>] {
    await withCheckedContinuation { continuation in keep(items) { continuation.resume(returning: $0) } }
  }

  /// As ``keep(_:)``, for callers without a task.
  /// - Parameter done: called once; mostly by the writer, between two commits, so it has to be quick.
  public func keep(_ items: [KeepItem], then done: @escaping Done) {
    guard !items.isEmpty else { return done([]) }
    let call = Call(itemCount: items.count, done: done)
    let (admission, writer) = shared.withLock { shared in
      let admission = shared.queue.submitted(items, tag: call)
      return (admission, shared.mustWait ? nil : shared.idleWriter.take())
    }
    switch admission {
    case .queued: writer?.resume()
    case .closed: call.refuse(with: .closed)
    case .overloaded: call.refuse(with: .failed("too much waits to be kept; try again later"))
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
      await commitAll()
    } onCancelOrGracefulShutdown: {
      self.close()
    }
  }

  /// The rows of one batch are committed while the pictures of the next are written.
  private func commitAll() async {
    let rows = Handoff<Commit>()
    await withTaskGroup(of: Void.self) { stages in
      stages.addTask(executorPreference: WriterExecutor("writer")) {
        while let (batch, byteCount) = await self.nextBatch() {
          var commit = Commit(batch: batch, byteCount: byteCount)
          await self.writePictures(of: &commit)
          if commit.hasWritten || self.hasRowsUnderWay {
            self.shared.withLock { $0.rowsUnderWay += batch.count }
            await rows.send(commit)
          } else {
            await self.writeRows(of: commit)
          }
        }
        rows.finish()
      }
      stages.addTask(executorPreference: WriterExecutor("rows")) {
        while let commit = await rows.next() {
          await self.writeRows(of: commit)
          self.rowsDone(commit.batch.count)
        }
      }
    }
  }

  private var hasRowsUnderWay: Bool { shared.withLock { $0.rowsUnderWay > 0 } }

  private func rowsDone(_ itemCount: Int) {
    let writer = shared.withLock { shared in
      shared.rowsUnderWay -= itemCount
      return shared.idleWriter.take()
    }
    writer?.resume()
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
      switch shared.withLock({ $0.next() }) {
      case .batch(let entries, let byteCount): return (entries, byteCount)
      case .stop: return nil
      case .wait: await waitForChange()
      }
    }
  }

  private func waitForChange() async {
    await withCheckedContinuation { continuation in
      let mustWait = shared.withLock { shared in
        guard shared.mustWait else { return false }
        shared.idleWriter = continuation
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }

  func note(_ commit: Commit, _ results: [Result<StoreReceipt, StorageError>]) {
    var failed = 0
    var failure: StorageError?
    for result in results {
      guard case .failure(let error) = result else { continue }
      failed += 1
      failure = error
    }
    let end = ContinuousClock.now
    // A single bad row says nothing about the store: only a commit that kept nothing does.
    let storeFailure = failed == results.count ? failure : nil
    shared.withLock { $0.failure = storeFailure.map { ($0, end) } }
    observer.onBatch?(
      BatchFigures(items: results.count, bytes: commit.byteCount, failed: failed, duration: end - commit.start))
  }
}

extension EventKeeper.Shared {
  /// While rows are under way what waits gathers, since larger batches cost less: until there are pictures enough to be worth a wait for the
  /// disk of their own. Where so little is under way that the node has time for small batches, pictures do not wait either. Rows alone have
  /// nothing to do before.
  fileprivate var mustGather: Bool {
    guard rowsUnderWay > 0 else { return false }
    return !queue.hasPictures || (queue.byteCount < gatheredBytesMin && rowsUnderWay > aheadOfRowsMax)
  }

  fileprivate var mustWait: Bool { queue.itemCount == 0 ? queue.state == .open : mustGather }

  fileprivate mutating func next() -> KeepQueue<Call>.Next { mustWait ? .wait : queue.next() }
}
