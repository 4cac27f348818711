/// Reading what is kept, as people and programs ask for it.
///
/// Every call does a bounded amount of work, whatever is stored and whatever is asked for, so it answers within milliseconds at ten million
/// events. Where a filter is so rare that the bound is reached first, a page is short (``EventPage/next``).
public protocol EventCatalog: Sendable {
  /// One page of events. A damaged row is an entry of its own and does not fail the page.
  func page(_ query: EventQuery) async throws(StorageError) -> EventPage

  /// The event with this id: once for each lane that it came on, history first. Empty when there is none.
  func events(id: EventID) async throws(StorageError) -> [LoggedEvent]

  func people(_ query: PeopleQuery) async throws(StorageError) -> PeoplePage

  func person(_ id: String) async throws(StorageError) -> PersonRecord?

  /// First and last event of a person for each day and endpoint, oldest day first: what attendance needs. Both lanes count; the same
  /// passage on both is one visit with a higher count.
  func visits(_ query: VisitQuery) async throws(StorageError) -> [DayVisit]

  /// By code. At most `limit`.
  /// - Parameter code: exclusive; nil for the first page.
  func boxes(after code: String?, limit: Int) async throws(StorageError) -> [BoxRecord]

  func box(_ code: String) async throws(StorageError) -> BoxRecord?

  /// By box, then id; those without an id come first in their box.
  /// - Parameters:
  ///   - box: code; nil for all.
  ///   - key: exclusive, ``EndpointRecord/key``; nil for the first page.
  func endpoints(box: String?, after key: EndpointKey?, limit: Int) async throws(StorageError) -> [EndpointRecord]

  /// Newest first.
  func statusReports(box: String, limit: Int) async throws(StorageError) -> [StatusReport]

  /// Counts of events by event time, from counters that are written with the events.
  func statistics(_ query: StatisticsQuery) async throws(StorageError) -> [StatisticsRow]

  func totals() async throws(StorageError) -> CatalogTotals
}

/// A page of events in the order of its query.
public struct EventPage: Sendable {
  public var entries: [LoggedEvent]
  /// Where the next page begins; nil when there is nothing more. There may be a next page after one that is short, or even empty: then so many
  /// events were looked at in vain that it is time to answer.
  public var next: EventQuery.Cursor?

  public init(entries: [LoggedEvent], next: EventQuery.Cursor?) {
    self.entries = entries
    self.next = next
  }
}

/// How much there is.
public struct CatalogTotals: Sendable, Equatable {
  /// Ever stored.
  public var events: Int64
  public var statusReports: Int64
  public var people: Int
  public var boxes: Int
  public var endpoints: Int
  /// Of the database's files.
  public var databaseBytes: Int64

  public init(events: Int64, statusReports: Int64, people: Int, boxes: Int, endpoints: Int, databaseBytes: Int64) {
    self.events = events
    self.statusReports = statusReports
    self.people = people
    self.boxes = boxes
    self.endpoints = endpoints
    self.databaseBytes = databaseBytes
  }
}
