import FaceEvents

/// What an export holds, settled when it begins: an export beside a busy receiver has to end.
struct ExportSnapshot: Sendable {
  /// Of a page. Small, since an event may be large.
  static let pageEvents = 100

  var query: EventQuery
  /// Events that were stored later are left out.
  let latestSequence: Int64
  /// Nothing fits.
  let isEmpty: Bool

  init(_ query: EventQuery, _ sources: ConsoleSources) async throws(StorageError) {
    latestSequence = try await sources.log.latestSequence()
    self.query = query
    self.query.limit = Self.pageEvents
    var newest = query
    (newest.order, newest.after, newest.limit) = (.newestFirst, nil, 1)
    let page = try await sources.catalog.page(newest)
    isEmpty = page.entries.isEmpty && page.next == nil
    // Nothing that is there now is newer than the newest; so neither order has to go through what arrives meanwhile.
    if let time = Self.newestTime(page) { self.query.until = min(time, query.until ?? time) }
  }

  private static func newestTime(_ page: EventPage) -> Timestamp? {
    switch page.entries.first {
    case .event(let stored): stored.event.time
    case .damaged: nil
    case nil: page.next?.time
    }
  }
}

/// Reads a snapshot page by page.
struct ExportWalk {
  private let catalog: any EventCatalog
  private let isStopping: @Sendable () -> Bool
  private let latestSequence: Int64
  private var query: EventQuery
  private var isAtEnd: Bool

  init(_ export: EventExport, _ snapshot: ExportSnapshot) {
    catalog = export.sources.catalog
    isStopping = export.isStopping
    latestSequence = snapshot.latestSequence
    query = snapshot.query
    isAtEnd = snapshot.isEmpty
  }

  /// - Returns: nil at the end; may be empty before.
  mutating func next() async throws -> [LoggedEvent]? {
    guard !isAtEnd else { return nil }
    try Task.checkCancellation()
    if isStopping() { throw CancellationError() }
    let page = try await catalog.page(query)
    query.after = page.next
    isAtEnd = page.next == nil
    return page.entries.filter { $0.sequence <= latestSequence }
  }
}
