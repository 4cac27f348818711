public import FaceEvents
import GRDB

extension SQLiteStore: EventLog {
  /// One event may be larger than `bytesMax`; it then comes alone.
  public func events(after sequence: Int64, limit: Int, bytesMax: Int) async throws(StorageError) -> [LoggedEvent] {
    guard limit > 0 else { return [] }
    return try await read("read events in commit order") { db in
      var sequences: [Int64] = []
      try SQLStatement(cached: EventLogSQL.following, db).rows({ parameters in
        parameters.integer(sequence)
        parameters.integer(Int64(limit))
      }) { columns in
        sequences.append(columns.integer())
        return true
      }
      let row = try EventRow(db)
      var events: [LoggedEvent] = []
      var bytes = 0
      for sequence in sequences {
        let entry = try row.entry(sequence)
        if case .event(let stored) = entry { bytes += stored.event.originalText.count }
        if bytes > bytesMax && !events.isEmpty { break }
        events.append(entry)
      }
      return events
    }
  }

  public func event(sequence: Int64) async throws(StorageError) -> StoredEvent? {
    try await read("read an event") { db in
      let found = try SQLStatement(cached: EventLogSQL.exists, db).first({ $0.integer(sequence) }, { $0.integer() })
      return found == nil ? nil : try EventRow(db).event(sequence)
    }
  }

  public func waiting(after sequences: [Int64]) async throws(StorageError) -> [WaitingEvents] {
    guard !sequences.isEmpty else { return [] }
    return try await read("count waiting events") { db in
      let latest = try SQLStatement(cached: EventLogSQL.latest, db).only { _ in }
      // Sequences have no gaps but those of deleted events, which are the oldest.
      let first = try SQLStatement(cached: EventLogSQL.first, db).first({ _ in }, { $0.integer() }) ?? latest + 1
      let arrival = try SQLStatement(cached: EventLogSQL.arrival, db)
      return try sequences.map { sequence in
        let oldest = try arrival.first({ $0.integer(sequence) }, { $0.time() })
        return WaitingEvents(count: oldest == nil ? 0 : latest - max(sequence, first - 1), oldestReceivedAt: oldest)
      }
    }
  }
}

/// Each is a seek on the primary key.
enum EventLogSQL {
  static let latest = "SELECT value FROM counter WHERE name = 'event'"
  static let first = "SELECT sequence FROM event ORDER BY sequence LIMIT 1"
  static let following = "SELECT sequence FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?"
  static let exists = "SELECT sequence FROM event WHERE sequence = ?"
  /// History first.
  static let ofID = "SELECT sequence FROM event WHERE id = ? ORDER BY lane"
  static let arrival = "SELECT received_at FROM event WHERE sequence > ? ORDER BY sequence LIMIT 1"
}
