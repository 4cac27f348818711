import FaceEvents

/// A volume that batches are appended to. Belongs to the writer.
final class AppendVolume {
  let id: VolumeID
  let file: OpenFile
  /// Where the next batch begins. Everything before it is on stable storage.
  var end: UInt64
  /// Whether the file's name in the directory is on stable storage.
  var nameIsSynchronized = false
  /// False after a failed synchronization: the system may have dropped what it could not write and call it clean (the fsync behaviour that
  /// PostgreSQL met in 2018), so that a later success would say nothing.
  var isTrusted = true

  init(id: VolumeID, file: OpenFile, end: UInt64) {
    self.id = id
    self.file = file
    self.end = end
  }

  /// Nothing in it was ever acknowledged, so it may go.
  var isEmpty: Bool { end == UInt64(VolumeHeader.byteCount) }
}
