import Dispatch
public import FaceEvents
import GRDB

extension SQLiteStore: QuarantineStore {
  /// File first, row after: a crash between them leaves a file that the next start removes. A body of more than a quarter of
  /// ``SQLiteStoreSettings/quarantineBytesMax`` is kept by its first bytes only, so that one request cannot push out all others.
  public func quarantine(_ request: QuarantinedRequest) async throws(StorageError) -> QuarantineEntry {
    try await onQuarantineQueue("quarantine a request") { [self] in
      let body = request.body[0..<min(request.body.count, quarantinedBodyBytesMax)]
      if !quarantineFolder.has(request.digest) { try quarantineFolder.write(body, digest: request.digest) }
      let (entry, evicted) = try pool.writeWithoutTransaction { db in
        do {
          return try list(request, storedByteCount: body.count, db)
        } catch {
          throw StorageError(error, operation: "quarantine a request", path: path, connection: db.sqliteConnection)
        }
      }
      for digest in evicted { quarantineFolder.remove(digest) }
      return entry
    }
  }

  public func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    guard limit > 0 else { return [] }
    let position = position ?? QuarantinePosition(lastReceivedAt: Timestamp(milliseconds: Int64.max), id: Int64.max)
    return try await read("list the quarantine") { db in
      var entries: [QuarantineEntry] = []
      try SQLStatement(cached: QuarantineSQL.newest, db).rows({ row in
        row.time(position.lastReceivedAt)
        row.integer(position.id)
        row.integer(Int64(limit))
      }) { columns in
        entries.append(try columns.quarantineEntry())
        return true
      }
      return entries
    }
  }

  public func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? {
    try await read("read a quarantine entry") { db in
      try SQLStatement(cached: QuarantineSQL.byID, db)
        .first({ $0.integer(id) }, { columns throws(SQLiteFailure) in try columns.quarantineEntry() })
    }
  }

  /// Rows first: a crash between them leaves files that the next start removes.
  public func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int {
    try await onQuarantineQueue("drop quarantined requests") { [self] in
      var dropped: [ContentDigest] = []
      try pool.writeWithoutTransaction { db in
        do {
          try db.inTransaction(.immediate) {
            dropped = try unlist(ids, db)
            return .commit
          }
        } catch {
          throw StorageError(error, operation: "drop quarantined requests", path: path, connection: db.sqliteConnection)
        }
      }
      for digest in dropped { quarantineFolder.remove(digest) }
      return dropped.count
    }
  }

  private func unlist(_ ids: [Int64]?, _ db: Database) throws -> [ContentDigest] {
    var dropped: [ContentDigest] = []
    func take(_ columns: inout SQLColumns) { if let digest = columns.digest() { dropped.append(digest) } }
    guard let ids else {
      try SQLStatement(cached: "DELETE FROM quarantine RETURNING digest", db).rows({ _ in }) { columns in
        take(&columns)
        return true
      }
      return dropped
    }
    let remove = try SQLStatement(cached: "DELETE FROM quarantine WHERE id = ? RETURNING digest", db)
    for id in ids {
      try remove.rows({ $0.integer(id) }) { columns in
        take(&columns)
        return true
      }
    }
    return dropped
  }

  /// The bytes that were sent, or the first of them (``quarantine(_:)``).
  /// - Returns: nil when there is no such entry.
  /// - Throws: ``StorageError/damaged(_:)`` when the entry's file is gone or has another size.
  public func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
    try await onQuarantineQueue("read a quarantined request") { [self] in
      let found = try pool.read { db in
        let sql = "SELECT digest, stored_byte_count FROM quarantine WHERE id = ?"
        return try SQLStatement(cached: sql, db).first({ $0.integer(id) }, { columns in (columns.digest(), Int(columns.integer())) })
      }
      guard case (let digest?, let byteCount)? = found else { return nil }
      let body = try quarantineFolder.read(digest, bytesMax: min(byteCount + 1, bytesMax))
      guard let body, body.count == min(byteCount, bytesMax) else {
        throw StorageError.damaged("the file \(QuarantineFolder.name(digest)) of quarantine entry \(id) is missing or has another size")
      }
      return body
    }
  }

  public func quarantineTotals() async throws(StorageError) -> QuarantineTotals {
    try await read("sum up the quarantine") { db in
      func number(_ sql: String) throws -> Int64 { try SQLStatement(cached: sql, db).only { _ in } }
      return QuarantineTotals(
        entries: Int(try number("SELECT count(*) FROM quarantine")),
        bytes: try number("SELECT ifnull(sum(stored_byte_count), 0) FROM quarantine"),
        evicted: try number("SELECT value FROM counter WHERE name = 'quarantine_evicted'"))
    }
  }

  private var quarantinedBodyBytesMax: Int { Int(quarantineBytesMax / 4) }

  private var quarantineBytesMax: Int64 { max(64 << 10, settings.quarantineBytesMax) }

  private func onQuarantineQueue<Result: Sendable>(_ operation: String, _ body: @escaping @Sendable () throws -> Result)
    async throws(StorageError) -> Result
  {
    try requireOpen()
    let result: Swift.Result<Result, StorageError> = await withCheckedContinuation { continuation in
      quarantineQueue.async { [self] in
        continuation.resume(
          returning: Swift.Result { () throws(StorageError) -> Result in
            do {
              return try body()
            } catch {
              try requireOpen()
              throw StorageError(error, operation: operation, path: path)
            }
          })
      }
    }
    return try result.get()
  }
}

