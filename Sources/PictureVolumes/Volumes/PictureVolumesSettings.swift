public import FaceEvents

/// Limits of the picture volumes.
public struct PictureVolumesSettings: Sendable, Equatable {
  /// A volume that would grow beyond this is left and the next one begun. One batch may be larger: it is never split. Bytes,
  /// 4,096…34,359,738,367 (what a record can say of its batch), default 1 GiB.
  public var volumeBytesMax: UInt64 = 1 << 30
  /// No longer picture is taken or believed. Bytes, 1…1 GiB, default 64 MiB.
  public var pictureBytesMax = 64 << 20
  /// How much behind the last byte that a row names may be cut when opening: at least what one batch can hold, headers included. A longer
  /// tail is no unfinished batch and is never touched. Bytes, default 128 MiB.
  public var tailBytesMax: UInt64 = 128 << 20
  /// Reads that run at once, each on its own thread with its own 64 KiB of memory; more of them wait. 1…64, default 4.
  public var readersMax = 4
  /// Volumes that each of these keeps open. 1…1,024, default 8.
  public var openVolumesPerReaderMax = 8

  public init() {}

  /// - Throws: ``StorageError/failed(_:)`` that names the setting, its value and its range.
  public func validate() throws(StorageError) {
    try check(volumeBytesMax, 4_096...34_359_738_367, "volumeBytesMax")
    try check(UInt64(clamping: pictureBytesMax), 1...(1 << 30), "pictureBytesMax")
    try check(UInt64(clamping: readersMax), 1...64, "readersMax")
    try check(UInt64(clamping: openVolumesPerReaderMax), 1...1_024, "openVolumesPerReaderMax")
  }

  private func check(_ value: UInt64, _ range: ClosedRange<UInt64>, _ name: String) throws(StorageError) {
    guard range.contains(value) else {
      throw .failed("\(name) is \(value) but must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
