import FaceEvents

/// All events of a query, page by page, so that any number of them fits in memory.
struct EventPages {
  private static let pageSize = 200

  private let store: any EventStore
  private var query: EventQuery
  private var remaining: Int

  /// - Parameter query: its limit is that of all pages together.
  init(_ query: EventQuery, in store: any EventStore) {
    self.store = store
    self.query = query
    remaining = query.limit
  }

  /// The next page; nil when there is nothing more. The pages of a store may be shorter than asked for.
  mutating func next() async throws(StorageError) -> [StoredEvent]? {
    guard remaining > 0 else { return nil }
    query.limit = min(remaining, Self.pageSize)
    let page = try await store.events(query)
    guard let last = page.last else { return nil }
    query.after = EventQuery.Cursor(time: last.event.time, sequence: last.sequence)
    remaining -= page.count
    return page
  }
}
