public import FaceEvents
import GRDB

extension SQLiteStore {
  /// One page. It ends early, before `query.limit`, when its texts reach ``SQLiteStoreSettings/pageBytesMax``: only an empty page says
  /// that there is nothing more after the cursor. At least one event is always in it when there is one.
  ///
  /// - Throws: ``StorageError/damaged(_:)`` when a row of the page is not what was written.
  public func events(_ query: EventQuery) async throws(StorageError) -> [StoredEvent] {
    guard query.limit > 0 else { return [] }
    var query = query
    // Each look at the rows is a short read of its own, which lets the write-ahead log be emptied in between.
    while true {
      let (events, next) = try await searched(query)
      guard events.isEmpty, let next else { return events }
      query.after = next
    }
  }

  private func searched(_ query: EventQuery) async throws(StorageError) -> ([StoredEvent], next: EventQuery.Cursor?) {
    try await read("read events") { db in
      guard let search = try EventSearch(query, db) else { return ([], nil) }
      let places = try search.places(db, deadline: .now + settings.searchTimeMax)
      let row = try EventRow(db)
      var events: [StoredEvent] = []
      var bytes = 0
      for place in places.found {
        let event = try row.event(place.sequence)
        bytes += event.event.originalText.count
        if bytes > settings.pageBytesMax && !events.isEmpty { break }
        events.append(event)
      }
      return (events, places.next)
    }
  }

  /// Newest first by arrival.
  /// - Parameter box: the code of a box; nil for all.
  public func statusReports(box: String? = nil, limit: Int) async throws(StorageError) -> [StatusReport] {
    guard limit > 0 else { return [] }
    return try await read("read status reports") { db in
      var reports: [StatusReport] = []
      let statement = try SQLStatement(cached: box == nil ? StatusSQL.newest : StatusSQL.newestOfBox, db)
      try statement.rows({ parameters in
        if let box { parameters.text(box) }
        parameters.integer(Int64(limit))
      }) { columns in
        let sequence = columns.integer()
        guard let report = columns.statusReport() else {
          throw StorageError.damaged("the row of status report number \(sequence) is not what was written")
        }
        reports.append(report)
        return true
      }
      return reports
    }
  }
}

enum StatusSQL {
  private static let columns = """
    s.sequence, box.code, s.box_origin, s.form, s.encoding, s.received_at, s.source_address, s.source_path, s.source_query, s.warnings, \
    s.original
    """
  static let newest =
    "SELECT \(columns) FROM status_report AS s LEFT JOIN box ON box.key = s.box ORDER BY s.sequence DESC LIMIT ?"
  static let newestOfBox = """
    SELECT \(columns) FROM box CROSS JOIN status_report AS s WHERE box.code = ? AND s.box = box.key \
    ORDER BY s.received_at DESC, s.sequence DESC LIMIT ?
    """
}

extension SQLColumns {
  fileprivate mutating func statusReport() -> StatusReport? {
    guard let box = box(), let form = StatusForm(rawValue: text()), let encoding = value(BodyEncoding.init(rawValue:)) else { return nil }
    let receivedAt = time()
    let source = source()
    let warnings = WarningLines.decode(optionalText())
    let original = withBlob { SharedBytes(copying: $0) }
    return StatusReport(
      form: form, encoding: encoding, receivedAt: receivedAt, box: box, originalText: original, warnings: warnings, source: source)
  }
}
