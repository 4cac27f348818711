import FaceEvents
import PictureVolumes
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Verifying and repairing")
struct VerifyTests {
  private static let passage = "/pictures/2026-11-23.passage.0001.volume"
  private let disk = FaultyDisk()

  private func open(_ rows: Rows) async throws -> PictureVolumes {
    try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk).volumes
  }

  /// Records of 64 + 104, 64 + 200 and 64 + 304 bytes at 64, 232 and 496; the volume ends at 864.
  private func fill() async throws -> (store: PictureVolumes, rows: Rows) {
    let store = try await open(Rows())
    var rows = Rows()
    let pictures = SamplePictures.batch([100, 200, 300])
    rows.commit(pictures, try await store.append(pictures))
    #expect(rows.entries.map(\.location.offset) == [64, 232, 496])
    #expect(rows.marks.values.first == 864)
    return (store, rows)
  }

  private func damage(_ offset: Int) {
    disk.change(Self.passage) { $0.flip(bit: 0, at: offset) }
  }

  private func conditions(_ report: VerifyReport, _ rows: Rows) -> [PictureCondition] {
    rows.entries.map { report.pictures.condition(of: $0.location, digest: $0.picture.digest, byteCount: $0.picture.bytes.count) }
  }

  @Test("whole volumes give no findings and every picture is good")
  func whole() async throws {
    let (store, rows) = try await fill()
    let report = try await store.verify(marks: rows.marks)
    #expect(report.findings == [] && report.volumeCount == 1 && report.byteCount == 864 && report.pictures.count == 3)
    #expect(conditions(report, rows) == [.good, .good, .good])
  }

  @Test("rows are compared by place, digest and length")
  func comparing() async throws {
    let (store, rows) = try await fill()
    let pictures = try await store.verify(marks: rows.marks).pictures
    let (first, second) = (rows.entries[0], rows.entries[1])
    #expect(pictures.condition(of: first.location, digest: first.picture.digest, byteCount: 100) == .good)
    #expect(pictures.condition(of: first.location, digest: first.picture.digest, byteCount: 101) == .other)
    #expect(pictures.condition(of: first.location, digest: second.picture.digest, byteCount: 100) == .other)
    for location in [PictureLocation(volume: first.location.volume, offset: 72), PictureLocation(volume: 1, offset: 64)] {
      #expect(pictures.condition(of: location, digest: first.picture.digest, byteCount: 100) == .absent)
    }
    #expect(
      pictures.condition(of: .init(volume: first.location.volume, offset: 65), digest: first.picture.digest, byteCount: 100) == .absent)
  }

  struct Damage: CustomTestStringConvertible {
    var name: String
    var offset: Int
    var finding: String
    var conditions: [PictureCondition]
    var testDescription: String { name }
  }

  static let damages = [
    Damage(
      name: "a payload", offset: 232 + 64 + 7, finding: "2026-11-23.passage.0001.volume at 232, 264 bytes: a picture's checksum is wrong",
      conditions: [.good, .damaged, .good]),
    Damage(
      name: "a record header", offset: 232 + 5, finding: "2026-11-23.passage.0001.volume at 232, 264 bytes: a picture's header is damaged",
      conditions: [.good, .damaged, .good]),
    Damage(
      name: "the last record's header", offset: 496 + 30,
      finding: "2026-11-23.passage.0001.volume at 496, 368 bytes: the volume ends too early, or in something that is no picture",
      conditions: [.good, .good, .damaged]),
    Damage(
      name: "the volume header", offset: 12, finding: "2026-11-23.passage.0001.volume at 0, 64 bytes: the volume's header is damaged",
      conditions: [.good, .good, .good]),
  ]

  @Test("damage is found where it is, and nowhere else", arguments: damages)
  func findings(damage: Damage) async throws {
    let (store, rows) = try await fill()
    self.damage(damage.offset)
    let report = try await store.verify(marks: rows.marks)
    #expect(report.findings.map(\.description) == [damage.finding])
    #expect(report.damage == report.findings)
    #expect(conditions(report, rows) == damage.conditions)
  }

  @Test("repair moves damage aside, once, and the rest stays readable", arguments: damages)
  func repair(damage: Damage) async throws {
    let (store, rows) = try await fill()
    self.damage(damage.offset)
    let before = try #require(disk.contents(Self.passage))
    let findings = try await store.verify(marks: rows.marks).findings
    let actions = try await store.repair(findings, quarantine: "/quarantine")
    let finding = try #require(findings.first)
    if finding.kind == .volumeHeader {
      #expect(actions.map(\.outcome) == [.headerRewritten])
    } else {
      let name = "2026-11-23.passage.0001.volume.\(finding.offset).damaged"
      #expect(actions.map(\.outcome) == [.setAside(copy: name)])
      let range = Int(finding.offset)..<Int(finding.offset + finding.byteCount)
      #expect(disk.contents("/quarantine/" + name) == Array(before[range]))
    }
    _ = try await store.append(SamplePictures.batch([10], name: 5))
    #expect(try await store.verify(marks: rows.marks).findings == [])
    await store.close()
    disk.losePower(seed: 1)
    let again = try await open(rows)
    #expect(try await again.verify(marks: rows.marks).findings == [])
    for (entry, condition) in zip(rows.entries, damage.conditions) {
      #expect(await again.outcome(entry) == (condition == .good ? .right : .damaged))
    }
  }

  @Test("the end of a volume that is no longer in use is set aside, and the volume keeps its length", arguments: [864, 700, 500, 496, 10])
  func repairedEnd(size: Int) async throws {
    let (store, rows) = try await fill()
    await store.close()
    let bytes = try #require(disk.contents(Self.passage))
    var cut = Array(bytes[..<size])
    if size == 864 { cut[500] ^= 1 }
    disk.place(Self.passage, cut)
    disk.place("/pictures/2026-11-24.passage.0001.volume", [])
    let again = try await open(rows)
    let next = SamplePictures.batch([10], name: 6, at: Day.time(1))
    _ = try await again.append(next)
    let actions = try await again.repair(try await again.verify(marks: rows.marks).damage, quarantine: "/quarantine")
    #expect(!actions.isEmpty)
    let report = try await again.verify(marks: rows.marks)
    #expect(report.damage == [], "\(actions)")
    #expect(report.setAsideCount == 1)
    #expect(disk.contents(Self.passage)?.count == 864)
    for (entry, end) in zip(rows.entries, [232, 496, 864]) {
      #expect(await again.outcome(entry) == (end <= size && !(size == 864 && end == 864) ? .right : .damaged))
    }
    await again.close()
    disk.killProcess()
    let opened = try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk)
    #expect(opened.report.damaged == [])
  }

  @Test("a picture that was wrong when it came is found by its SHA-256")
  func wrongDigest() async throws {
    let store = try await open(Rows())
    var picture = SamplePictures.picture(1, byteCount: 50)
    picture.bytes = SamplePictures.picture(2, byteCount: 50).bytes
    var rows = Rows()
    rows.commit([picture], try await store.append([picture]))
    let report = try await store.verify(marks: rows.marks)
    #expect(report.damage.map(\.kind) == [.digest])
    #expect(conditions(report, rows) == [.damaged])
    let actions = try await store.repair(report.damage, quarantine: "/quarantine")
    #expect(actions.count == 1)
    #expect(try await store.verify(marks: rows.marks).findings == [])
  }

  @Test("what stands behind the mark is no damage, and repair cuts a torn end there")
  func behindMark() async throws {
    let (store, rows) = try await fill()
    await store.close()
    let torn = try #require(disk.contents(Self.passage)) + [UInt8](repeating: 0xEE, count: 100)
    disk.place(Self.passage, torn)
    let again = try await open(rows)
    let report = try await again.verify(marks: rows.marks)
    #expect(report.damage == [])
    #expect(
      report.findings.map(\.description) == [
        "2026-11-23.passage.0001.volume at 864, 100 bytes: \(VolumeFinding.Kind.end.text) (no row names anything there)"
      ])
    let actions = try await again.repair(report.findings, quarantine: "/quarantine")
    #expect(actions.map(\.outcome) == [.cut(copy: "2026-11-23.passage.0001.volume.864.damaged")])
    #expect(disk.contents(Self.passage)?.count == 864)
    #expect(disk.contents("/quarantine/2026-11-23.passage.0001.volume.864.damaged") == [UInt8](repeating: 0xEE, count: 100))
    #expect(try await again.verify(marks: rows.marks).findings == [])
    #expect(again.usedBytes() == 864)
  }

  @Test("a missing volume is a finding that repair leaves to a backup")
  func missingVolume() async throws {
    let (store, rows) = try await fill()
    await store.close()
    disk.lose(Self.passage)
    let again = try await open(rows)
    let report = try await again.verify(marks: rows.marks)
    #expect(report.damage.map(\.kind) == [.missingVolume])
    #expect(conditions(report, rows) == [.absent, .absent, .absent])
    let actions = try await again.repair(report.damage, quarantine: "/quarantine")
    #expect(actions.map(\.outcome) == [.nothing("it has to come back from a backup")])
  }

  @Test("a finding that is not true any more changes nothing")
  func staleFinding() async throws {
    let (store, rows) = try await fill()
    damage(240)
    let findings = try await store.verify(marks: rows.marks).findings
    damage(240)
    let bytes = disk.contents(Self.passage)
    let actions = try await store.repair(findings, quarantine: "/quarantine")
    #expect(actions.map(\.outcome) == [.nothing("something else stands there now")])
    #expect(disk.contents(Self.passage) == bytes)
    #expect(await store.misses(rows) == [])
  }

  @Test("bytes that the disk does not give are a finding, and the others are still read")
  func unreadable() async throws {
    let (store, rows) = try await fill()
    let before = disk.calls.count
    _ = try await store.verify(marks: rows.marks)
    let calls = disk.calls[before...]
    // The calls of a verification: the listing, the file, and for each record its header and its payload.
    #expect(calls == ["opendir", "open", "pread", "pread", "pread", "pread", "pread", "pread", "pread"])
    disk.fail(call: 6, with: .error(EIO))
    let report = try await store.verify(marks: rows.marks)
    #expect(report.damage.map(\.kind) == [.unreadable])
    #expect(conditions(report, rows) == [.good, .damaged, .good])
  }

  @Test("progress goes from nothing to everything")
  func progress() async throws {
    let (store, rows) = try await fill()
    let seen = Mutex<[VerifyProgress]>([])
    _ = try await store.verify(marks: rows.marks) { progress in seen.withLock { $0.append(progress) } }
    let steps = seen.withLock { $0 }
    #expect(steps.first?.volumeName == "2026-11-23.passage.0001.volume" && steps.first?.bytesDone == 0 && steps.first?.volumesDone == 0)
    #expect(steps.allSatisfy { $0.volumeCount == 1 && $0.byteCount == 864 })
    #expect(steps.last?.bytesDone == 864 && steps.last?.volumesDone == 1)
  }

  @Test("texts name volumes and places, and nothing of a picture")
  func texts() async throws {
    let (store, rows) = try await fill()
    damage(240)
    let report = try await store.verify(marks: rows.marks)
    let error = await #expect(throws: StorageError.self) {
      _ = try await store.picture(at: rows.entries[1].location, digest: rows.entries[1].picture.digest)
    }
    #expect(error?.description == "damaged: 2026-11-23.passage.0001.volume at 232: no picture begins there")
    #expect(!"\(report.findings)".contains("\(rows.entries[1].picture.digest)"))
    for kind in VolumeFinding.Kind.allCases { #expect(!kind.text.isEmpty) }
    for condition in PictureCondition.allCases { #expect(!condition.text.isEmpty) }
  }
}
