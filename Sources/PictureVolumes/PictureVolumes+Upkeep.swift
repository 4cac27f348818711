public import FaceEvents

/// One volume, for listings and figures.
public struct VolumeSummary: Sendable, Equatable {
  public var id: VolumeID
  public var byteCount: UInt64
  /// Whether the next batch of its class may go there.
  public var isAppended: Bool
}

extension PictureVolumes {
  /// Oldest first; nothing when opened for reading.
  public func volumes() -> [VolumeSummary] {
    index.entries.map { VolumeSummary(id: $0.id, byteCount: $0.entry.byteCount, isAppended: $0.entry.isAppended) }
  }

  /// Reads every byte of every volume and recomputes checksums and SHA-256. Uses about 1 MiB, and 12 bytes a picture for the result.
  /// May run beside appending and, when opened for reading, beside the process that writes.
  ///
  /// - Parameters:
  ///   - marks: As for ``open(directory:marks:settings:)``, read before this is called. What stands behind them was never promised to
  ///     anybody, so findings there are no damage.
  ///   - progress: Called on the verifying thread, for each volume and each 16 MiB.
  public func verify(
    marks: [UInt32: UInt64], progress: @escaping @Sendable (VerifyProgress) -> Void = { _ in }
  ) async throws(StorageError) -> VerifyReport {
    if index.isClosed { throw .closed }
    return try await VolumeVerifier(directory: directory, index: writer == nil ? nil : index, marks: marks, progress: progress).run()
  }

  /// Moves damaged bytes out of the way, so that they are not found again: copies them to the directory `quarantine` (made when
  /// missing; its parent must be there) and marks their place in the volume. Rows that name such a picture keep naming it, and it stays
  /// unreadable.
  ///
  /// - Parameter findings: From a ``verify(marks:progress:)`` since the last start. Those that are not true any more are left alone.
  /// - Returns: One action per finding, in order.
  public func repair(_ findings: [VolumeFinding], quarantine: String) async throws(StorageError) -> [RepairAction] {
    let writer = try openWriter()
    var actions: [RepairAction] = []
    for finding in findings { actions.append(try await writer.repair(finding, quarantine: quarantine)) }
    return actions
  }

  /// Overwrites the picture with zeros and gives its space back where the file system can. Its place, length and SHA-256 stay. Erasing it
  /// again does no harm.
  ///
  /// - Throws: ``StorageError/damaged(_:)`` when the picture with this digest does not stand there. After any other error the picture
  ///   can no longer be read but may still be on the disk: call again.
  public func erase(_ location: PictureLocation, digest: ContentDigest) async throws(StorageError) {
    try await openWriter().erase(location, digest)
  }

  /// Deletes the volumes of a class whose day ended before the day that holds `time` began. No row may name them any more.
  ///
  /// - Returns: The deleted volumes, as in ``PictureLocation/volume``; rows must forget their marks.
  public func deleteVolumes(before time: Timestamp, of volumeClass: VolumeClass) async throws(StorageError) -> [UInt32] {
    let writer = try openWriter()
    let retired = try await writer.retire(before: UTCDay(containing: time), volumeClass)
    for reader in readers {
      for id in retired { await reader.forget(id) }
    }
    try await writer.remove(retired)
    return retired.map(\.rawValue)
  }
}
