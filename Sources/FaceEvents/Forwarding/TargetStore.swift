/// Targets, how far each has got, and what they refused.
///
/// A target's cursor says that every event up to it is done: accepted, not wanted, or parked. It may lag behind what was accepted (then
/// events are sent again, which is harmless), never run ahead.
public protocol TargetStore: Sendable {
  /// In the order in which they were first saved.
  func targets() async throws(StorageError) -> [ForwardTarget]

  /// Adds the target, or replaces the one with its id and keeps that one's cursor, place and parked events.
  /// - Parameter start: of a new target's cursor; does nothing to one that is there.
  func save(_ target: ForwardTarget, start: TargetStart) async throws(StorageError)

  /// With its cursor and its parked events.
  /// - Returns: false when there was none.
  func removeTarget(_ id: String) async throws(StorageError) -> Bool

  /// Changes nothing but ``ForwardTarget/pause``.
  /// - Parameter pause: nil to go on.
  /// - Returns: false when there is no such target.
  func setPause(_ pause: TargetPause?, ofTarget id: String) async throws(StorageError) -> Bool

  /// By target.
  func cursors() async throws(StorageError) -> [String: Int64]

  /// Moves cursors on, all in one transaction. A cursor that would go back stays, a target that is gone is left out.
  func advanceCursors(_ cursors: [String: Int64]) async throws(StorageError)

  /// Moves one cursor, back as well.
  /// - Returns: false when there is no such target.
  func setStart(_ start: TargetStart, ofTarget id: String) async throws(StorageError) -> Bool

  /// Parks the events, replacing what is parked of the same target and sequence. One of a target that is gone is left out.
  func park(_ events: [ParkedEvent]) async throws(StorageError)

  /// - Parameters:
  ///   - target: nil for all.
  ///   - sequence: exclusive; 0 for the first page. Pages of all targets go by sequence, then target.
  ///   - limit: events in the answer.
  func parked(target: String?, after sequence: Int64, limit: Int) async throws(StorageError) -> [ParkedEvent]

  /// By target; targets without any are left out.
  func parkedCounts() async throws(StorageError) -> [String: Int]

  /// Marks parked events to be sent again. They stay parked until they are accepted.
  /// - Parameter sequences: nil for all of the target.
  /// - Returns: how many are marked now that were not.
  func replayParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int

  /// The marked ones of a target, oldest first.
  func replaying(target: String, limit: Int) async throws(StorageError) -> [ParkedEvent]

  /// - Parameter sequences: nil for all of the target.
  /// - Returns: how many there were.
  func dropParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int
}

/// Which events a target begins with.
public enum TargetStart: Sendable, Equatable, Codable {
  /// With the first that the store has.
  case beginning
  /// With the next that is stored.
  case end
  /// With the one after this sequence.
  case after(Int64)
}

/// What forwarding needs of the rows, besides what everybody does.
public protocol EventLog: Sendable {
  /// Events after `sequence` in commit order.
  /// - Parameter bytesMax: of the texts, without pictures; at least one event is always given when there is one.
  /// - Returns: at most `limit`; empty only when there is nothing after `sequence`.
  func events(after sequence: Int64, limit: Int, bytesMax: Int) async throws(StorageError) -> [LoggedEvent]

  /// The event with this sequence; nil when there is none (any more).
  /// - Throws: ``StorageError/damaged(_:)`` when its row is not what was written.
  func event(sequence: Int64) async throws(StorageError) -> StoredEvent?

  /// The sequence of the event that was stored last; 0 before the first.
  func latestSequence() async throws(StorageError) -> Int64

  /// What is stored after each of the sequences, in their order. Costs a few look-ups for each, however many wait.
  func waiting(after sequences: [Int64]) async throws(StorageError) -> [WaitingEvents]
}

/// An event of the log, or the news that its row is damaged: one row must not hold up those behind it.
public enum LoggedEvent: Sendable {
  case event(StoredEvent)
  case damaged(sequence: Int64, reason: String)

  public var sequence: Int64 {
    switch self {
    case .event(let event): event.sequence
    case .damaged(let sequence, _): sequence
    }
  }

  /// Nil when it is damaged.
  public var event: FaceEvent? { if case .event(let stored) = self { stored.event } else { nil } }
}

public struct WaitingEvents: Sendable, Equatable {
  /// An upper bound: events that were deleted, or that the target does not want, count until they are reached.
  public var count: Int64
  /// Arrival of the first of them.
  public var oldestReceivedAt: Timestamp?

  public init(count: Int64, oldestReceivedAt: Timestamp?) {
    self.count = count
    self.oldestReceivedAt = oldestReceivedAt
  }
}
