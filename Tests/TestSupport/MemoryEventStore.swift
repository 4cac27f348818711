public import FaceEvents
import Synchronization

/// Rows in memory, for tests of those that write: no SQL, but the same answers, and faults on demand.
public final class MemoryEventStore: EventStore {
  public typealias Fault<Input> = @Sendable (Input) async throws(StorageError) -> Void

  struct State {
    var events: [(event: FaceEvent, locations: [PictureLocation], sequence: Int64)] = []
    var indexOfEvent: [EventID: Int] = [:]
    var reports: [StatusReport] = []
    var references: [ContentDigest: PictureLocation] = [:]
    var commits: [Int] = []
  }

  private let state = Mutex(State())
  private let beforeKnown: Fault<[FaceEvent]>
  private let beforeAppend: Fault<[StoreEntry]>

  /// - Parameters:
  ///   - beforeKnown: may throw, or wait, before ``known(_:)`` answers.
  ///   - beforeAppend: may throw, or wait, before ``append(_:)`` stores anything.
  public init(beforeKnown: @escaping Fault<[FaceEvent]> = { _ in }, beforeAppend: @escaping Fault<[StoreEntry]> = { _ in }) {
    self.beforeKnown = beforeKnown
    self.beforeAppend = beforeAppend
  }

  /// In commit order.
  public var events: [FaceEvent] { state.withLock { $0.events.map(\.event) } }
  public var locations: [EventID: [PictureLocation]] {
    state.withLock { Dictionary($0.events.map { ($0.event.id, $0.locations) }) { first, _ in first } }
  }
  var stored: [StoredEvent] {
    state.withLock { $0.events.map { StoredEvent(sequence: $0.sequence, event: $0.event, locations: $0.locations) } }
  }
  public var reports: [StatusReport] { state.withLock { $0.reports } }
  /// How many entries each successful ``append(_:)`` had.
  public var commits: [Int] { state.withLock { $0.commits } }

  public func known(_ events: [FaceEvent]) async throws(StorageError) -> [KnownEvent] {
    try await beforeKnown(events)
    return state.withLock { state in events.map { state.known($0) } }
  }

  public func append(_ entries: [StoreEntry]) async throws(StorageError) -> [StoreReceipt] {
    try await beforeAppend(entries)
    return state.withLock { state in
      state.commits.append(entries.count)
      return entries.map { state.append($0) }
    }
  }

  public func events(_ query: EventQuery) async throws(StorageError) -> [StoredEvent] {
    state.withLock { state in
      state.events.filter { query.id == nil || $0.event.id == query.id }.prefix(query.limit)
        .map { StoredEvent(sequence: $0.sequence, event: $0.event, locations: $0.locations) }
    }
  }

  public func pictureMarks() async throws(StorageError) -> [UInt32: UInt64] { [:] }
}

extension MemoryEventStore.State {
  fileprivate func known(_ event: FaceEvent) -> KnownEvent {
    let locations = event.pictures.map { $0.role == .reference ? references[$0.digest] : nil }
    var id = event.id
    while let index = indexOfEvent[id] {
      let there = events[index].event
      if there.contentDigest == event.contentDigest, there.lane == event.lane {
        return KnownEvent(id: id, isDuplicate: true, locations: locations)
      }
      id = EventID(high: id.high, low: id.low + 1)
    }
    return KnownEvent(id: id, isDuplicate: false, locations: locations)
  }

  fileprivate mutating func append(_ entry: StoreEntry) -> StoreReceipt {
    switch entry {
    case .status(let report):
      reports.append(report)
      return StoreReceipt(sequence: Int64(reports.count), id: nil, isDuplicate: false)
    case .event(let event, let locations):
      let known = known(event)
      if known.isDuplicate, let index = indexOfEvent[known.id] {
        return StoreReceipt(sequence: events[index].sequence, id: known.id, isDuplicate: true)
      }
      var event = event
      event.id = known.id
      let sequence = Int64(events.count + 1)
      indexOfEvent[event.id] = events.count
      events.append((event, locations, sequence))
      for (picture, location) in zip(event.pictures, locations) where picture.role == .reference {
        references[picture.digest] = location
      }
      return StoreReceipt(sequence: sequence, id: event.id, isDuplicate: false)
    }
  }
}
