import FaceEvents
import PictureVolumes

/// The disk alone: batches are appended to one file and synchronized, by the calls that picture volumes make.
struct DiskMeasure: Sendable {
  struct Figures: Sendable {
    var bytes: Int64 = 0
    var time = Duration.zero
    /// Of the `fdatasync` after each batch.
    var syncs = LatencyHistogram()
    var batchBytes: Int

    var bytesPerSecond: Double { Double(bytes) / max(1e-9, time / .seconds(1)) }
  }

  var path: String
  var batchBytes: Int
  var duration: Duration
  var bytesMax: Int64

  /// Blocks. The file is gone afterwards.
  func run(stop: StopRequest) throws(CommandFailure) -> Figures {
    // Nothing that could be compressed, as pictures.
    var random = SeededNumbers(seed: 1)
    let batch = ByteStorage(capacity: batchBytes)
    random.bytes(batchBytes).withUnsafeBytes { batch.append($0) }
    let fileSystem = POSIXFileSystem()
    var figures = Figures(batchBytes: batchBytes)
    do {
      let file = try fileSystem.open(path, .create)
      defer {
        fileSystem.close(file)
        try? fileSystem.remove(path)
      }
      let begin = ContinuousClock.now
      while !stop.wasMade, figures.time < duration, figures.bytes == 0 || figures.bytes + Int64(batchBytes) <= bytesMax {
        try fileSystem.writeAll([UnsafeRawBufferPointer(batch.bytes)], to: file, at: UInt64(figures.bytes))
        let written = ContinuousClock.now
        try fileSystem.synchronize(file)
        figures.syncs.record(.now - written)
        figures.bytes += Int64(batchBytes)
        figures.time = .now - begin
      }
    } catch {
      throw CommandFailure("\(error.storageError(path))", code: .storage)
    }
    return figures
  }
}
