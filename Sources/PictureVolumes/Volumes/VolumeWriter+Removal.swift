import FaceEvents

extension VolumeWriter {
  /// See ``PictureVolumes/erase(_:digest:)``. The state goes first: from then on nobody gets the picture, and a second try after a failure
  /// finds what it has to go on with.
  func erase(_ location: PictureLocation, _ digest: ContentDigest) throws(StorageError) {
    try checkOpen()
    guard let id = VolumeID(rawValue: location.volume), index[id] != nil else {
      throw .damaged("there is no volume \(location.volume)")
    }
    let place = "\(id.name) at \(location.offset)"
    let isErased: Bool
    do {
      let file = try directory.open(id, .readAndWrite)
      isErased = try erase(location.offset, digest, in: file, id)
    } catch {
      throw error.storageError(place)
    }
    if !isErased { throw .damaged("\(place): this picture does not stand there") }
  }

  private func erase(_ offset: UInt64, _ digest: ContentDigest, in file: OpenFile, _ id: VolumeID) throws(FileError) -> Bool {
    let scratch = ScratchBuffer(byteCount: 64 << 10)
    let count = try fileSystem.readFully(file.descriptor, into: scratch.room(RecordHeader.byteCount), at: offset)
    guard let header = RecordHeader(scratch.prefix(count), volume: id, offset: offset), header.digest == digest else { return false }
    if header.state != .erased { try setState(.erased, at: offset, file) }
    let start = offset + UInt64(RecordHeader.byteCount)
    let payload = start..<min(start + UInt64(header.payloadByteCount), try fileSystem.size(of: file.descriptor))
    scratch.fillWithZeros()
    var position = payload.lowerBound
    while position < payload.upperBound {
      let part = scratch.prefix(Int(min(UInt64(scratch.bytes.count), payload.upperBound - position)))
      try fileSystem.writeAll([part], to: file.descriptor, at: position)
      position += UInt64(part.count)
    }
    try fileSystem.synchronize(file.descriptor)
    // Only gives space back; the zeros are there already, and some file systems cannot.
    try? fileSystem.punchHole(file.descriptor, payload)
    return true
  }

  /// Takes the volumes out of use; their files are still there. Readers have to forget them before ``remove(_:)``.
  func retire(before day: UTCDay, _ volumeClass: VolumeClass) throws(StorageError) -> [VolumeID] {
    try checkOpen()
    let retired = index.entries.map(\.id).filter { $0.volumeClass == volumeClass && $0.day < day }
    for id in retired { index.remove(id) }
    if let current = appendable[volumeClass], current.id.day < day { appendable[volumeClass] = nil }
    return retired
  }

  /// When this fails, the rest is found again at the next start.
  func remove(_ volumes: [VolumeID]) throws(StorageError) {
    do {
      for id in volumes { try fileSystem.remove(directory.path(of: id)) }
      if !volumes.isEmpty { try fileSystem.synchronizeDirectory(directory.path) }
    } catch {
      throw error.storageError("deleting old volumes")
    }
  }
}
