import FaceEvents

/// Finds out at the start which volumes can be appended to, without reading pictures: the time depends on the number of files alone.
///
/// Only the newest volume of each class can. Its rows say up to where it is referred to (its mark). What stands behind the mark was written
/// but never committed, so nobody was told that it is kept. It is cut off if, and only if, it can be nothing but one unfinished batch: each
/// record in it says that its batch began at the mark. Otherwise (more than one batch, no mark, no record where one must be, a wrong or
/// restored database) the volume is sealed: left byte for byte as it is, while the next one is begun. Pictures can thus not be destroyed by
/// losing the database. Sealing costs a file and the bytes of the tail, which go with their volume.
struct VolumeOpening {
  let directory: VolumeDirectory
  let marks: [UInt32: UInt64]
  let settings: PictureVolumesSettings
  let index: VolumeIndex
  private(set) var report = OpeningReport()
  private(set) var appendable: [VolumeClass: AppendVolume] = [:]
  private(set) var numbers = VolumeNumbers()

  init(directory: VolumeDirectory, marks: [UInt32: UInt64], settings: PictureVolumesSettings, index: VolumeIndex) {
    self.directory = directory
    self.marks = marks
    self.settings = settings
    self.index = index
  }

  /// - Throws: ``StorageError/failed(_:)`` when the directory cannot be read, ``StorageError/schemaTooNew(_:)`` when a newer program has
  ///   written the newest volume. Damage to files does not stop the start; it is in the ``report``.
  mutating func run() throws(StorageError) {
    let listing: (volumes: [(id: VolumeID, byteCount: UInt64)], otherFiles: Int)
    do {
      try directory.make()
      listing = try directory.listing()
    } catch {
      throw error.storageError("the directory of pictures")
    }
    report.otherFileCount = listing.otherFiles
    let newest = Dictionary(listing.volumes.map { ($0.id.volumeClass, $0.id) }, uniquingKeysWith: max)
    for (id, byteCount) in listing.volumes {
      numbers.use(id)
      index.set(id, byteCount: byteCount, isAppended: false)
      if newest[id.volumeClass] == id { try examine(id, byteCount) } else { note(older: id, byteCount) }
    }
    noteMissing(among: Set(listing.volumes.map(\.id.rawValue)))
    let entries = index.entries
    report.volumeCount = entries.count
    report.usedBytes = entries.reduce(0) { $0 + $1.entry.byteCount }
  }

  private mutating func note(older id: VolumeID, _ byteCount: UInt64) {
    guard let mark = marks[id.rawValue] else {
      report.unnamedVolumeCount += 1
      return
    }
    noteShortage(id, byteCount, mark)
  }

  private mutating func noteShortage(_ id: VolumeID, _ byteCount: UInt64, _ mark: UInt64) {
    guard byteCount < mark else { return }
    let missing = mark - byteCount
    report.damaged.append(.init(volume: id.name, text: "is \(missing) bytes shorter than rows say", byteCount: missing))
  }

  /// Volumes that rows name and that are not there. Their numbers are not given out again: the rows' pictures are not the new ones.
  private mutating func noteMissing(among present: Set<UInt32>) {
    for (rawValue, mark) in marks.sorted(by: { $0.key < $1.key }) where !present.contains(rawValue) {
      if let id = VolumeID(rawValue: rawValue) {
        numbers.use(id)
        report.damaged.append(.init(volume: id.name, text: "is named by rows and is missing", byteCount: mark))
      } else {
        report.damaged.append(.init(volume: "volume \(rawValue)", text: "is named by rows and is no volume's id", byteCount: mark))
      }
    }
  }

  private enum Verdict {
    case append(at: UInt64)
    case cut(at: UInt64)
    /// Too short for any picture, and no row names one: what is left of a volume that was being made.
    case discard
    case seal(String)
    case damaged(String)
    case newerFormat
  }

