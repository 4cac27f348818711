public import FaceEvents

/// The picture store of one node: append-only volumes in a directory (the idea of Haystack: Beaver et al., "Finding a needle in Haystack",
/// OSDI 2010). One file a day and class; a picture is found by volume and offset, with one read. The format is described in
/// RecordHeader.swift, opening in VolumeOpening.swift.
///
/// The owner of the data directory's lock opens it for writing, once; others may open it for reading beside that.
public final class PictureVolumes: PictureStore {
  let directory: VolumeDirectory
  let settings: PictureVolumesSettings
  let index: VolumeIndex
  /// Nil when opened for reading.
  let writer: VolumeWriter?
  let readers: [VolumeReader]

  private init(directory: VolumeDirectory, settings: PictureVolumesSettings, index: VolumeIndex, writer: VolumeWriter?) {
    self.directory = directory
    self.settings = settings
    self.index = index
    self.writer = writer
    readers = (0..<settings.readersMax).map { _ in
      VolumeReader(directory: directory, index: writer == nil ? nil : index, settings: settings)
    }
  }

  /// Makes the directory when it is missing (its parent must be there), finds out where to go on, and cuts unfinished batches off.
  ///
  /// - Parameter marks: For each volume that rows name, where the last named picture's record ends (``recordEnd(of:byteCount:)``). Rows
  ///   must forget the marks of volumes that are deleted.
  /// - Throws: ``StorageError/failed(_:)`` when the directory cannot be read or a setting is out of its range,
  ///   ``StorageError/schemaTooNew(_:)`` when a newer program has written the volumes. Damage does not stop it: see the report.
  public static func open(
    directory: String, marks: [UInt32: UInt64], settings: PictureVolumesSettings = .init()
  ) async throws(StorageError) -> (volumes: PictureVolumes, report: OpeningReport) {
    try await open(directory: directory, marks: marks, settings: settings, fileSystem: POSIXFileSystem())
  }

  package static func open(
    directory: String, marks: [UInt32: UInt64], settings: PictureVolumesSettings = .init(), fileSystem: any FileSystem
  ) async throws(StorageError) -> (volumes: PictureVolumes, report: OpeningReport) {
    try settings.validate()
    let directory = VolumeDirectory(path: directory, fileSystem: fileSystem)
    let index = VolumeIndex()
    let writer = VolumeWriter(directory: directory, index: index, settings: settings)
    let report = try await writer.open(marks: marks)
    return (PictureVolumes(directory: directory, settings: settings, index: index, writer: writer), report)
  }

  /// For reading beside the process that writes: changes nothing, and sees what that one appends.
  public static func openForReading(
    directory: String, settings: PictureVolumesSettings = .init()
  ) throws(StorageError) -> PictureVolumes {
    try openForReading(directory: directory, settings: settings, fileSystem: POSIXFileSystem())
  }

  package static func openForReading(
    directory: String, settings: PictureVolumesSettings = .init(), fileSystem: any FileSystem
  ) throws(StorageError) -> PictureVolumes {
    try settings.validate()
    let directory = VolumeDirectory(path: directory, fileSystem: fileSystem)
    return PictureVolumes(directory: directory, settings: settings, index: VolumeIndex(), writer: nil)
  }

  /// Where the record of a picture of this many bytes ends in its volume: what rows keep the highest of, as the volume's mark.
  public static func recordEnd(of location: PictureLocation, byteCount: Int) -> UInt64 {
    location.offset &+ RecordHeader.recordByteCount(payload: UInt64(clamping: byteCount))
  }

  /// Waits for what is being written, then lets go of all files. Later calls throw ``StorageError/closed``.
  public func close() async {
    await writer?.close()
    index.close()
    for reader in readers { await reader.close() }
  }

  // MARK: PictureStore

  /// Pictures of one batch stand together, on the day of the latest one, and are synchronized together: one fdatasync, or two when
  /// there are reference pictures among them. The given digest is believed.
  ///
  /// - Throws: ``StorageError/diskFull(_:)`` (also for a quota and for a file size limit; a process that may meet the latter has to ignore
  ///   SIGXFSZ), ``StorageError/failed(_:)`` for anything else, ``StorageError/closed``. None of the pictures counts then.
  public func append(_ pictures: [NewPicture]) async throws(StorageError) -> [PictureLocation] {
    try await openWriter().append(pictures)
  }

  public func picture(at location: PictureLocation, digest: ContentDigest) async throws(StorageError) -> SharedBytes {
    if index.isClosed { throw .closed }
    // By page, so that one slow read does not hold up everything else in the volume.
    let spread = UInt64(location.volume) &+ location.offset >> 12
    return try await readers[Int(spread % UInt64(readers.count))].picture(at: location, digest: digest)
  }

  /// What the file system has left for an ordinary user.
  public func freeBytes() throws(StorageError) -> Int64 {
    do {
      return try directory.fileSystem.freeBytes(in: directory.path)
    } catch {
      throw error.storageError("the directory of pictures")
    }
  }

  /// The length of all volumes; 0 when opened for reading.
  public func usedBytes() -> Int64 { index.usedBytes }

  func openWriter() throws(StorageError) -> VolumeWriter {
    if index.isClosed { throw .closed }
    guard let writer else { throw .failed("the volumes are open for reading only") }
    return writer
  }
}
