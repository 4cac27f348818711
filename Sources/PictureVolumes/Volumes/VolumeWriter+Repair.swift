import FaceEvents

extension VolumeWriter {
  /// Copies the damaged bytes to a file in `quarantine`, then makes the volume walkable again. A finding that is not true any more is left
  /// alone.
  func repair(_ finding: VolumeFinding, quarantine: String) throws(StorageError) -> RepairAction {
    try checkOpen()
    guard let id = VolumeID(rawValue: finding.volume) else {
      return RepairAction(finding: finding, outcome: .nothing("there can be no such volume"))
    }
    do {
      return RepairAction(finding: finding, outcome: try repair(finding, id, quarantine))
    } catch {
      throw error.storageError("repairing \(id.name)")
    }
  }

  private func repair(_ finding: VolumeFinding, _ id: VolumeID, _ quarantine: String) throws(FileError) -> RepairAction.Outcome {
    switch finding.kind {
    case .missingVolume: return .nothing("it has to come back from a backup")
    case .foreignFile: return .nothing("it is left for a person to look at")
    case .volumeHeader: return try rewriteHeader(id)
    case .payload, .digest, .unreadable, .recordHeader, .end: break
    }
    let file = try directory.open(id, .readAndWrite)
    let scratch = ScratchBuffer(byteCount: VolumeWalk.scratchByteCount)
    let byteCount = try fileSystem.size(of: file.descriptor)
    guard try isStillTrue(finding, id, file, byteCount, scratch) else { return .nothing("something else stands there now") }
    let copy = try copy(finding.offset..<min(byteCount, finding.offset + finding.byteCount), of: file, id, to: quarantine, scratch)
    if finding.kind == .end && finding.isBehindMark && appendable[id.volumeClass]?.id != id {
      try fileSystem.truncate(file.descriptor, to: finding.offset)
      try fileSystem.synchronize(file.descriptor)
      index.set(id, byteCount: finding.offset, isAppended: false)
      return .cut(copy: copy)
    }
    if finding.kind == .recordHeader || finding.kind == .end {
      try cover(finding.range, of: file, id)
    } else {
      try setState(.setAside, at: finding.offset, file)
    }
    return .setAside(copy: copy)
  }

  private func isStillTrue(
    _ finding: VolumeFinding, _ id: VolumeID, _ file: OpenFile, _ byteCount: UInt64, _ scratch: ScratchBuffer
  ) throws(FileError) -> Bool {
    let found = try fileSystem.readFully(file.descriptor, into: scratch.room(RecordHeader.byteCount), at: finding.offset)
    guard let header = RecordHeader(scratch.prefix(found), volume: id, offset: finding.offset) else {
      return finding.kind == .recordHeader || finding.kind == .end
    }
    if finding.kind == .end { return finding.offset + UInt64(RecordHeader.byteCount) + UInt64(header.payloadByteCount) > byteCount }
    return finding.kind != .recordHeader && header.state == .live && header.recordByteCount == finding.byteCount
  }

  func setState(_ state: RecordHeader.State, at offset: UInt64, _ file: OpenFile) throws(FileError) {
    let word = withUnsafeBytes(of: state.rawValue.littleEndian) { Array($0) }
    try fileSystem.writeAll(word, to: file.descriptor, at: offset)
    try fileSystem.synchronize(file.descriptor)
  }

  /// One record that is set aside over the whole range, which ends where a record begins, or with the volume. Lengthens the volume to the
  /// range's end where it stops before.
  private func cover(_ range: Range<UInt64>, of file: OpenFile, _ id: VolumeID) throws(FileError) {
    let payload =
      max(range.upperBound, range.lowerBound + UInt64(RecordHeader.byteCount)) - range.lowerBound - UInt64(RecordHeader.byteCount)
    let header = RecordHeader(
      state: .setAside, payloadByteCount: UInt32(clamping: payload), role: 0, batchDistance: 0, receivedAt: Timestamp(milliseconds: 0),
      digest: ContentDigest(words: (0, 0, 0, 0)), payloadChecksum: 0)
    try fileSystem.writeAll(header.bytes(volume: id, offset: range.lowerBound), to: file.descriptor, at: range.lowerBound)
    let end = range.lowerBound + header.recordByteCount
    if try fileSystem.size(of: file.descriptor) < end {
      try fileSystem.truncate(file.descriptor, to: end)
      index.set(id, byteCount: end, isAppended: false)
    }
    try fileSystem.synchronize(file.descriptor)
  }

  private func rewriteHeader(_ id: VolumeID) throws(FileError) -> RepairAction.Outcome {
    let file = try directory.open(id, .readAndWrite)
    let day = Timestamp(milliseconds: Int64(id.day.number) * 86_400_000)
    try fileSystem.writeAll(VolumeHeader(volume: id, createdAt: day).bytes, to: file.descriptor, at: 0)
    try fileSystem.synchronize(file.descriptor)
    return .headerRewritten
  }

  /// What the disk does not give is zeros in the copy.
  /// - Returns: The copy's name.
  private func copy(
    _ range: Range<UInt64>, of file: OpenFile, _ id: VolumeID, to quarantine: String, _ scratch: ScratchBuffer
  ) throws(FileError) -> String {
    let name = "\(id.name).\(range.lowerBound).damaged"
    let path = quarantine + "/" + name
    _ = try fileSystem.makeDirectory(quarantine)
    let copy = try OpenFile(path + ".part", .createOrEmpty, on: fileSystem)
    let page: UInt64 = 4_096
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = scratch.room(Int(min(UInt64(scratch.bytes.count), range.upperBound - position)))
      do {
        let count = try fileSystem.readFully(file.descriptor, into: wanted, at: position)
        if count == 0 { break }
        try fileSystem.writeAll([scratch.prefix(count)], to: copy.descriptor, at: position - range.lowerBound)
        position += UInt64(count)
      } catch {
        guard error.call == "pread" else { throw error }
        position = min(range.upperBound, (position / page + 1) * page)
        try fileSystem.truncate(copy.descriptor, to: position - range.lowerBound)
      }
    }
    try fileSystem.synchronize(copy.descriptor)
    try fileSystem.rename(path + ".part", to: path)
    try fileSystem.synchronizeDirectory(quarantine)
    return name
  }
}