  private mutating func examine(_ id: VolumeID, _ byteCount: UInt64) throws(StorageError) {
    do {
      let file = try directory.open(id, .readAndWrite)
      switch try verdict(on: id, file, byteCount) {
      case .append(let end): accept(AppendVolume(id: id, file: file, end: end))
      case .cut(let end):
        try directory.fileSystem.truncate(file.descriptor, to: end)
        try directory.fileSystem.synchronize(file.descriptor)
        report.cut.append(.init(volume: id.name, text: "had \(byteCount - end) bytes of an unfinished batch", byteCount: byteCount - end))
        accept(AppendVolume(id: id, file: file, end: end))
      case .discard:
        try directory.fileSystem.remove(directory.path(of: id))
        index.remove(id)
      case .seal(let text):
        if marks[id.rawValue] == nil { report.unnamedVolumeCount += 1 }
        report.sealed.append(.init(volume: id.name, text: text, byteCount: byteCount))
      case .damaged(let text): report.damaged.append(.init(volume: id.name, text: text, byteCount: byteCount))
      case .newerFormat: throw StorageError.schemaTooNew("\(id.name) was written by a newer version of this program")
      }
    } catch let error as FileError {
      // The next batch begins a new volume; if the disk does not let it, that is said then.
      report.damaged.append(
        .init(volume: id.name, text: "cannot be opened: \(error.storageError("reading its end"))", byteCount: byteCount))
    } catch let error as StorageError {
      throw error
    } catch {
      throw .failed("\(id.name): \(error)")
    }
  }

  private mutating func accept(_ volume: AppendVolume) {
    appendable[volume.id.volumeClass] = volume
    index.set(volume.id, byteCount: volume.end, isAppended: true)
  }

  private func verdict(on id: VolumeID, _ file: OpenFile, _ byteCount: UInt64) throws(FileError) -> Verdict {
    let scratch = ScratchBuffer(byteCount: VolumeHeader.byteCount)
    let count = try directory.fileSystem.readFully(file.descriptor, into: scratch.bytes, at: 0)
    let mark = marks[id.rawValue]
    if let mark, byteCount < mark { return .damaged("is \(mark - byteCount) bytes shorter than rows say") }
    if mark == nil, byteCount < VolumeHeader.byteCount { return .discard }
    if VolumeHeader.isOfNewerFormat(scratch.prefix(count)) { return .newerFormat }
    guard let header = VolumeHeader(scratch.prefix(count)) else {
      return mark == nil ? .seal("has no whole header, and no row names any of it") : .damaged("has a damaged header")
    }
    guard header.volume == id else { return .damaged("is in truth \(header.volume.name)") }
    guard let mark else {
      return byteCount == VolumeHeader.byteCount ? .append(at: byteCount) : .seal("holds pictures, and no row names any of them")
    }
    guard mark >= VolumeHeader.byteCount, mark % RecordHeader.alignment == 0 else { return .seal("has no record that ends where rows say") }
    if mark == byteCount { return .append(at: mark) }
    guard byteCount - mark <= settings.tailBytesMax else { return .seal("goes on for longer than one batch after what rows name") }
    return try isOneUnfinishedBatch(id, file, mark..<byteCount)
      ? .cut(at: mark) : .seal("goes on after what rows name, with something else than one unfinished batch")
  }

  /// Reads headers only, of the one batch.
  private func isOneUnfinishedBatch(_ id: VolumeID, _ file: OpenFile, _ tail: Range<UInt64>) throws(FileError) -> Bool {
    let scratch = ScratchBuffer(byteCount: RecordHeader.byteCount)
    var offset = tail.lowerBound
    while offset < tail.upperBound {
      let count = try directory.fileSystem.readFully(file.descriptor, into: scratch.bytes, at: offset)
      if count < RecordHeader.byteCount { return RecordHeader.mayBegin(with: scratch.prefix(count)) }
      guard let header = RecordHeader(scratch.prefix(count), volume: id, offset: offset),
        UInt64(header.batchDistance) * RecordHeader.alignment == offset - tail.lowerBound
      else { return false }
      offset += header.recordByteCount
    }
    return true
  }
}
