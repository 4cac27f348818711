#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
public import FaceEvents
import Dispatch
import GRDB
import Synchronization

/// Events, status reports and the quarantine in one SQLite database, with the bodies of the quarantine as files beside it.
///
/// One connection writes, at `synchronous=FULL`: what ``append(_:)`` has returned survives a power loss. A few others read without ever
/// waiting for it (write-ahead log). The owner of a store for writing holds the ``DataDirectoryLock`` of its directory.
public final class SQLiteStore: Sendable {
  /// File name of the database inside the data directory.
  public static let databaseName = "fogcatcher.db"

  /// The database file, for messages.
  public let path: String
  public let settings: SQLiteStoreSettings

  let pool: DatabasePool
  /// Nil when the store is open for reading only.
  private let checkpointer: Checkpointer?
  /// Where a picture's record ends in its volume.
  let recordEnd: @Sendable (PictureLocation, Int) -> UInt64
  let caches = Mutex(StoreCaches())
  let quarantineFolder: QuarantineFolder
  /// The quarantine's file and row work, one request after the other, away from the writer that events wait for.
  let quarantineQueue = DispatchQueue(label: "fogcatcher.quarantine")
  /// Changes to targets, cursors and parked events, one after the other.
  let steeringQueue = DispatchQueue(label: "fogcatcher.steering")
  private let isClosed = Mutex(false)

  init(
    path: String, settings: SQLiteStoreSettings, pool: DatabasePool, checkpointer: Checkpointer?, quarantineFolder: QuarantineFolder,
    recordEnd: @escaping @Sendable (PictureLocation, Int) -> UInt64
  ) {
    self.path = path
    self.settings = settings
    self.pool = pool
    self.checkpointer = checkpointer
    self.quarantineFolder = quarantineFolder
    self.recordEnd = recordEnd
  }

  /// Waits for what is under way, moves the write-ahead log into the database and closes. Afterwards everything throws
  /// ``StorageError/closed``. Closing twice is fine.
  public func close() throws(StorageError) {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    guard !wasClosed else { return }
    quarantineQueue.sync {}
    steeringQueue.sync {}
    do {
      if let checkpointer {
        try checkpointer.close()
        // Best effort: a reader in another process may be in the way, and the next start reads the log anyway.
        pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
      }
      try pool.close()
    } catch {
      throw StorageError(error, operation: "close the database", path: path)
    }
  }

  func requireOpen() throws(StorageError) {
    if isClosed.withLock({ $0 }) { throw .closed }
  }
}

extension SQLiteStore {
  /// Runs `body` on the writing connection, on the calling thread: a commit gains nothing from a change of threads, and each one costs it
  /// tens of microseconds. So the callers are few, or on a thread of their own. Cancelling the task does not stop it: a commit is either
  /// made or refused.
  func write<Result>(_ operation: String, _ body: (Database) throws -> Result) throws(StorageError) -> Result {
    try requireOpen()
    do {
      return try pool.writeWithoutTransaction { db in
        // Closed while this waited for its turn: SQLite's functions must not be called without a connection.
        guard db.sqliteConnection != nil else { throw StorageError.closed }
        do {
          errno = 0  // what is read after a failure is then of this write
          let result = try body(db)
          checkpointer?.committed(db, pool: pool)
          return result
        } catch {
          throw StorageError(error, operation: operation, path: path, connection: db.sqliteConnection)
        }
      }
    } catch {
      try requireOpen()
      throw StorageError(error, operation: operation, path: path)
    }
  }

  /// Runs `body` on a reading connection, on one state of the database.
  func read<Result: Sendable>(_ operation: String, _ body: @Sendable (Database) throws -> Result) async throws(StorageError) -> Result {
    try requireOpen()
    do {
      return try await pool.read(body)
    } catch {
      try requireOpen()
      throw StorageError(error, operation: operation, path: path)
    }
  }

  /// As ``read(_:_:)``, on the calling thread.
  func readHere<Result>(_ operation: String, _ body: (Database) throws -> Result) throws(StorageError) -> Result {
    try requireOpen()
    do {
      return try pool.read(body)
    } catch {
      try requireOpen()
      throw StorageError(error, operation: operation, path: path)
    }
  }
}