extension SQLiteStore {
  /// One transaction: counts the request, and takes out the oldest entries until the bounds hold.
  private func list(_ request: QuarantinedRequest, storedByteCount: Int, _ db: Database) throws -> (QuarantineEntry, [ContentDigest]) {
    var entry: QuarantineEntry?
    var evicted: [ContentDigest] = []
    try db.inTransaction(.immediate) {
      try SQLStatement(cached: QuarantineSQL.upsert, db).run { row in
        row.digest(request.digest)
        row.text(request.reason)
        row.text(request.contentType)
        row.source(request.source)
        row.integer(Int64(request.body.count))
        row.integer(Int64(storedByteCount))
        row.time(request.receivedAt)
      }
      entry = try SQLStatement(cached: QuarantineSQL.byDigest, db)
        .first({ $0.digest(request.digest) }, { columns throws(SQLiteFailure) in try columns.quarantineEntry() })
      evicted = try evict(sparing: request.digest, db)
      return .commit
    }
    guard let entry else { throw SQLiteFailure.missingRow }
    return (entry, evicted)
  }

  private func evict(sparing newest: ContentDigest, _ db: Database) throws -> [ContentDigest] {
    let totals = try SQLStatement(cached: QuarantineSQL.totals, db)
      .first({ _ in }, { columns in (entries: columns.integer(), bytes: columns.integer()) })
    guard var (entries, bytes) = totals else { return [] }
    var evicted: [ContentDigest] = []
    try SQLStatement(cached: QuarantineSQL.oldest, db).rows({ $0.digest(newest) }) { columns in
      guard entries > Int64(max(1, settings.quarantineEntriesMax)) || bytes > quarantineBytesMax else { return false }
      entries -= 1
      bytes -= columns.integer()
      if let digest = columns.digest() { evicted.append(digest) }
      return true
    }
    guard !evicted.isEmpty else { return [] }
    let remove = try SQLStatement(cached: "DELETE FROM quarantine WHERE digest = ?", db)
    for digest in evicted { try remove.run { $0.digest(digest) } }
    try SQLStatement(cached: "UPDATE counter SET value = value + ? WHERE name = 'quarantine_evicted'", db)
      .run { $0.integer(Int64(evicted.count)) }
    return evicted
  }

  /// Called when the store opens for writing.
  func removeUnlistedBodies() throws {
    var names: Set<String> = []
    try pool.read { db in
      try SQLStatement(cached: "SELECT digest FROM quarantine", db).rows({ _ in }) { columns in
        if let digest = columns.digest() { names.insert(QuarantineFolder.name(digest)) }
        return true
      }
    }
    try quarantineFolder.removeAll { names.contains($0) }
  }
}

private enum QuarantineSQL {
  private static let columns = """
    id, digest, reason, content_type, source_address, source_path, source_query, byte_count, first_received_at, last_received_at, count
    """
  static let newest =
    "SELECT \(columns) FROM quarantine WHERE (last_received_at, id) < (?, ?) ORDER BY last_received_at DESC, id DESC LIMIT ?"
  static let byID = "SELECT \(columns) FROM quarantine WHERE id = ?"
  static let byDigest = "SELECT \(columns) FROM quarantine WHERE digest = ?"
  static let totals = "SELECT count(*), ifnull(sum(stored_byte_count), 0) FROM quarantine"
  static let oldest = "SELECT stored_byte_count, digest FROM quarantine WHERE digest <> ? ORDER BY last_received_at, id"
  static let upsert = """
    INSERT INTO quarantine (
      digest, reason, content_type, source_address, source_path, source_query, byte_count, stored_byte_count,
      first_received_at, last_received_at, count
    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 1)
    ON CONFLICT (digest) DO UPDATE SET
      first_received_at = min(first_received_at, excluded.first_received_at),
      last_received_at = max(last_received_at, excluded.last_received_at),
      count = count + 1
    """
}

extension SQLColumns {
  fileprivate mutating func quarantineEntry() throws(SQLiteFailure) -> QuarantineEntry {
    let id = integer()
    guard let digest = digest() else { throw .missingRow }
    let reason = text()
    let contentType = optionalText()
    let source = source()
    return QuarantineEntry(
      id: id, digest: digest, reason: reason, contentType: contentType, source: source, byteCount: Int(integer()),
      firstReceivedAt: time(), lastReceivedAt: time(), count: Int(integer()))
  }
}
