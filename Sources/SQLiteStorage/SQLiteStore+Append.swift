public import FaceEvents
import GRDB
import Synchronization

extension SQLiteStore: EventStore {
  public func known(_ events: [FaceEvent]) async throws(StorageError) -> [KnownEvent] {
    guard !events.isEmpty else { return [] }
    return try readHere("look up events") { db in
      var known: [KnownEvent] = []
      known.reserveCapacity(events.count)
      var keys = try KeyFinder(self, db)
      let statements = try EventStatements(db)
      for event in events {
        let place = try statements.place(of: event)
        let locations = try event.pictures.map { picture throws(SQLiteFailure) in
          try picture.role == .reference ? keys.location(of: picture) : nil
        }
        known.append(KnownEvent(id: place.id, isDuplicate: place.duplicateOf != nil, locations: locations))
      }
      caches.withLock { $0.remember(keys.learned) }
      return known
    }
  }

  /// Two equal events in one batch are one row and two receipts.
  public func append(_ entries: [StoreEntry]) async throws(StorageError) -> [StoreReceipt] {
    guard !entries.isEmpty else { return [] }
    return try write("store events") { db in
      var receipts: [StoreReceipt] = []
      receipts.reserveCapacity(entries.count)
      var learned = LearnedKeys()
      try db.inTransaction(.immediate) {
        var batch = try EventBatch(db, keys: KeyFinder(self, db), recordEnd: recordEnd)
        for entry in entries { receipts.append(try batch.append(entry)) }
        try batch.finish()
        learned = batch.learned
        return .commit
      }
      caches.withLock { $0.remember(learned) }
      return receipts
    }
  }

  public func pictureMarks() async throws(StorageError) -> [UInt32: UInt64] {
    try await read("read the volume marks") { db in
      var marks: [UInt32: UInt64] = [:]
      try SQLStatement(cached: "SELECT volume, mark FROM picture_volume", db).rows({ _ in }) { columns in
        marks[UInt32(truncatingIfNeeded: columns.integer())] = UInt64(bitPattern: columns.integer())
        return true
      }
      return marks
    }
  }
}
