/// The records of a ZIP archive (APPNOTE.TXT 6.3.10, section 4.3), with those of ZIP64 where 32 bits are too few.
enum ZipRecords {
  private static let version20: UInt16 = 20
  private static let version45: UInt16 = 45
  /// Of Unix: so the mode below is believed.
  private static let madeBy: UInt16 = 3 << 8 | 45
  /// A file that everybody may read.
  private static let fileMode: UInt32 = 0o100644 << 16
  private static let zip64Extra: UInt16 = 1

  /// How long ``localHeader(_:)`` of an entry that is not streamed is.
  static func localHeaderBytes(name: String) -> Int { 30 + name.utf8.count }

  /// An entry that is streamed says from the start that its sizes take 8 bytes: nobody knows yet.
  static func localHeader(_ entry: ZipEntry) -> [UInt8] {
    var record = LittleEndianBytes()
    record.add(0x0403_4B50 as UInt32)
    addCommon(entry, version: entry.isStreamed ? version45 : version20, to: &record)
    record.add(entry.isStreamed ? 0 : entry.checksum)
    record.add(entry.isStreamed ? .max : UInt32(entry.storedByteCount))
    record.add(entry.isStreamed ? .max : UInt32(entry.byteCount))
    record.add(UInt16(entry.name.utf8.count))
    record.add(entry.isStreamed ? 20 : 0 as UInt16)
    record.bytes += entry.name.utf8
    if entry.isStreamed { addZip64Extra([0, 0], to: &record) }
    return record.bytes
  }

  /// Stands behind an entry that is streamed.
  static func descriptor(_ entry: ZipEntry) -> [UInt8] {
    var record = LittleEndianBytes()
    record.add(0x0807_4B50 as UInt32)
    record.add(entry.checksum)
    record.add(entry.storedByteCount)
    record.add(entry.byteCount)
    return record.bytes
  }

  static func directoryEntry(_ entry: ZipEntry) -> [UInt8] {
    let long = [entry.byteCount, entry.storedByteCount, entry.offset].filter { $0 >= UInt64(UInt32.max) }
    var record = LittleEndianBytes()
    record.add(0x0201_4B50 as UInt32)
    record.add(madeBy)
    addCommon(entry, version: entry.isStreamed || !long.isEmpty ? version45 : version20, to: &record)
    record.add(entry.checksum)
    record.add(UInt32(clamping: entry.storedByteCount))
    record.add(UInt32(clamping: entry.byteCount))
    record.add(UInt16(entry.name.utf8.count))
    record.add(long.isEmpty ? 0 : UInt16(4 + 8 * long.count))
    record.add(0 as UInt16)  // length of the comment
    record.add(0 as UInt16)  // disk
    record.add(0 as UInt16)  // internal attributes
    record.add(fileMode)
    record.add(UInt32(clamping: entry.offset))
    record.bytes += entry.name.utf8
    if !long.isEmpty { addZip64Extra(long, to: &record) }
    return record.bytes
  }

  /// What ends the archive.
  static func end(entryCount: UInt64, directoryOffset: UInt64, directoryBytes: UInt64) -> [UInt8] {
    var record = LittleEndianBytes()
    let isLong =
      entryCount >= UInt64(UInt16.max) || directoryOffset >= UInt64(UInt32.max) || directoryBytes >= UInt64(UInt32.max)
    if isLong { addZip64End(entryCount, directoryOffset, directoryBytes, to: &record) }
    record.add(0x0605_4B50 as UInt32)
    record.add(0 as UInt32)  // disks
    record.add(UInt16(clamping: entryCount))
    record.add(UInt16(clamping: entryCount))
    record.add(UInt32(clamping: directoryBytes))
    record.add(UInt32(clamping: directoryOffset))
    record.add(0 as UInt16)  // length of the comment
    return record.bytes
  }

  private static func addZip64End(_ count: UInt64, _ offset: UInt64, _ byteCount: UInt64, to record: inout LittleEndianBytes) {
    record.add(0x0606_4B50 as UInt32)
    record.add(44 as UInt64)  // length of the rest of this record
    record.add(madeBy)
    record.add(version45)
    record.add(0 as UInt64)  // disks
    record.add(count)
    record.add(count)
    record.add(byteCount)
    record.add(offset)
    record.add(0x0706_4B50 as UInt32)
    record.add(0 as UInt32)  // disk
    record.add(offset + byteCount)
    record.add(1 as UInt32)  // disks in all
  }

  private static func addCommon(_ entry: ZipEntry, version: UInt16, to record: inout LittleEndianBytes) {
    record.add(version)
    record.add(entry.isStreamed ? 1 << 3 : 0 as UInt16)
    record.add(entry.isStreamed ? 8 : 0 as UInt16)
    record.add(entry.modified.bits)
  }

  private static func addZip64Extra(_ values: [UInt64], to record: inout LittleEndianBytes) {
    record.add(zip64Extra)
    record.add(UInt16(8 * values.count))
    for value in values { record.add(value) }
  }
}

struct LittleEndianBytes {
  var bytes: [UInt8] = []

  mutating func add(_ value: some FixedWidthInteger & UnsignedInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
