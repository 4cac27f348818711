import EventReceiver
import FaceEvents
import Logging
import PictureVolumes
import SQLiteStorage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The data directory, open for writing: lock, rows, pictures.
struct OpenData: Sendable {
  /// Held as long as this value.
  let lock: DataDirectoryLock
  let store: SQLiteStore
  let volumes: PictureVolumes
  let report: OpeningReport

  static func picturesDirectory(in directory: String) -> String { "\(directory)/pictures" }

  /// Whether something was ever kept there.
  static func exists(in directory: String) -> Bool { access("\(directory)/\(SQLiteStore.databaseName)", F_OK) == 0 }

  /// Rows first: their marks tell the volumes how far they are referred to.
  /// - Parameter onUpgrade: gets a sentence for people before a long upgrade of the database.
  static func open(
    _ settings: ServeSettings, command: String, onUpgrade: (String) -> Void = { Terminal.printError($0) }
  ) async throws(StorageError) -> OpenData {
    let directory = settings.dataDirectory
    try DataDirectory.prepare(directory)
    let lock = try DataDirectoryLock.acquire(directory: directory, command: command)
    var storeSettings = SQLiteStoreSettings()
    storeSettings.quarantineBytesMax = settings.quarantineBytesMax
    storeSettings.quarantineEntriesMax = settings.quarantineEntriesMax
    let store = try SQLiteStore.open(directory: directory, settings: storeSettings) { events in
      onUpgrade(
        "upgrading the database: this takes some ten seconds for a million events, and there are \(events); interrupted, it begins anew")
    } recordEnd: {
      PictureVolumes.recordEnd(of: $0, byteCount: $1)
    }
    do {
      var volumeSettings = PictureVolumesSettings()
      volumeSettings.volumeBytesMax = UInt64(settings.volumeBytesMax)
      // A picture is never larger than the body that it came in.
      volumeSettings.pictureBytesMax = max(volumeSettings.pictureBytesMax, settings.receiver.bodyBytesMax)
      let (volumes, report) = try await PictureVolumes.open(
        directory: picturesDirectory(in: directory), marks: try await store.pictureMarks(), settings: volumeSettings)
      return OpenData(lock: lock, store: store, volumes: volumes, report: report)
    } catch {
      try store.close()
      throw error
    }
  }

  func close() async throws(StorageError) {
    await volumes.close()
    try store.close()
  }

  /// All events ever stored; 0 when the store cannot say.
  var storedEvents: Int64 {
    get async { (try? await store.counts().events) ?? 0 }
  }

  /// With `..` and links resolved, for people who will look for it later; as given when it cannot be resolved.
  static func absolutePath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

extension OpenData {
  /// What was found and mended while opening.
  func logOpening(to logger: Logger) {
    logger.info(
      "opened the data directory",
      metadata: ["volumes": "\(report.volumeCount)", "bytes": "\(report.usedBytes)", "other_files": "\(report.otherFileCount)"])
    for note in report.cut + report.sealed { logger.notice("\(note.volume) \(note.text)") }
    for note in report.damaged { logger.error("damaged: \(note.volume) \(note.text); run `fogcatcher verify`") }
    if report.unnamedVolumeCount > 1 {
      logger.warning(
        "no event names a picture in some volumes: is this the database that belongs to them?",
        metadata: ["volumes": "\(report.unnamedVolumeCount)"])
    }
  }
}
