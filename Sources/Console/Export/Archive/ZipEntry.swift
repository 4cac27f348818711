import FaceEvents

/// One file of a ZIP archive (APPNOTE.TXT 6.3.10), as its records describe it. It is written either as it is, with size and checksum known
/// before, or deflated with both behind it.
struct ZipEntry: Sendable {
  var name: String
  var modified: ZipTime
  /// Deflated, with a data descriptor.
  var isStreamed: Bool
  /// CRC-32 of the file.
  var checksum: UInt32 = 0
  var byteCount: UInt64 = 0
  /// In the archive.
  var storedByteCount: UInt64 = 0
  /// Where its local header begins.
  var offset: UInt64
}

/// A local time in the form of MS-DOS: steps of two seconds, years 1980 to 2107.
struct ZipTime: Sendable, Equatable {
  var bits: UInt32

  init(_ time: Timestamp, clock: ViewerClock) {
    let parts = CalendarTime(clock.shifted(time))
    guard parts.year >= 1980 else {
      bits = 1 << 21 | 1 << 16
      return
    }
    guard parts.year <= 2107 else {
      bits = 127 << 25 | 12 << 21 | 31 << 16 | 23 << 11 | 59 << 5 | 29
      return
    }
    let date = UInt32(parts.year - 1980) << 25 | UInt32(parts.month) << 21 | UInt32(parts.day) << 16
    bits = date | UInt32(parts.hour) << 11 | UInt32(parts.minute) << 5 | UInt32(parts.second) / 2
  }
}
