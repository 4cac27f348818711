/// Limits of a ``SQLiteStore``. The defaults suit one machine with some ten thousand events an hour to a few thousand a second.
public struct SQLiteStoreSettings: Sendable {
  /// Bodies in the quarantine, in bytes, over all entries. Default 256 MiB, at least 64 KiB.
  public var quarantineBytesMax: Int64 = 256 << 20
  /// Entries in the quarantine. Default 10,000, at least 1.
  public var quarantineEntriesMax = 10_000
  /// Connections that read beside the writer. Default 4, at least 1. Each may use 2 MiB of cache.
  public var readersMax = 4
  /// Cache of the writing connection in KiB. Default 8 MiB, which holds the inner pages of all indexes at ten million events; what is not
  /// in it comes from the system's page cache.
  public var writerCacheKiB = 8 << 10
  /// Pages (2 KiB) in the write-ahead log at which they are moved to the database file. Default 32,000: rarely enough that the same page
  /// is not moved again and again, and a start after a kill reads 64 MiB in a fraction of a second.
  public var checkpointPages = 32_000
  /// Texts of events in one answer of ``SQLiteStore/events(_:)``, in bytes. Default 16 MiB; one event always fits.
  public var pageBytesMax = 16 << 20
  /// How long a page may look at rows in vain, once it has looked at some. Default 3 ms; what was begun ends after it.
  public var searchTimeMax = Duration.milliseconds(3)

  public init() {}
}
