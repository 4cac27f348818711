import FaceEvents

/// The one that changes volumes. Runs on a thread of its own, one call after the other.
actor VolumeWriter {
  let directory: VolumeDirectory
  let index: VolumeIndex
  let settings: PictureVolumesSettings
  private let executor = QueueExecutor(label: "picture volumes: writer")
  /// At most one a class.
  var appendable: [VolumeClass: AppendVolume] = [:]
  var numbers = VolumeNumbers()

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(directory: VolumeDirectory, index: VolumeIndex, settings: PictureVolumesSettings) {
    self.directory = directory
    self.index = index
    self.settings = settings
  }

  func open(marks: [UInt32: UInt64]) throws(StorageError) -> OpeningReport {
    var opening = VolumeOpening(directory: directory, marks: marks, settings: settings, index: index)
    try opening.run()
    appendable = opening.appendable
    numbers = opening.numbers
    return opening.report
  }

  /// What is acknowledged is synchronized already, so there is nothing to do but to stop.
  func close() {
    index.close()
    appendable = [:]
  }

  func checkOpen() throws(StorageError) {
    if index.isClosed { throw .closed }
  }

  var fileSystem: any FileSystem { directory.fileSystem }
}
