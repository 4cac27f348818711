import FaceEvents

/// Reads pictures, one at a time, on a thread of its own.
actor VolumeReader {
  private static let scratchByteCount = 64 << 10

  private let directory: VolumeDirectory
  /// Nil when another process writes the volumes: then whatever file is there may be read.
  private let index: VolumeIndex?
  private let settings: PictureVolumesSettings
  private let executor = QueueExecutor(label: "picture volumes: reader")
  /// The last used last.
  private var files: [(id: VolumeID, file: OpenFile)] = []
  private lazy var scratch = ScratchBuffer(byteCount: Self.scratchByteCount)

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(directory: VolumeDirectory, index: VolumeIndex?, settings: PictureVolumesSettings) {
    self.directory = directory
    self.index = index
    self.settings = settings
  }

  func picture(at location: PictureLocation, digest: ContentDigest) throws(StorageError) -> SharedBytes {
    guard let id = VolumeID(rawValue: location.volume) else { throw .damaged("there can be no volume \(location.volume)") }
    if let index, index[id] == nil { throw .damaged("\(id.name) is missing") }
    let place = "\(id.name) at \(location.offset)"
    do {
      return try read(place, id, location.offset, digest)
    } catch let error as FileError {
      if error.isNoSuchFile { throw .damaged("\(id.name) is missing") }
      throw error.storageError(place)
    } catch let error as StorageError {
      throw error
    } catch {
      throw .failed("\(place): \(error)")
    }
  }

  /// To be called after the volume has left the index and before its file goes.
  func forget(_ id: VolumeID) {
    files.removeAll { $0.id == id }
  }

  func close() {
    files = []
  }

  private func read(_ place: String, _ id: VolumeID, _ offset: UInt64, _ digest: ContentDigest) throws -> SharedBytes {
    guard offset >= VolumeHeader.byteCount, offset % RecordHeader.alignment == 0, offset < UInt64(Int64.max) / 2 else {
      throw StorageError.damaged("\(place): no picture can stand there")
    }
    let file = try file(id)
    // The header and what of the payload comes with it.
    let count = try directory.fileSystem.readFully(file.descriptor, into: scratch.bytes, at: offset)
    guard let header = RecordHeader(scratch.prefix(count), volume: id, offset: offset) else {
      throw StorageError.damaged("\(place): no picture begins there")
    }
    try check(header, place, digest)
    let storage = ByteStorage(capacity: Int(header.payloadByteCount))
    var checksum = CRC32C()
    take(scratch.prefix(count).dropFirst(RecordHeader.byteCount), of: header, into: storage, &checksum)
    while storage.count < header.payloadByteCount {
      let position = offset + UInt64(RecordHeader.byteCount + storage.count)
      let count = try directory.fileSystem.readFully(file.descriptor, into: scratch.bytes, at: position)
      guard count > 0 else { throw StorageError.damaged("\(place): the volume ends in the middle of the picture") }
      take(scratch.prefix(count)[...], of: header, into: storage, &checksum)
    }
    guard checksum.value == header.payloadChecksum else { throw StorageError.damaged("\(place): the picture's checksum is wrong") }
    return storage.share(0..<storage.count)
  }

  private func check(_ header: RecordHeader, _ place: String, _ digest: ContentDigest) throws(StorageError) {
    switch header.state {
    case .live: break
    case .erased: throw .damaged("\(place): the picture has been erased")
    case .setAside: throw .damaged("\(place): the picture was found damaged and set aside")
    }
    guard header.digest == digest else { throw .damaged("\(place): another picture stands there") }
    guard header.payloadByteCount <= settings.pictureBytesMax else {
      throw .damaged("\(place): a picture of \(header.payloadByteCount) bytes is longer than any")
    }
  }

  private func take(
    _ bytes: Slice<UnsafeRawBufferPointer>, of header: RecordHeader, into storage: ByteStorage, _ checksum: inout CRC32C
  ) {
    let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(header.payloadByteCount) - storage.count))
    checksum.update(part)
    storage.append(part)
  }

  private func file(_ id: VolumeID) throws(FileError) -> OpenFile {
    if let found = files.firstIndex(where: { $0.id == id }) {
      let entry = files.remove(at: found)
      files.append(entry)
      return entry.file
    }
    let file = try directory.open(id, .read)
    if files.count >= settings.openVolumesPerReaderMax { files.removeFirst() }
    files.append((id, file))
    return file
  }
}
