public import FaceEvents
import GRDB

extension SQLiteStore: EventCatalog {
  /// A page also ends early when its texts reach ``SQLiteStoreSettings/pageBytesMax``.
  public func page(_ query: EventQuery) async throws(StorageError) -> EventPage {
    guard query.limit > 0 else { return EventPage(entries: [], next: nil) }
    return try await read("read a page of events") { db in
      guard let search = try EventSearch(query, db) else { return EventPage(entries: [], next: nil) }
      let places = try search.places(db, deadline: .now + settings.searchTimeMax)
      let row = try EventRow(db)
      var page = EventPage(entries: [], next: places.next)
      var bytes = 0
      for (index, place) in places.found.enumerated() {
        let entry = try row.entry(place.sequence)
        if case .event(let stored) = entry { bytes += stored.event.originalText.count }
        if bytes > settings.pageBytesMax && index > 0 {
          page.next = places.found[index - 1]
          break
        }
        page.entries.append(entry)
      }
      return page
    }
  }

  public func events(id: EventID) async throws(StorageError) -> [LoggedEvent] {
    try await read("read an event") { db in
      var sequences: [Int64] = []
      try SQLStatement(cached: EventLogSQL.ofID, db).rows({ $0.id(id) }) { columns in
        sequences.append(columns.integer())
        return true
      }
      let row = try EventRow(db)
      return try sequences.map { try row.entry($0) }
    }
  }

  public func statusReports(box: String, limit: Int) async throws(StorageError) -> [StatusReport] {
    try await statusReports(box: box as String?, limit: limit)
  }

  public func totals() async throws(StorageError) -> CatalogTotals {
    let bytes = [path, "\(path)-wal"].reduce(Int64(0)) { $0 + DataDirectory.fileBytes($1) }
    return try await read("count rows") { db in
      func number(_ sql: String) throws -> Int64 { try SQLStatement(cached: sql, db).only { _ in } }
      return CatalogTotals(
        events: try number(EventLogSQL.latest), statusReports: try number("SELECT value FROM counter WHERE name = 'status_report'"),
        people: Int(try number("SELECT value FROM counter WHERE name = 'person'")), boxes: Int(try number("SELECT count(*) FROM box")),
        endpoints: Int(try number("SELECT count(*) FROM endpoint WHERE id IS NOT NULL")), databaseBytes: bytes)
    }
  }
}

extension EventRow {
  /// As ``event(_:)``, but a damaged row is an answer.
  func entry(_ sequence: Int64) throws -> LoggedEvent {
    do {
      return .event(try event(sequence))
    } catch StorageError.damaged(let reason) {
      return .damaged(sequence: sequence, reason: reason)
    }
  }
}
