public import FaceEvents

/// Who wants to know what the keeper does. Both are called by whichever stage has committed rows, one call at
/// a time, before the next commit of rows: they must be quick.
public struct KeepObserver: Sendable {
  /// After each commit, also a failed one.
  public var onBatch: (@Sendable (BatchFigures) -> Void)?
  /// After the callers of a commit have their answers: the events that are now stored and were not before, in commit order.
  public var onKept: (@Sendable (KeptEvents) -> Void)?

  public init(onBatch: (@Sendable (BatchFigures) -> Void)? = nil, onKept: (@Sendable (KeptEvents) -> Void)? = nil) {
    self.onBatch = onBatch
    self.onKept = onKept
  }
}

/// What one commit was.
public struct BatchFigures: Sendable, Equatable {
  public var items: Int
  public var bytes: Int
  /// Items that were not kept.
  public var failed: Int
  public var duration: Duration

  public init(items: Int, bytes: Int, failed: Int, duration: Duration) {
    self.items = items
    self.bytes = bytes
    self.failed = failed
    self.duration = duration
  }
}

/// The events of one commit that were not stored before, in commit order. They are looked at where they are: most of whom this is told to want
/// to know little of them.
public struct KeptEvents {
  private let each: ((StoreReceipt, FaceEvent) -> Void) -> Void

  init(_ each: @escaping ((StoreReceipt, FaceEvent) -> Void) -> Void) { self.each = each }

  /// - Parameter body: gets each event with the receipt that says under which id and number it is stored.
  public func forEach(_ body: (StoreReceipt, FaceEvent) -> Void) { each(body) }
}

/// Whether the keeper can keep, for `/readyz` and the metrics.
public struct KeeperHealth: Sendable {
  public enum Phase: Sendable, Equatable { case notStarted, running, closed }

  public var phase: Phase
  /// What the last commit failed with, and when; nil when it kept at least one item.
  public var failure: StorageError?
  public var failedAt: ContinuousClock.Instant?
  public var queuedItems: Int
  public var queuedBytes: Int
}
