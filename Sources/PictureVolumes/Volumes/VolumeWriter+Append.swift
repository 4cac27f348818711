import FaceEvents

extension VolumeWriter {
  /// The part of a batch that goes to one volume.
  private struct Part {
    var volume: AppendVolume
    var run: RecordRun
  }

  /// Everything, synchronized, or nothing: after an error the volumes end where they ended before.
  func append(_ pictures: [NewPicture]) throws(StorageError) -> [PictureLocation] {
    try checkOpen()
    for picture in pictures where picture.bytes.count > settings.pictureBytesMax {
      throw .failed("a picture of \(picture.bytes.count) bytes is longer than the \(settings.pictureBytesMax) that are taken")
    }
    guard let last = pictures.map(\.receivedAt).max() else { return [] }
    var touched: [AppendVolume] = []
    do {
      let parts = try write(pictures, on: UTCDay(containing: last), touched: &touched)
      try synchronize(touched)
      for part in parts { acknowledge(part) }
      return Self.locations(of: pictures, in: parts)
    } catch {
      for volume in touched { withdraw(volume) }
      throw error
    }
  }

  private func write(
    _ pictures: [NewPicture], on day: UTCDay, touched: inout [AppendVolume]
  ) throws(StorageError) -> [Part] {
    var parts: [Part] = []
    for volumeClass in VolumeClass.allCases {
      let members = pictures.filter { VolumeClass($0.role) == volumeClass }
      if members.isEmpty { continue }
      let volume = try volume(volumeClass, day, for: members)
      touched.append(volume)
      let run = RecordRun(members, volume: volume.id, start: volume.end)
      do {
        try run.withPieces { (pieces) throws(FileError) in try fileSystem.writeAll(pieces, to: volume.file.descriptor, at: volume.end) }
      } catch {
        throw error.storageError(volume.id.name)
      }
      parts.append(Part(volume: volume, run: run))
    }
    return parts
  }

  private func synchronize(_ volumes: [AppendVolume]) throws(StorageError) {
    for volume in volumes {
      do {
        try fileSystem.synchronize(volume.file.descriptor)
      } catch {
        volume.isTrusted = false
        throw error.storageError(volume.id.name)
      }
    }
    let unnamed = volumes.filter { !$0.nameIsSynchronized }
    if unnamed.isEmpty { return }
    do {
      try fileSystem.synchronizeDirectory(directory.path)
      for volume in unnamed { volume.nameIsSynchronized = true }
    } catch {
      for volume in unnamed { volume.isTrusted = false }
      throw error.storageError("the directory of pictures")
    }
  }

  private func acknowledge(_ part: Part) {
    part.volume.end = part.run.end
    index.set(part.volume.id, byteCount: part.run.end, isAppended: true)
  }

  /// The runs keep the order of their pictures, so each class's offsets are dealt out one by one.
  private static func locations(of pictures: [NewPicture], in parts: [Part]) -> [PictureLocation] {
    var rest = Dictionary(uniqueKeysWithValues: parts.map { ($0.volume.id.volumeClass, ($0.volume.id.rawValue, $0.run.offsets[...])) })
    return pictures.compactMap { picture in
      let volumeClass = VolumeClass(picture.role)
      guard let offset = rest[volumeClass]?.1.popFirst(), let volume = rest[volumeClass]?.0 else { return nil }
      return PictureLocation(volume: volume, offset: offset)
    }
  }

  /// Undoes what a failed batch has done to a volume, which is still where it was; and if that fails too, leaves the volume for good.
  private func withdraw(_ volume: AppendVolume) {
    let isCut = (try? fileSystem.truncate(volume.file.descriptor, to: volume.end)) != nil
    if isCut && volume.isTrusted { return }
    seal(volume)
  }
}

extension VolumeWriter {
  /// The volume that these pictures go to: the current one of the class, unless it is full or of another day.
  ///
  /// A day back is no other day: clocks are set back by moments around midnight, and each way would begin a volume.
  private func volume(_ volumeClass: VolumeClass, _ day: UTCDay, for pictures: [NewPicture]) throws(StorageError) -> AppendVolume {
    if let current = appendable[volumeClass] {
      let isOfDay = current.id.day == day || Int(current.id.day.number) == Int(day.number) + 1
      let isFull = !current.isEmpty && current.end + RecordRun.byteCount(of: pictures) > settings.volumeBytesMax
      if isOfDay && !isFull { return current }
      leave(current)
    }
    return try begin(volumeClass, day, at: pictures.first?.receivedAt ?? Timestamp(milliseconds: 0))
  }

  /// Takes the volume out of use; the file stays.
  private func leave(_ volume: AppendVolume) {
    appendable[volume.id.volumeClass] = nil
    if volume.isEmpty { discard(volume) } else { index.set(volume.id, byteCount: volume.end, isAppended: false) }
  }

  private func seal(_ volume: AppendVolume) {
    appendable[volume.id.volumeClass] = nil
    if volume.isEmpty { return discard(volume) }
    let byteCount = (try? fileSystem.size(of: volume.file.descriptor)) ?? volume.end
    index.set(volume.id, byteCount: byteCount, isAppended: false)
  }

  /// A volume that never held anything leaves nothing behind; its number is free again only when the file is gone.
  private func discard(_ volume: AppendVolume) {
    do {
      try fileSystem.remove(directory.path(of: volume.id))
      numbers.giveBack(volume.id)
      index.remove(volume.id)
    } catch {
      index.set(volume.id, byteCount: volume.end, isAppended: false)
    }
  }

  private func begin(_ volumeClass: VolumeClass, _ day: UTCDay, at time: Timestamp) throws(StorageError) -> AppendVolume {
    while let id = numbers.next(day, volumeClass) {
      numbers.use(id)
      do {
        let volume = try create(id, at: time)
        appendable[volumeClass] = volume
        return volume
      } catch {
        // Somebody else's file under this name is left alone.
        if error.isFileExists { continue }
        numbers.giveBack(id)
        throw error.storageError(id.name)
      }
    }
    throw .failed("no number is left for another \(volumeClass.word) volume of \(day)")
  }

  private func create(_ id: VolumeID, at time: Timestamp) throws(FileError) -> AppendVolume {
    let file = try directory.open(id, .create)
    do {
      try fileSystem.writeAll(VolumeHeader(volume: id, createdAt: time).bytes, to: file.descriptor, at: 0)
    } catch {
      try? fileSystem.remove(directory.path(of: id))
      throw error
    }
    return AppendVolume(id: id, file: file, end: UInt64(VolumeHeader.byteCount))
  }
}
