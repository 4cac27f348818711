import FaceEvents
import PictureVolumes
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Erasing and deleting")
struct RemovalTests {
  private let disk = FaultyDisk()

  private func open(_ rows: Rows = Rows()) async throws -> PictureVolumes {
    try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk).volumes
  }

  @Test("an erased picture is gone for good, and its neighbours stay")
  func erase() async throws {
    let store = try await open()
    var rows = Rows()
    let pictures = SamplePictures.batch([500, 70_000, 500])
    rows.commit(pictures, try await store.append(pictures))
    let erased = rows.remove(at: 1)
    try await store.erase(erased.location, digest: erased.picture.digest)
    disk.losePower(seed: 3)
    let again = try await open(rows)
    #expect(await again.outcome(erased) == .damaged)
    #expect(await again.misses(rows) == [])
    let bytes = try #require(disk.contents(disk.paths[0]))
    let start = Int(erased.location.offset) + 64
    #expect(bytes[start..<(start + 70_000)].allSatisfy { $0 == 0 })
    let report = try await again.verify(marks: rows.marks)
    #expect(report.findings == [] && report.erasedCount == 1)
    #expect(report.pictures.condition(of: erased.location, digest: erased.picture.digest, byteCount: 70_000) == .erased)
    try await again.erase(erased.location, digest: erased.picture.digest)
  }

  @Test("whichever call of an erasure fails, trying again completes it and the neighbours stay")
  func eraseFailures() async throws {
    var failures = 0
    for call in 0..<12 {
      let disk = FaultyDisk()
      let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], fileSystem: disk).volumes
      var rows = Rows()
      let pictures = SamplePictures.batch([500, 600, 500])
      rows.commit(pictures, try await store.append(pictures))
      let erased = rows.remove(at: 1)
      disk.fail(call: call, with: .error(EIO))
      if (try? await store.erase(erased.location, digest: erased.picture.digest)) == nil { failures += 1 }
      disk.forgetFaults()
      await store.close()
      disk.losePower(seed: UInt64(call))
      let again = try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk).volumes
      #expect(await again.misses(rows) == [], "call \(call)")
      try await again.erase(erased.location, digest: erased.picture.digest)
      #expect(await again.outcome(erased) == .damaged, "call \(call)")
      #expect(try await again.verify(marks: rows.marks).findings == [], "call \(call)")
    }
    // open, pread, pwritev, fdatasync, fstat, pwritev, fdatasync; fallocate may fail without harm.
    #expect(failures == 7)
  }

  @Test("only the picture with this digest is erased")
  func eraseOther() async throws {
    let store = try await open()
    var rows = Rows()
    let pictures = SamplePictures.batch([500, 500])
    rows.commit(pictures, try await store.append(pictures))
    let (first, second) = (rows.entries[0], rows.entries[1])
    let volume = first.location.volume
    for location in [
      first.location, .init(volume: volume, offset: 0), .init(volume: volume, offset: 1 << 40), .init(volume: 0, offset: 64),
    ] {
      let error = await #expect(throws: StorageError.self) { try await store.erase(location, digest: second.picture.digest) }
      guard case .damaged = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(await store.misses(rows) == [])
  }

  @Test("on the real disk an erased picture gives its space back")
  func hole() async throws {
    try await withTemporaryFolder { folder in
      let store = try await PictureVolumes.open(directory: folder.volumes, marks: [:]).volumes
      let pictures = SamplePictures.batch([100, 1 << 20, 100])
      var rows = Rows()
      rows.commit(pictures, try await store.append(pictures))
      let name = folder.file("2026-11-23.passage.0001.volume")
      let before = folder.blocks(name)
      let erased = rows.remove(at: 1)
      try await store.erase(erased.location, digest: erased.picture.digest)
      // Not every file system can; none of them may grow.
      #expect(folder.blocks(name) <= before)
      #expect(try folder.contents(name).count == Int(store.usedBytes()))
      #expect(await store.misses(rows) == [])
      #expect(await store.outcome(erased) == .damaged)
      await store.close()
    }
  }

  @Test("volumes of a class go by their day, and others stay")
  func deleteDays() async throws {
    let store = try await open()
    var rows = Rows()
    for day in 0..<4 {
      let pictures =
        SamplePictures.batch([100], name: UInt64(day), at: Day.time(day))
        + SamplePictures.batch([100], name: UInt64(10 + day), role: .reference, at: Day.time(day))
      rows.commit(pictures, try await store.append(pictures))
    }
    #expect(await store.misses(rows) == [])
    let gone = rows.entries.filter {
      VolumeID(rawValue: $0.location.volume)?.day.description ?? "" < "2026-11-25" && $0.picture.role == .scene
    }
    let deleted = try await store.deleteVolumes(before: Day.time(2, seconds: 80_000), of: .passage)
    #expect(Set(deleted) == Set(gone.map(\.location.volume)) && deleted.count == 2)
    rows.forget(volumes: deleted)
    #expect(rows.entries.count == 6)
    #expect(await store.misses(rows) == [])
    for entry in gone { #expect(await store.outcome(entry) == .damaged) }
    #expect(store.volumes().count == 6 && disk.paths.count == 6)
    #expect(store.usedBytes() == 6 * (64 + 168))
    disk.losePower(seed: 1)
    #expect(try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk).report.lines == [])
  }

  @Test("the volume in use can go too, and the next batch begins another")
  func deleteCurrent() async throws {
    let store = try await open()
    _ = try await store.append(SamplePictures.batch([100]))
    #expect(try await store.deleteVolumes(before: Day.time(0), of: .passage) == [])
    #expect(try await store.deleteVolumes(before: Day.time(1), of: .passage).count == 1)
    #expect(disk.paths == [] && store.usedBytes() == 0)
    var rows = Rows()
    let pictures = SamplePictures.batch([100], name: 2)
    rows.commit(pictures, try await store.append(pictures))
    #expect(await store.misses(rows) == [])
    #expect(store.volumes().map(\.id.number) == [2], "rows may still name the first")
  }

  @Test("a deletion that fails is told, and what is left is found at the next start")
  func failedDeletion() async throws {
    let store = try await open()
    for day in 0..<3 { _ = try await store.append(SamplePictures.batch([100], name: UInt64(day), at: Day.time(day))) }
    disk.fail(call: 1, with: .error(EIO))
    await #expect(throws: StorageError.failed("deleting old volumes: unlink: Input/output error")) {
      _ = try await store.deleteVolumes(before: Day.time(2), of: .passage)
    }
    await store.close()
    disk.killProcess()
    let again = try await open()
    #expect(again.volumes().map(\.id.name) == ["2026-11-24.passage.0001.volume", "2026-11-25.passage.0001.volume"])
    #expect(try await again.deleteVolumes(before: Day.time(2), of: .passage).count == 1)
  }
}
