import FaceEvents

/// All events of a query, page by page, so that any number of them fits in memory.
struct EventPages {
  private static let pageSize = 200

  private let store: any EventStore
  private var query: EventQuery
  private let lastSequence: Int64
  private var remaining: Int

  /// - Parameters:
  ///   - query: its limit is that of all pages together.
  ///   - lastSequence: what was stored after it is passed over, so that reading beside a busy receiver comes to an end.
  init(_ query: EventQuery, in store: any EventStore, upTo lastSequence: Int64 = .max) {
    self.store = store
    self.query = query
    self.lastSequence = lastSequence
    remaining = query.limit
  }

  /// The next page, which may be empty; nil when there is nothing more. The pages of a store may be shorter than asked for.
  mutating func next() async throws(StorageError) -> [StoredEvent]? {
    guard remaining > 0 else { return nil }
    query.limit = min(remaining, Self.pageSize)
    let page = try await store.events(query)
    guard let last = page.last else { return nil }
    query.after = EventQuery.Cursor(time: last.event.time, sequence: last.sequence)
    let wanted = page.filter { $0.sequence <= lastSequence }
    remaining -= wanted.count
    return wanted
  }
}
