public import EventKeeping
import EventCoding
import FaceEvents
import Synchronization

/// Counts what the receiver and the keeper do, for `/metrics`. One lock, held for a few additions; nothing is allocated per event.
///
/// Made before the keeper, so that ``observed(_:)`` can be its observer.
public final class ReceiverMetrics: Sendable {
  struct Figures: Sendable {
    var connectionsOpen = 0
    var requestsInFlight = 0
    var requests: UInt64 = 0
    var bodyBytes: UInt64 = 0
    var received = PerLane()
    var stored = PerLane()
    var duplicate = PerLane()
    var warned = PerLane()
    var statusReports: UInt64 = 0
    var refused = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
    var quarantined: UInt64 = 0
    var batchItems = Histogram.items
    var batchSeconds = Histogram.seconds
    var batchBytes: UInt64 = 0
    var itemsNotKept: UInt64 = 0
    /// By the raw order of `RouteKind.allCases`.
    var answerSeconds = RouteKind.allCases.map { _ in Histogram.seconds }
  }

  struct PerLane: Sendable, Equatable {
    var history: UInt64 = 0
    var realtime: UInt64 = 0

    mutating func add(_ lane: Lane) {
      switch lane {
      case .history: history += 1
      case .realtime: realtime += 1
      }
    }
  }

  private let figures = Mutex(Figures())

  public init() {}

  var current: Figures { figures.withLock { $0 } }

  /// For `KeepObserver.onBatch`.
  public func observed(_ batch: BatchFigures) {
    figures.withLock {
      $0.batchItems.observe(Double(batch.items))
      $0.batchSeconds.observe(batch.duration.inSeconds)
      $0.batchBytes += UInt64(batch.bytes)
      $0.itemsNotKept += UInt64(batch.failed)
    }
  }

  func connectionOpened() { figures.withLock { $0.connectionsOpen += 1 } }

  func connectionClosed() { figures.withLock { $0.connectionsOpen -= 1 } }

  func requestStarted() {
    figures.withLock {
      $0.requestsInFlight += 1
      $0.requests += 1
    }
  }

  func requestEnded() { figures.withLock { $0.requestsInFlight -= 1 } }

  func refused(_ reason: RefusalReason) { figures.withLock { $0.refused[reason.rawValue] += 1 } }

  func refused(_ reason: HeaderRefusal) { refused(reason == .timeout ? RefusalReason.timeout : .header) }

  func quarantined() { figures.withLock { $0.quarantined += 1 } }

  /// A request to an event path is answered.
  func answered(_ kind: RouteKind, bodyBytes: Int, seconds: Double, elements: [ElementFigures]) {
    figures.withLock {
      $0.bodyBytes += UInt64(bodyBytes)
      $0.answerSeconds[RouteKind.allCases.firstIndex(of: kind) ?? 0].observe(seconds)
      for element in elements { $0.add(element) }
    }
  }
}

/// What one element of a request counts as.
enum ElementFigures: Sendable, Equatable {
  enum Storing: Sendable, Equatable { case stored, duplicate, failed }

  case event(Lane, hasWarnings: Bool, Storing)
  case status(Storing)
}

extension ReceiverMetrics.Figures {
  fileprivate mutating func add(_ element: ElementFigures) {
    switch element {
    case .event(let lane, let hasWarnings, let storing):
      received.add(lane)
      if hasWarnings { warned.add(lane) }
      switch storing {
      case .stored: stored.add(lane)
      case .duplicate: duplicate.add(lane)
      case .failed: break
      }
    case .status(let storing): if storing != .failed { statusReports += 1 }
    }
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
