import Crypto
import FaceEvents

/// Events and their pictures as a ZIP archive that can be checked: `unzip` it, then `sha256sum -c SHA256SUMS`.
///
/// The events come first and are read once more for their pictures, so that neither waits in memory for the other.
struct EventArchive {
  private let export: EventExport
  private let snapshot: ExportSnapshot
  private let createdAt: Timestamp
  private let clock: ViewerClock
  private var output: ExportOutput

  private var files: [ZipTextEntry.Written] = []
  private var pictures = PackedList<ArchivedPicture>()
  private var missing = PackedList<MissingPicture>()
  private var counts = ArchiveManifest.Counts()
  /// Of the first picture; the others follow each other.
  private var picturesOffset: UInt64 = 0
  /// Behind the last event that is in it, when not all are.
  private var cut: EventQuery.Cursor?

  init(_ export: EventExport, _ snapshot: ExportSnapshot, createdAt: Timestamp, _ output: ExportOutput) {
    self.export = export
    self.snapshot = snapshot
    self.createdAt = createdAt
    self.output = output
    clock = ViewerClock(utcOffsetSeconds: export.utcOffsetSeconds)
  }

  mutating func write() async throws -> ExportOutput {
    try await writeEvents()
    picturesOffset = output.byteCount
    try await writePictures()
    if let cut { try await writeNextPart(cut) }
    try await writeManifest()
    try await writeSums()
    try await writeDirectory()
    return output
  }

  // MARK: Events

  private mutating func writeEvents() async throws {
    var file = try await beginFile("events.ndjson")
    var walk = ExportWalk(export, snapshot)
    var last: EventQuery.Cursor?
    var room = export.picturesMax
    reading: while let entries = try await walk.next() {
      for entry in entries {
        if case .event(let stored) = entry {
          // At least one, or nothing would ever come of it.
          guard stored.event.pictures.count <= room || last == nil else {
            cut = last
            break reading
          }
          room -= stored.event.pictures.count
          last = stored.place
          counts.events += 1
        } else {
          counts.damagedEvents += 1
        }
        try await file.append(ExportedEvent.line(entry), to: &output)
        output.count(events: 1)
      }
    }
    files.append(try await file.finish(&output))
  }

  // MARK: Pictures

  private mutating func writePictures() async throws {
    var walk = ExportWalk(export, snapshot)
    while let entries = try await walk.next() {
      for case .event(let stored) in entries {
        if let cut, stored.place.isBehind(cut, export.query.order) { return }
        for place in PicturePlace.all(of: stored.event) {
          try await write(place, of: stored.event, at: stored.locations[place.position])
        }
      }
    }
  }

  private mutating func write(_ place: PicturePlace, of event: FaceEvent, at location: PictureLocation) async throws {
    let archived = ArchivedPlace(event, place)
    switch try await read(place.picture, at: location) {
    case .success(let bytes): try await write(bytes, ArchivedPicture(place: archived, digest: place.picture.digest, bytes))
    case .failure(let error):
      missing.append(MissingPicture(place: archived, digest: place.picture.digest, reason: error.description))
    }
  }

  /// - Returns: a failure that is about this picture alone.
  private func read(_ picture: EventPicture, at location: PictureLocation) async throws(StorageError) -> Result<SharedBytes, StorageError> {
    do throws(StorageError) {
      let bytes = try await export.sources.pictures.picture(at: location, digest: picture.digest)
      guard bytes.digest == picture.digest else { throw .damaged("its bytes are not those that were received") }
      return .success(bytes)
    } catch {
      switch error {
      case .damaged, .failed: return .failure(error)
      case .closed, .diskFull, .schemaTooNew, .locked: throw error
      }
    }
  }

  private mutating func write(_ bytes: SharedBytes, _ picture: ArchivedPicture) async throws {
    try await output.append(ZipRecords.localHeader(entry(picture, at: output.byteCount)))
    try await output.append(bytes)
    pictures.append(picture)
  }

  private func entry(_ picture: ArchivedPicture, at offset: UInt64) -> ZipEntry {
    ZipEntry(
      name: picture.name, modified: ZipTime(picture.place.time, clock: clock), isStreamed: false, checksum: picture.checksum,
      byteCount: UInt64(picture.byteCount), storedByteCount: UInt64(picture.byteCount), offset: offset)
  }

  // MARK: What describes them

  private mutating func writeNextPart(_ cut: EventQuery.Cursor) async throws {
    var file = try await beginFile("NEXT-PART.txt")
    let text = """
      This archive is full. The events go on in another one: ask once more, with the same filters and this besides:
      cursor=\(cut.text)

      """
    try await file.append(text, to: &output)
    files.append(try await file.finish(&output))
  }

  private mutating func writeManifest() async throws {
    var file = try await beginFile("manifest.json")
    let manifest = ArchiveManifest(
      createdAt: createdAt, latestSequence: snapshot.latestSequence, next: cut, counts: counts, files: files)
    try await file.append(manifest.start, to: &output)
    for picture in pictures { try await file.append(ArchiveManifest.line(picture), to: &output) }
    try await file.append(ArchiveManifest.middle, to: &output)
    var isFirst = true
    for picture in missing {
      try await file.append(ArchiveManifest.line(picture, isFirst: isFirst), to: &output)
      isFirst = false
    }
    try await file.append(ArchiveManifest.end, to: &output)
    files.append(try await file.finish(&output))
  }

  private mutating func writeSums() async throws {
    var file = try await beginFile("SHA256SUMS")
    for written in files { try await file.append("\(written.digest)  \(written.entry.name)\n", to: &output) }
    for picture in pictures { try await file.append("\(picture.digest)  \(picture.name)\n", to: &output) }
    files.append(try await file.finish(&output))
  }

  private mutating func writeDirectory() async throws {
    let start = output.byteCount
    for written in files { try await output.append(ZipRecords.directoryEntry(written.entry)) }
    var offset = picturesOffset
    for picture in pictures {
      let entry = entry(picture, at: offset)
      try await output.append(ZipRecords.directoryEntry(entry))
      offset += UInt64(ZipRecords.localHeaderBytes(name: entry.name)) + entry.byteCount
    }
    let end = ZipRecords.end(
      entryCount: UInt64(files.count + pictures.count), directoryOffset: start, directoryBytes: output.byteCount - start)
    try await output.append(end)
  }

  private mutating func beginFile(_ name: String) async throws -> ZipTextEntry {
    try await ZipTextEntry(name, modified: ZipTime(createdAt, clock: clock), to: &output)
  }
}

extension StoredEvent {
  fileprivate var place: EventQuery.Cursor { EventQuery.Cursor(time: event.time, sequence: sequence) }
}

extension EventQuery.Cursor {
  fileprivate func isBehind(_ other: Self, _ order: EventQuery.Order) -> Bool {
    switch order {
    case .newestFirst: (time, sequence) < (other.time, other.sequence)
    case .oldestFirst: (time, sequence) > (other.time, other.sequence)
    }
  }
}

extension SharedBytes {
  fileprivate var digest: ContentDigest {
    var hash = SHA256()
    withUnsafeBytes { hash.update(bufferPointer: $0) }
    return ContentDigest(hash.finalize())
  }
}

extension ArchivedPicture {
  fileprivate init(place: ArchivedPlace, digest: ContentDigest, _ bytes: SharedBytes) {
    self.init(
      place: place, ending: Ending(bytes), digest: digest, byteCount: UInt32(bytes.count), checksum: CRC32.of(bytes))
  }
}
