public import FaceEvents
import GRDB

extension SQLiteStore {
  public func park(_ events: [ParkedEvent]) async throws(StorageError) {
    guard !events.isEmpty else { return }
    try await inTransaction("park events") { db in
      let statement = try SQLStatement(cached: ParkedSQL.park, db)
      for event in events { try statement.run { $0.parked(event) } }
    }
  }

  public func parked(target: String?, after sequence: Int64, limit: Int) async throws(StorageError) -> [ParkedEvent] {
    guard limit > 0 else { return [] }
    return try await readParked(target == nil ? ParkedSQL.page : ParkedSQL.pageOfTarget) { parameters in
      if let target { parameters.text(target) }
      parameters.integer(sequence)
      parameters.integer(Int64(limit))
    }
  }

  public func replaying(target: String, limit: Int) async throws(StorageError) -> [ParkedEvent] {
    guard limit > 0 else { return [] }
    return try await readParked(ParkedSQL.replaying) { parameters in
      parameters.text(target)
      parameters.integer(Int64(limit))
    }
  }

  public func parkedCounts() async throws(StorageError) -> [String: Int] {
    try await read("count parked events") { db in
      var counts: [String: Int] = [:]
      try SQLStatement(cached: "SELECT target, count(*) FROM parked_event GROUP BY target", db).rows({ _ in }) { columns in
        let target = columns.text()
        counts[target] = Int(columns.integer())
        return true
      }
      return counts
    }
  }

  public func replayParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int {
    try await change("replay parked events", "UPDATE parked_event SET is_replaying = 1 WHERE is_replaying = 0 AND ", target, sequences)
  }

  public func dropParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int {
    try await change("drop parked events", "DELETE FROM parked_event WHERE ", target, sequences)
  }

  /// - Returns: how many rows were changed.
  private func change(_ operation: String, _ head: String, _ target: String, _ sequences: [Int64]?) async throws(StorageError) -> Int {
    try await inTransaction(operation) { db in
      guard let sequences else {
        try SQLStatement(cached: head + "target = ?", db).run { $0.text(target) }
        return db.changesCount
      }
      let statement = try SQLStatement(cached: head + "target = ? AND sequence = ?", db)
      var count = 0
      for sequence in sequences {
        try statement.run { parameters in
          parameters.text(target)
          parameters.integer(sequence)
        }
        count += db.changesCount
      }
      return count
    }
  }

  private func readParked(_ sql: String, _ bind: @Sendable (inout SQLParameters) -> Void) async throws(StorageError) -> [ParkedEvent] {
    try await read("read parked events") { db in
      var events: [ParkedEvent] = []
      try SQLStatement(cached: sql, db).rows(bind) { columns in
        events.append(columns.parkedEvent())
        return true
      }
      return events
    }
  }
}

private enum ParkedSQL {
  static let columns = "target, sequence, event_id, http_status, reason, excerpt, attempts, parked_at, is_replaying"
  static let park = """
    INSERT OR REPLACE INTO parked_event (\(columns))
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS (SELECT 1 FROM target WHERE id = ?1)
    """
  static let page = "SELECT \(columns) FROM parked_event WHERE sequence > ? ORDER BY sequence, target LIMIT ?"
  static let pageOfTarget = "SELECT \(columns) FROM parked_event WHERE target = ? AND sequence > ? ORDER BY sequence LIMIT ?"
  static let replaying = "SELECT \(columns) FROM parked_event WHERE target = ? AND is_replaying = 1 ORDER BY sequence LIMIT ?"
}

extension SQLParameters {
  fileprivate mutating func parked(_ event: ParkedEvent) {
    text(event.target)
    integer(event.sequence)
    if let id = event.eventID { self.id(id) } else { null() }
    integer(event.httpStatus.map { Int64($0) })
    text(event.reason)
    text(event.excerpt)
    integer(Int64(event.attempts))
    time(event.parkedAt)
    integer(event.isReplaying)
  }
}

extension SQLColumns {
  fileprivate mutating func parkedEvent() -> ParkedEvent {
    let target = text()
    let sequence = integer()
    let id = id()
    let status = optionalInteger().map { Int($0) }
    let reason = text()
    let excerpt = text()
    let attempts = Int(integer())
    let parkedAt = time()
    return ParkedEvent(
      target: target, sequence: sequence, eventID: id, httpStatus: status, reason: reason, excerpt: excerpt, attempts: attempts,
      parkedAt: parkedAt, isReplaying: integer() != 0)
  }
}
