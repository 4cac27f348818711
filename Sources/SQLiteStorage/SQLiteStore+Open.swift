public import FaceEvents
import GRDB

extension SQLiteStore {
  /// Opens the store for writing, making or upgrading the database as needed. Blocks.
  ///
  /// - Parameters:
  ///   - directory: the data directory; it exists, and the caller holds its ``DataDirectoryLock``.
  ///   - onUpgrade: called before a database with events is upgraded, which takes some ten seconds for a million of them.
  ///   - recordEnd: where the record of a picture of this many bytes at this location ends in its volume (``pictureMarks()``).
  /// - Throws: ``StorageError/schemaTooNew(_:)`` when a newer program has upgraded the database, ``StorageError/damaged(_:)`` when the file
  ///   is not a database or is broken where it is read first, ``StorageError/diskFull(_:)`` when there is no room to open.
  public static func open(
    directory: String, settings: SQLiteStoreSettings = SQLiteStoreSettings(), onUpgrade: (_ events: Int64) -> Void = { _ in },
    recordEnd: @escaping @Sendable (PictureLocation, Int) -> UInt64
  ) throws(StorageError) -> SQLiteStore {
    let path = "\(directory)/\(databaseName)"
    try DataDirectory.makePrivateFile(path)
    let folder = try QuarantineFolder(directory: directory, isReadOnly: false)
    do {
      let pool = try DatabasePool(path: path, configuration: configuration(settings, isReadOnly: false))
      // GRDB turns this to NORMAL when it turns on the write-ahead log.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try refuseNewerSchema(pool, path: path)
      try upgrade(pool, onUpgrade)
      let checkpointer = try Checkpointer(path: path, pages: settings.checkpointPages)
      let store = SQLiteStore(
        path: path, settings: settings, pool: pool, checkpointer: checkpointer, quarantineFolder: folder, recordEnd: recordEnd)
      try store.removeUnlistedBodies()
      return store
    } catch {
      throw StorageError(error, operation: "open the database", path: path)
    }
  }

  /// Opens the store to read, also while another process writes. Blocks shortly.
  ///
  /// - Throws: as the opening for writing, and ``StorageError/failed(_:)`` when there is no database, or one that an older
  ///   program has made and no newer one has opened for writing yet.
  public static func openReadOnly(directory: String, settings: SQLiteStoreSettings = SQLiteStoreSettings()) throws(StorageError)
    -> SQLiteStore
  {
    let path = "\(directory)/\(databaseName)"
    guard DataDirectory.hasFile(path) else {
      throw .failed("there is no database \(path): check the directory, or run `fogcatcher serve` on it first")
    }
    let folder = try QuarantineFolder(directory: directory, isReadOnly: true)
    do {
      let pool = try DatabasePool(path: path, configuration: configuration(settings, isReadOnly: true))
      try refuseNewerSchema(pool, path: path)
      guard try pool.read({ try Schema.migrator().hasCompletedMigrations($0) }) else {
        throw StorageError.failed(
          "the database \(path) was made by an older version of this program; run `fogcatcher serve` on it once to upgrade it")
      }
      return SQLiteStore(
        path: path, settings: settings, pool: pool, checkpointer: nil, quarantineFolder: folder, recordEnd: { place, _ in place.offset })
    } catch {
      throw StorageError(error, operation: "open the database", path: path)
    }
  }

  private static func configuration(_ settings: SQLiteStoreSettings, isReadOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = isReadOnly
    configuration.maximumReaderCount = max(1, settings.readersMax)
    // Only another process can be in the way, and only for the moment of a checkpoint or a recovery.
    configuration.busyMode = .timeout(5)
    configuration.label = "fogcatcher"
    configuration.prepareDatabase { db in
      // Damage inside a page is reported when the page is read, not when it is acted on.
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      guard !db.configuration.readonly else {
        try db.execute(sql: "PRAGMA cache_size = -2048")
        return
      }
      // Of a new database. Most of what a commit writes are pages with one small change each: half the page, half the bytes.
      try db.execute(sql: "PRAGMA page_size = 2048")
      try db.execute(sql: "PRAGMA cache_size = -\(settings.writerCacheKiB)")
      // The Checkpointer comes first; this is for when it cannot keep up.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(8 * settings.checkpointPages)")
      // After a burst the log shrinks back to this many bytes.
      try db.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
    }
    return configuration
  }

  private static func upgrade(_ pool: DatabasePool, _ onUpgrade: (_ events: Int64) -> Void) throws {
    let migrator = Schema.migrator()
    let events = try pool.read { db in
      try migrator.appliedIdentifiers(db).isEmpty || migrator.hasCompletedMigrations(db)
        ? 0 : try SQLStatement(cached: EventLogSQL.latest, db).only { _ in }
    }
    if events > 0 { onUpgrade(events) }
    try migrator.migrate(pool)
  }

  private static func refuseNewerSchema(_ pool: DatabasePool, path: String) throws {
    let unknown = try pool.read { db in try Schema.migrator().appliedIdentifiers(db) }.subtracting(Schema.known)
    guard unknown.isEmpty else {
      throw StorageError.schemaTooNew(
        "the database \(path) was upgraded by a newer version of this program: it has schema \(quoted(unknown.sorted())), "
          + "this version knows up to \(quoted(Schema.known.suffix(1))); use the newer version, or another data directory")
    }
  }

  private static func quoted(_ names: some Sequence<String>) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
