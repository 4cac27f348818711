import FaceEvents

/// Reads all volumes, one after the other, on a thread of its own.
actor VolumeVerifier {
  private let directory: VolumeDirectory
  /// What the writer has acknowledged; nil when another process writes.
  private let index: VolumeIndex?
  private let marks: [UInt32: UInt64]
  private let progress: @Sendable (VerifyProgress) -> Void
  private let executor = QueueExecutor(label: "picture volumes: verify")
  private let scratch = ScratchBuffer(byteCount: VolumeWalk.scratchByteCount)
  private var report = VerifyReport()
  private var state = VerifyProgress(volumeName: "", volumesDone: 0, volumeCount: 0, bytesDone: 0, byteCount: 0)

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(
    directory: VolumeDirectory, index: VolumeIndex?, marks: [UInt32: UInt64], progress: @escaping @Sendable (VerifyProgress) -> Void
  ) {
    self.directory = directory
    self.index = index
    self.marks = marks
    self.progress = progress
  }

  func run() throws(StorageError) -> VerifyReport {
    let volumes = try volumes()
    state.volumeCount = volumes.count
    state.byteCount = volumes.reduce(0) { $0 + $1.byteCount }
    for (id, byteCount) in volumes {
      state.volumeName = id.name
      progress(state)
      verify(id, byteCount)
      state.volumesDone += 1
    }
    progress(state)
    noteMissing(among: Set(volumes.map(\.id.rawValue)))
    report.volumeCount = volumes.count
    report.byteCount = state.byteCount
    return report
  }

  /// A volume that is being appended to is read as far as it is acknowledged.
  private func volumes() throws(StorageError) -> [(id: VolumeID, byteCount: UInt64)] {
    do {
      return try directory.listing().volumes.map { id, byteCount in
        guard let entry = index?[id], entry.isAppended else { return (id, byteCount) }
        return (id, entry.byteCount)
      }
    } catch {
      throw error.storageError("the directory of pictures")
    }
  }

  private func noteMissing(among present: Set<UInt32>) {
    for (rawValue, mark) in marks.sorted(by: { $0.key < $1.key }) where !present.contains(rawValue) {
      let name = VolumeID(rawValue: rawValue)?.name ?? "volume \(rawValue)"
      report.findings.append(
        VolumeFinding(volume: rawValue, volumeName: name, offset: 0, byteCount: mark, kind: .missingVolume, isBehindMark: false))
    }
  }

  private func verify(_ id: VolumeID, _ byteCount: UInt64) {
    let done = state.bytesDone
    defer { state.bytesDone = done + byteCount }
    do {
      let file = try directory.open(id, .read)
      let count = try directory.fileSystem.readFully(file.descriptor, into: scratch.room(VolumeHeader.byteCount), at: 0)
      let hasHeader = VolumeHeader(scratch.prefix(count))?.volume == id
      let walk = VolumeWalk(volume: id, file: file, fileSystem: directory.fileSystem, end: byteCount, scratch: scratch)
      if !hasHeader {
        // Record headers name their volume too.
        let isForeign = walk.nextHeader(after: walk.offset - RecordHeader.alignment) == nil && byteCount > VolumeHeader.byteCount
        note(id, 0..<(isForeign ? byteCount : UInt64(VolumeHeader.byteCount)), isForeign ? .foreignFile : .volumeHeader)
        if isForeign { return }
      }
      go(through: walk, id, byteCount)
    } catch {
      // Deleted, by its age, since it was listed.
      if !error.isNoSuchFile { note(id, 0..<byteCount, .unreadable) }
    }
  }

  private func go(through start: VolumeWalk, _ id: VolumeID, _ byteCount: UInt64) {
    var walk = start
    let done = state.bytesDone
    var lastProgress = walk.offset
    var end = UInt64(VolumeHeader.byteCount)
    while let step = walk.next() {
      switch step {
      case .record(let header, let offset, let verdict):
        note(header, PictureLocation(volume: id.rawValue, offset: offset), id, verdict)
        end = min(walk.offset, byteCount)
      case .gap(let range):
        note(id, range, .recordHeader)
        report.pictures.insert(PictureLocation(volume: id.rawValue, offset: range.lowerBound), .damaged)
      case .end(let range):
        note(id, range.lowerBound..<max(range.upperBound, marks[id.rawValue] ?? 0), .end)
        report.pictures.insert(PictureLocation(volume: id.rawValue, offset: range.lowerBound), .damaged)
        return
      }
      if walk.offset - lastProgress >= 16 << 20 {
        lastProgress = walk.offset
        state.bytesDone = done + min(walk.offset, byteCount)
        progress(state)
      }
    }
    if let mark = marks[id.rawValue], end < mark { note(id, end..<mark, .end) }
  }

  private func note(_ header: RecordHeader, _ location: PictureLocation, _ id: VolumeID, _ verdict: VolumeWalk.Verdict) {
    let kind: VolumeFinding.Kind
    switch (header.state, verdict) {
    case (.erased, _):
      report.erasedCount += 1
      return report.pictures.insert(location, .erased)
    case (.setAside, _):
      report.setAsideCount += 1
      return report.pictures.insert(location, .setAside)
    case (.live, .good): return report.pictures.insert(location, header.digest, byteCount: header.payloadByteCount)
    case (.live, .wrongChecksum): kind = .payload
    case (.live, .wrongDigest): kind = .digest
    case (.live, .unreadable): kind = .unreadable
    }
    report.pictures.insert(location, .damaged)
    note(id, location.offset..<(location.offset + header.recordByteCount), kind)
  }

  private func note(_ id: VolumeID, _ range: Range<UInt64>, _ kind: VolumeFinding.Kind) {
    let isBehindMark = range.lowerBound >= marks[id.rawValue] ?? 0
    report.findings.append(
      VolumeFinding(
        volume: id.rawValue, volumeName: id.name, offset: range.lowerBound, byteCount: range.upperBound - range.lowerBound, kind: kind,
        isBehindMark: isBehindMark))
  }
}
