public import FaceEvents
import GRDB
import GRDBSQLite

extension SQLiteStore {
  /// Counts small tables; events are not counted but numbered.
  public func counts() async throws(StorageError) -> StoreCounts {
    try await read("count rows") { db in
      func count(_ sql: String) throws -> Int64 { try SQLStatement(cached: sql, db).only { _ in } }
      return StoreCounts(
        events: try count("SELECT value FROM counter WHERE name = 'event'"),
        statusReports: try count("SELECT value FROM counter WHERE name = 'status_report'"),
        boxes: try count("SELECT count(*) FROM box"),
        endpoints: try count("SELECT count(*) FROM endpoint WHERE id IS NOT NULL"),
        people: try count("SELECT count(*) FROM person"), referencePictures: try count("SELECT count(*) FROM reference_picture"),
        quarantined: try count("SELECT count(*) FROM quarantine"))
    }
  }

  /// The number of the event that was stored last; 0 before the first.
  public func latestSequence() async throws(StorageError) -> Int64 {
    try await read("read the last event number") { db in
      try SQLStatement(cached: "SELECT value FROM counter WHERE name = 'event'", db).only { _ in }
    }
  }

  static let eventPicturesSQL =
    "SELECT sequence, id, content_digest, checksum, pictures, original FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"

  /// Moves what is in the write-ahead log into the database file, as far as readers allow it. Does not wait for them, nor for another
  /// checkpoint that is under way.
  public func checkpoint() async throws(StorageError) {
    try write("move the log into the database") { db in
      do {
        _ = try db.checkpoint(.passive)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        return
      }
    }
  }

  /// Empties the caches of all connections, for a store that nothing happens in. They fill again with use. Returns when it is done. The
  /// memory goes to the C library, which gives it to the system when it is told to (`malloc_trim`).
  public func releaseMemory() async throws(StorageError) {
    pool.releaseMemoryEventually()
    try write("release memory") { db in
      _ = sqlite3_db_release_memory(db.sqliteConnection)
    }
  }

  /// Everything that SQLite can check by itself: pages, indexes against rows, references between tables. Reads the whole file.
  ///
  /// - Returns: what is wrong, at most some hundred lines; empty when all is well.
  /// - Throws: ``StorageError/damaged(_:)`` when the damage stops the check itself.
  public func integrityCheck() async throws(StorageError) -> [String] {
    try await read("check the database") { db in
      var problems: [String] = []
      try SQLStatement(cached: "PRAGMA integrity_check(100)", db).rows({ _ in }) { columns in
        let line = columns.text()
        if line != "ok" { problems.append(line) }
        return true
      }
      try SQLStatement(cached: "PRAGMA foreign_key_check", db).rows({ _ in }) { columns in
        let table = columns.text()
        let row = columns.integer()
        problems.append("row \(row) of \(table) refers to a \(columns.text()) that is not there")
        return problems.count < 200
      }
      return problems
    }
  }

  /// The pictures of events in the order of their numbers, for a check of everything: call again with the last number of each page until
  /// a page is empty. Also checks each row's checksum.
  ///
  /// - Parameters:
  ///   - sequence: 0 for the first page.
  ///   - limit: rows in a page; a row without pictures counts too.
  public func eventPictures(after sequence: Int64, limit: Int = 500) async throws(StorageError) -> [EventPictures] {
    guard limit > 0 else { return [] }
    return try await read("read the pictures of events") { db in
      var page: [EventPictures] = []
      try SQLStatement(cached: Self.eventPicturesSQL, db).rows({ parameters in
        parameters.integer(sequence)
        parameters.integer(Int64(limit))
      }) { columns in
        page.append(columns.eventPictures())
        return true
      }
      return page
    }
  }
}

extension SQLColumns {
  fileprivate mutating func eventPictures() -> EventPictures {
    let sequence = integer()
    let id = id()
    guard let digest = digest(), let pictures = pictureList(digest), id != nil else {
      return EventPictures(sequence: sequence, id: id, pictures: [], locations: [], isDamaged: true)
    }
    return EventPictures(sequence: sequence, id: id, pictures: pictures.pictures, locations: pictures.locations, isDamaged: false)
  }
}
