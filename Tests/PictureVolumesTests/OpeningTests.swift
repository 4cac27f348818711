import FaceEvents
import PictureVolumes
import TestSupport
import Testing

@Suite("Opening")
struct OpeningTests {
  private static let first = "/pictures/2026-11-23.passage.0001.volume"
  private let disk = FaultyDisk()

  private func open(_ rows: Rows, tailBytesMax: UInt64 = 1 << 20) async throws -> (volumes: PictureVolumes, report: OpeningReport) {
    var settings = PictureVolumesSettings()
    settings.tailBytesMax = tailBytesMax
    return try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, settings: settings, fileSystem: disk)
  }

  /// Appends, and commits rows for it or not, in one process that is then gone.
  private func run(_ rows: inout Rows, _ batches: [(pictures: [NewPicture], isCommitted: Bool)]) async throws {
    let store = try await open(rows).volumes
    for batch in batches {
      let locations = try await store.append(batch.pictures)
      if batch.isCommitted { rows.commit(batch.pictures, locations) }
    }
    disk.killProcess()
  }

  /// Two committed batches, and more of them behind.
  private func start(with tail: [(pictures: [NewPicture], isCommitted: Bool)] = []) async throws -> Rows {
    var rows = Rows()
    let kept = [100, 200, 300].map { (SamplePictures.batch([$0, $0 + 1], name: UInt64($0)), true) }
    try await run(&rows, kept + tail)
    return rows
  }

  private func checkUsable(_ store: PictureVolumes, _ rows: Rows) async throws {
    var rows = rows
    let pictures = SamplePictures.batch([77, 78], name: 99)
    rows.commit(pictures, try await store.append(pictures))
    #expect(await store.misses(rows) == [])
    #expect(try await store.verify(marks: rows.marks).damage == [])
  }

  @Test("an empty directory is made and opens without a word")
  func fresh() async throws {
    let (store, report) = try await open(Rows())
    #expect(report == OpeningReport())
    #expect(disk.calls == ["mkdir", "fsync", "opendir"])
    try await checkUsable(store, Rows())
  }

  @Test("a clean volume is gone on with, without being read")
  func clean() async throws {
    let rows = try await start()
    let before = disk.calls.count
    let (store, report) = try await open(rows)
    #expect(report.lines == [])
    #expect(report.volumeCount == 1 && report.usedBytes == UInt64(disk.contents(Self.first)?.count ?? 0))
    #expect(disk.calls[before...] == ["mkdir", "opendir", "open", "pread"])
    try await checkUsable(store, rows)
    #expect(store.volumes().count == 1)
  }

  @Test("an unfinished batch is cut off", arguments: [[50], [50, 60, 0, 70]])
  func unfinishedBatch(sizes: [Int]) async throws {
    let rows = try await start(with: [(SamplePictures.batch(sizes, name: 9), false)])
    let mark = Int(try #require(rows.marks.values.first))
    let size = try #require(disk.contents(Self.first)?.count)
    let (store, report) = try await open(rows)
    #expect(report.lines == ["cut: 2026-11-23.passage.0001.volume had \(size - mark) bytes of an unfinished batch"])
    #expect(disk.contents(Self.first)?.count == mark)
    try await checkUsable(store, rows)
    #expect(store.volumes().count == 1)
  }

  @Test("an unfinished batch that ends anywhere is cut off")
  func unfinishedBatchCutAnywhere() async throws {
    let rows = try await start(with: [(SamplePictures.batch([50, 60], name: 9), false)])
    let mark = Int(try #require(rows.marks.values.first))
    let bytes = try #require(disk.contents(Self.first))
    for size in (mark + 1)...bytes.count {
      disk.place(Self.first, Array(bytes[..<size]))
      let report = try await open(rows).report
      #expect(report.cut.count == 1 && report.sealed == [] && report.damaged == [], "\(size - mark) bytes")
      #expect(disk.contents(Self.first) == Array(bytes[..<mark]))
    }
  }

  @Test("two batches behind the mark are no accident: a database that was set back loses no picture")
  func databaseSetBack() async throws {
    var rows = try await start()
    let setBack = rows
    try await run(&rows, (1...2).map { (SamplePictures.batch([500], name: 40 + $0), true) })
    let bytes = disk.contents(Self.first)
    let (store, report) = try await open(setBack)
    #expect(report.cut == [] && report.damaged == [])
    #expect(report.sealed.map(\.text) == ["goes on after what rows name, with something else than one unfinished batch"])
    try await checkUsable(store, setBack)
    #expect(disk.contents(Self.first) == bytes)
    #expect(await store.misses(rows) == [], "the later rows would find their pictures")
  }

  @Test("a database of another node cuts nothing, wherever its mark falls")
  func foreignDatabase() async throws {
    _ = try await start()
    let bytes = try #require(disk.contents(Self.first))
    let volume = try #require(VolumeID(name: "2026-11-23.passage.0001.volume")).rawValue
    var cuts: [Int: Int] = [:]
    for mark in 0..<bytes.count {
      disk.place(Self.first, bytes)
      _ = try await PictureVolumes.open(directory: "/pictures", marks: [volume: UInt64(mark)], fileSystem: disk)
      let size = try #require(disk.contents(Self.first)?.count)
      if size != bytes.count { cuts[mark] = size }
    }
    // Only the start of the last batch looks like what a crash leaves.
    #expect(cuts.count == 1 && cuts.first?.key == cuts.first?.value)
  }

  @Test("a tail longer than a batch can be is left alone", arguments: [(191, true), (192, false)] as [(UInt64, Bool)])
  func longTail(tailBytesMax: UInt64, isSealed: Bool) async throws {
    // 64 + 128
    let rows = try await start(with: [(SamplePictures.batch([128], name: 9), false)])
    let (store, report) = try await open(rows, tailBytesMax: tailBytesMax)
    #expect(report.sealed.map(\.text) == (isSealed ? ["goes on for longer than one batch after what rows name"] : []))
    try await checkUsable(store, rows)
    #expect(store.volumes().map(\.isAppended) == (isSealed ? [false, true] : [true]))
  }

  @Test("garbage and zeros behind the mark are left alone", arguments: [0, 0xA5] as [UInt8], [8, 64, 1_000])
  func garbage(byte: UInt8, count: Int) async throws {
    let rows = try await start()
    let bytes = try #require(disk.contents(Self.first)) + [UInt8](repeating: byte, count: count)
    disk.place(Self.first, bytes)
    let (store, report) = try await open(rows)
    #expect(report.sealed.count == 1 && report.damaged == [])
    try await checkUsable(store, rows)
    #expect(disk.contents(Self.first) == bytes)
  }

  @Test("without a database nothing is lost: old volumes stay as they are and new ones begin")
  func lostDatabase() async throws {
    var rows = try await start()
    try await run(&rows, [(SamplePictures.batch([5], name: 50, role: .reference), true)])
    let before = disk.paths.map { disk.contents($0) }
    let old = disk.paths
    let (store, report) = try await open(Rows())
    #expect(report.unnamedVolumeCount == 2)
    #expect(report.sealed.map(\.text) == [String](repeating: "holds pictures, and no row names any of them", count: 2))
    try await checkUsable(store, Rows())
    #expect(old.map { disk.contents($0) } == before)
    #expect(await store.misses(rows) == [])
  }

  @Test("a volume that holds nothing yet is gone on with, whether or not there is a database")
  func emptyVolume() async throws {
    let store = try await open(Rows()).volumes
    disk.fail(call: 2, with: .error(28))
    await #expect(throws: StorageError.self) { _ = try await store.append(SamplePictures.batch([10])) }
    disk.killProcess()
    #expect(disk.contents(Self.first)?.count == 64)
    let (again, report) = try await open(Rows())
    #expect(report.lines == [])
    try await checkUsable(again, Rows())
    #expect(again.volumes().count == 1)
  }

  @Test("what is left of a volume that was being made is removed", arguments: [0, 1, 63])
  func unfinishedVolume(count: Int) async throws {
    disk.place(Self.first, [UInt8](repeating: 7, count: count))
    let (store, report) = try await open(Rows())
    #expect(report.lines == [] && report.volumeCount == 0)
    #expect(disk.paths == [])
    try await checkUsable(store, Rows())
  }

  @Test("a volume shorter than its rows say is reported, and never appended to")
  func shortVolume() async throws {
    let rows = try await start()
    let bytes = try #require(disk.contents(Self.first))
    for count in [0, 63, 64, 500, bytes.count - 8, bytes.count - 1] {
      disk.place(Self.first, Array(bytes[..<count]))
      let (store, report) = try await open(rows)
      #expect(report.damaged.map(\.text) == ["is \(bytes.count - count) bytes shorter than rows say"])
      _ = try await store.append(SamplePictures.batch([10], name: 60))
      #expect(disk.contents(Self.first)?.count == count)
      for entry in rows.entries { #expect([.right, .damaged].contains(await store.outcome(entry))) }
      disk.killProcess()
    }
  }

  @Test("a missing volume is reported, and its number is not used again")
  func missingVolume() async throws {
    let rows = try await start()
    disk.lose(Self.first)
    let (store, report) = try await open(rows)
    #expect(report.lines == ["damaged: 2026-11-23.passage.0001.volume is named by rows and is missing"])
    _ = try await store.append(SamplePictures.batch([10], name: 60))
    #expect(store.volumes().map(\.id.name) == ["2026-11-23.passage.0002.volume"])
    #expect(await store.outcome(rows.entries[0]) == .damaged)
  }

  @Test("a volume with a damaged header is reported and still read, but never appended to")
  func damagedHeader() async throws {
    let rows = try await start()
    disk.change(Self.first) { $0.flip(bit: 3, at: 20) }
    let (store, report) = try await open(rows)
    #expect(report.lines == ["damaged: 2026-11-23.passage.0001.volume has a damaged header"])
    #expect(await store.misses(rows) == [])
    _ = try await store.append(SamplePictures.batch([10], name: 60))
    #expect(store.volumes().map(\.id.number) == [1, 2])
  }

  @Test("a volume that no row names is sealed when the power took its header")
  func lostHeader() async throws {
    disk.place(Self.first, [UInt8](repeating: 0, count: 700))
    let (store, report) = try await open(Rows())
    #expect(report.lines == ["sealed: 2026-11-23.passage.0001.volume has no whole header, and no row names any of it"])
    try await checkUsable(store, Rows())
    #expect(disk.contents(Self.first) == [UInt8](repeating: 0, count: 700))
  }

  @Test("a volume under another's name is reported, and none of its pictures is given for another")
  func renamedVolume() async throws {
    let rows = try await start()
    let bytes = try #require(disk.contents(Self.first))
    disk.place("/pictures/2026-11-24.passage.0007.volume", bytes)
    let (store, report) = try await open(rows)
    #expect(report.lines == ["damaged: 2026-11-24.passage.0007.volume is in truth 2026-11-23.passage.0001.volume"])
    let other = try #require(VolumeID(name: "2026-11-24.passage.0007.volume")).rawValue
    for var entry in rows.entries {
      #expect(await store.outcome(entry) == .right)
      entry.location.volume = other
      #expect(await store.outcome(entry) == .damaged)
    }
  }

  @Test("a volume of a newer format stops the start")
  func newerFormat() async throws {
    let rows = try await start()
    let header = try #require(disk.contents(Self.first)).prefix(64)
    disk.place(Self.first, NewerFormat.bytes(from: Array(header)) + (disk.contents(Self.first) ?? []).dropFirst(64))
    let error = await #expect(throws: StorageError.self) { _ = try await open(rows) }
    #expect(error == .schemaTooNew("2026-11-23.passage.0001.volume was written by a newer version of this program"))
  }

  @Test("files that are no volumes are counted and left alone")
  func otherFiles() async throws {
    disk.place("/pictures/notes.txt", [1, 2, 3])
    let (store, report) = try await open(Rows())
    #expect(report.otherFileCount == 1 && report.lines == [])
    try await checkUsable(store, Rows())
    #expect(disk.contents("/pictures/notes.txt") == [1, 2, 3])
  }

  @Test("only the newest volume of each class is looked into", arguments: [3, 30])
  func effort(days: Int) async throws {
    var rows = Rows()
    for day in 0..<days { try await run(&rows, [(SamplePictures.batch([10], name: UInt64(day), at: Day.time(day)), true)]) }
    let before = disk.calls.count
    let (store, report) = try await open(rows)
    #expect(disk.calls[before...] == ["mkdir", "opendir", "open", "pread"])
    #expect(report.volumeCount == days && report.lines == [])
    #expect(await store.misses(rows) == [])
  }

  @Test("a row that names a volume which cannot be is reported")
  func impossibleVolume() async throws {
    let report = try await PictureVolumes.open(directory: "/pictures", marks: [0: 100], fileSystem: disk).report
    #expect(report.lines == ["damaged: volume 0 is named by rows and is no volume's id"])
  }

  @Test("opened for reading, it sees what the writer appends, and changes nothing")
  func reading() async throws {
    var rows = try await start(with: [(SamplePictures.batch([50], name: 9), false)])
    let bytes = disk.contents(Self.first)
    let reader = try PictureVolumes.openForReading(directory: "/pictures", fileSystem: disk)
    #expect(await reader.misses(rows) == [])
    #expect(try await reader.verify(marks: rows.marks).damage == [])
    await #expect(throws: StorageError.failed("the volumes are open for reading only")) {
      _ = try await reader.append(SamplePictures.batch([10]))
    }
    #expect(disk.contents(Self.first) == bytes)
    let writer = try await open(rows).volumes
    let pictures = SamplePictures.batch([10, 20], name: 70) + SamplePictures.batch([30], name: 71, role: .reference)
    rows.commit(pictures, try await writer.append(pictures))
    #expect(await reader.misses(rows) == [])
  }
}
