import FaceEvents
import Foundation
import TestSupport
import Testing

@testable import Console

@Suite("ZIP records")
struct ZipRecordsTests {
  private let time = ZipTime(Timestamp(milliseconds: SampleRecords.start), clock: ViewerClock(utcOffsetSeconds: 28_800))

  /// An empty file.
  private func entry(_ name: String, at offset: UInt64) -> ZipEntry {
    ZipEntry(name: name, modified: time, isStreamed: false, offset: offset)
  }

  private static let script = """
    import json, sys, zipfile
    z = zipfile.ZipFile(sys.argv[1])
    last = z.infolist()[-1]
    z.read(last)
    print(json.dumps(dict(count=len(z.infolist()), offset=last.header_offset, time=list(last.date_time))))
    """

  private struct Found: Decodable, Equatable {
    var count: Int
    var offset: UInt64
    var time: [Int]
  }

  @Test("more entries than 16 bits can count are read back")
  func manyEntries() async throws {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    var last: UInt64 = 0
    for number in 0..<70_000 {
      last = UInt64(bytes.count)
      let entry = entry("\(number)", at: last)
      bytes += ZipRecords.localHeader(entry)
      directory += ZipRecords.directoryEntry(entry)
    }
    let end = ZipRecords.end(
      entryCount: 70_000, directoryOffset: UInt64(bytes.count), directoryBytes: UInt64(directory.count))
    try await Tool.inDirectory { folder in
      try Data(bytes + directory + end).write(to: URL(filePath: folder + "/a.zip"))
      let found = try Tool.python(Self.script, "a.zip", in: folder, as: Found.self)
      #expect(found == Found(count: 70_000, offset: last, time: [2026, 3, 1, 16, 0, 0]))
    }
  }

  @Test("a file behind 4 GiB is found")
  func farAway() async throws {
    let offset: UInt64 = 5 << 30
    let entries = [entry("near", at: 0), entry("far", at: offset)]
    try await Tool.inDirectory { folder in
      let path = folder + "/a.zip"
      try Data(ZipRecords.localHeader(entries[0])).write(to: URL(filePath: path))
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      try file.seek(toOffset: offset)
      let header = ZipRecords.localHeader(entries[1])
      let directory = entries.flatMap(ZipRecords.directoryEntry)
      let start = offset + UInt64(header.count)
      let end = ZipRecords.end(entryCount: 2, directoryOffset: start, directoryBytes: UInt64(directory.count))
      try file.write(contentsOf: header + directory + end)
      try file.close()
      let found = try Tool.python(Self.script, "a.zip", in: folder, as: Found.self)
      #expect(found.count == 2 && found.offset == offset)
      guard Tool.isThere("unzip") else { return }
      let listed = try Tool.run("unzip", ["-p", "a.zip", "far"], in: folder)
      #expect(listed.status == 0, "\(listed.output)")
    }
  }

  @Test("sizes go to the long record only when they need it")
  func longSizes() {
    var entry = entry("x", at: 7)
    #expect(ZipRecords.directoryEntry(entry).count == 46 + 1)
    entry.byteCount = 5 << 30
    #expect(ZipRecords.directoryEntry(entry).count == 46 + 1 + 12)
    entry.storedByteCount = 1 << 32
    entry.offset = UInt64(UInt32.max)
    #expect(
      ZipRecords.directoryEntry(entry).suffix(28) == [
        1, 0, 24, 0, 0, 0, 0, 64, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
      ])
    entry.isStreamed = true
    #expect(ZipRecords.localHeader(entry).count == 30 + 1 + 20)
    #expect(ZipRecords.descriptor(entry).count == 24)
    #expect(ZipRecords.end(entryCount: 65_534, directoryOffset: 0, directoryBytes: 0).count == 22)
    #expect(ZipRecords.end(entryCount: 65_535, directoryOffset: 0, directoryBytes: 0).count == 22 + 56 + 20)
  }

  @Test("times that MS-DOS does not know become the nearest that it does")
  func times() {
    let clock = ViewerClock(utcOffsetSeconds: 0)
    #expect(ZipTime(Timestamp(milliseconds: -1), clock: clock).bits == 0x0021_0000)
    #expect(ZipTime(Timestamp(milliseconds: 253_402_300_799_999), clock: clock).bits == 0xFF9F_BF7D)
  }
}

@Suite("Places for exports")
struct ExportSlotsTests {
  @Test("one more than there are places for has to wait until one is free")
  func slots() {
    let slots = ExportSlots()
    var taken = (0..<ExportSlots.slotsMax).map { _ in slots.take() }
    #expect(taken.allSatisfy { $0 != nil })
    #expect(slots.take() == nil)
    taken.removeLast()
    #expect(slots.take() != nil)
  }
}
