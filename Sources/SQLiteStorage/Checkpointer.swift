import Dispatch
import FaceEvents
import GRDB
import GRDBSQLite
import Synchronization

/// Moves the write-ahead log into the database beside the writer, so that no event waits for it.
///
/// SQLite's own automatic checkpoint runs inside a commit and stalls it for tens of milliseconds. A checkpoint on another connection does
/// not block the writer, but while the writer goes on it never reaches the end of the log, and a log that is not at its end is not started
/// over: it would grow for ever. So there are two steps: the bulk on a connection and a queue of its own, then the little that has come
/// since then on the writer, which lets the next commit start the log over.
///
/// A checkpoint that fails or is held up by a long read is tried again after another quarter of `pages`.
final class Checkpointer: Sendable {
  private struct State {
    /// ``pagesWritten(_:)`` when the log was last empty, or later when an attempt failed.
    var start: UInt32 = 0
    var isRunning = false
  }

  /// Pages in the log at which a checkpoint starts.
  private let pages: UInt32
  private let connection: DatabaseQueue
  private let queue = DispatchQueue(label: "fogcatcher.checkpoint", qos: .utility)
  private let state = Mutex(State())

  init(path: String, pages: Int) throws {
    self.pages = UInt32(clamping: max(4, pages))
    var configuration = Configuration()
    configuration.label = "fogcatcher.checkpoint"
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { db in
      // It reads nothing but the schema.
      try db.execute(sql: "PRAGMA cache_size = -64")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
    }
    connection = try DatabaseQueue(path: path, configuration: configuration)
    try connection.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
  }

  /// To be called after each commit, on the writing connection. Returns at once.
  func committed(_ db: Database, pool: DatabasePool) {
    guard let written = Self.pagesWritten(db) else { return }
    let isDue = state.withLock { state in
      guard !state.isRunning, written &- state.start >= pages else { return false }
      state.isRunning = true
      return true
    }
    guard isDue else { return }
    queue.async { [self] in
      // A failure here, of a full disk for example, shows in the commits too; they report it.
      connection.inDatabase { db in
        if db.sqliteConnection != nil { _ = try? db.checkpoint(.passive) }
      }
      pool.asyncWriteWithoutTransaction { db in self.finish(db) }
    }
  }

  private func finish(_ db: Database) {
    // The store may have been closed while this waited.
    guard db.sqliteConnection != nil else { return }
    let result = try? db.checkpoint(.passive)
    let isComplete = result.map { $0.walFrameCount == $0.checkpointedFrameCount } ?? false
    state.withLock { state in
      state.isRunning = false
      guard let written = Self.pagesWritten(db) else { return }
      state.start = isComplete ? written : written &- (pages - pages / 4)
    }
  }

  func close() throws {
    try queue.sync { try connection.close() }
  }

  /// Pages that the connection has written to the log since it was opened, modulo 2^32: only differences mean something.
  private static func pagesWritten(_ db: Database) -> UInt32? {
    guard let handle = db.sqliteConnection else { return nil }
    var current: Int32 = 0
    var highest: Int32 = 0
    guard sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 0) == SQLITE_OK else { return nil }
    return UInt32(bitPattern: current)
  }
}
