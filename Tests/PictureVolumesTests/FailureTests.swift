import FaceEvents
import PictureVolumes
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every system call of a history fails once, in each way that it can.
@Suite("Failing system calls")
struct FailureTests {
  /// What was promised in a history, and what went wrong in it.
  private struct Outcome {
    var rows = Rows()
    var errors: [StorageError] = []
  }

  /// Opens, appends over several volumes, days and classes, reads, erases, deletes; goes on after each error as a server does. Opening is
  /// tried twice.
  private func history(on disk: FaultyDisk, _ outcome: inout Outcome) async -> PictureVolumes? {
    var settings = PictureVolumesSettings()
    settings.volumeBytesMax = 4_096
    settings.readersMax = 1
    var store: PictureVolumes?
    for _ in 0..<2 where store == nil {
      await note(&outcome) { (outcome) throws(StorageError) in
        store = try await PictureVolumes.open(directory: "/pictures", marks: outcome.rows.marks, settings: settings, fileSystem: disk)
          .volumes
      }
    }
    guard let store else { return nil }
    for step in 0..<8 {
      let time = Day.time(step / 4)
      let pictures =
        SamplePictures.batch([300, 700 + step], name: UInt64(step), at: time)
        + SamplePictures.batch(step % 3 == 0 ? [500] : [], name: UInt64(100 + step), role: .reference, at: time)
      await note(&outcome) { (outcome) throws(StorageError) in outcome.rows.commit(pictures, try await store.append(pictures)) }
      if let entry = outcome.rows.entries.last {
        await note(&outcome) { (_) throws(StorageError) in
          #expect(try await store.picture(at: entry.location, digest: entry.picture.digest) == entry.picture.bytes)
        }
      }
    }
    // A picture and a day go: first from the rows, then from the disk.
    let erased = outcome.rows.entries.isEmpty ? nil : outcome.rows.remove(at: 0)
    if let erased {
      await note(&outcome) { (_) throws(StorageError) in try await store.erase(erased.location, digest: erased.picture.digest) }
    }
    outcome.rows.forget(volumes: outcome.rows.volumes(of: .passage, before: UTCDay(containing: Day.time(1))))
    await note(&outcome) { (_) throws(StorageError) in _ = try await store.deleteVolumes(before: Day.time(1), of: .passage) }
    return store
  }

  private func note(_ outcome: inout Outcome, _ body: (inout Outcome) async throws(StorageError) -> Void) async {
    do {
      try await body(&outcome)
    } catch {
      outcome.errors.append(error)
    }
  }

  private static let faults: [FaultyDisk.Fault] = [.error(EIO), .error(ENOSPC), .error(EINVAL), .short]

  /// Long enough that every call of the history is in it; a test below holds it to that.
  private static let callsMax = 80

  @Test("the history makes no more calls than are made to fail, and every kind of them")
  func coverage() async throws {
    let disk = FaultyDisk()
    var outcome = Outcome()
    _ = await history(on: disk, &outcome)
    #expect(outcome.errors == [])
    #expect(disk.calls.count <= Self.callsMax)
    #expect(Set(disk.calls) == ["mkdir", "fsync", "opendir", "open", "pwritev", "fdatasync", "pread", "fstat", "fallocate", "unlink"])
  }

  @Test("whichever call fails, nothing acknowledged is lost and the store goes on", arguments: faults)
  func oneFailure(fault: FaultyDisk.Fault) async throws {
    for call in 0..<Self.callsMax {
      let disk = FaultyDisk()
      disk.fail(call: call, with: fault)
      var outcome = Outcome()
      let store = try #require(await history(on: disk, &outcome), "call \(call)")
      disk.forgetFaults()
      #expect(outcome.errors.count <= 1, "call \(call): \(outcome.errors)")
      if fault == .error(ENOSPC), let error = outcome.errors.first {
        #expect(error.description.hasPrefix("disk full: "), "call \(call): \(error)")
      }
      try await check(store, outcome.rows, "call \(call)")
      await store.close()
      // Once with all that the system had in memory, and once without.
      disk.killProcess()
      try await reopen(disk, outcome.rows, "call \(call), killed")
      disk.losePower(seed: UInt64(call))
      try await reopen(disk, outcome.rows, "call \(call), power lost")
    }
  }

  @Test("whichever two calls fail one after the other, nothing acknowledged is lost")
  func twoFailures() async throws {
    for call in 0..<Self.callsMax {
      let disk = FaultyDisk()
      disk.fail(call: call, with: .error(EIO))
      disk.fail(call: call + 1, with: .error(EIO))
      var outcome = Outcome()
      guard let store = await history(on: disk, &outcome) else { continue }
      disk.forgetFaults()
      try await check(store, outcome.rows, "call \(call)")
      await store.close()
      disk.losePower(seed: UInt64(call))
      try await reopen(disk, outcome.rows, "call \(call)")
    }
  }

  @Test("whenever the power fails, nothing acknowledged is lost")
  func powerFailure() async throws {
    for call in 0..<Self.callsMax {
      for seed in 0..<2 as Range<UInt64> {
        let disk = FaultyDisk()
        disk.fail(call: call, with: .powerFailure)
        var outcome = Outcome()
        _ = await history(on: disk, &outcome)
        disk.losePower(seed: seed)
        try await reopen(disk, outcome.rows, "call \(call), seed \(seed)")
      }
    }
  }

  private func check(_ store: PictureVolumes, _ rows: Rows, _ place: String) async throws {
    var rows = rows
    let pictures = SamplePictures.batch([50, 900], name: 77, at: Day.time(1)) + SamplePictures.batch([60], name: 78, role: .reference)
    rows.commit(pictures, try await store.append(pictures))
    #expect(await store.misses(rows) == [], "\(place)")
    let report = try await store.verify(marks: rows.marks)
    #expect(report.damage == [], "\(place)")
    for entry in rows.entries {
      let condition = report.pictures.condition(of: entry.location, digest: entry.picture.digest, byteCount: entry.picture.bytes.count)
      #expect(condition == .good, "\(place)")
    }
  }

  private func reopen(_ disk: FaultyDisk, _ rows: Rows, _ place: String) async throws {
    let opened = try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, fileSystem: disk)
    #expect(opened.report.damaged == [], "\(place)")
    try await check(opened.volumes, rows, place)
    await opened.volumes.close()
  }
}

@Suite("Failing batches")
struct FailingBatchTests {
  private let disk = FaultyDisk()

  /// One batch is kept, then the next one meets the faults, from its call `call` on.
  private func afterFailure(call: Int, _ faults: FaultyDisk.Fault...) async throws -> (PictureVolumes, Rows, StorageError?) {
    let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], fileSystem: disk).volumes
    var rows = Rows()
    let kept = SamplePictures.batch([100, 200])
    rows.commit(kept, try await store.append(kept))
    for (index, fault) in faults.enumerated() { disk.fail(call: call + index, with: fault) }
    let error = await #expect(throws: StorageError.self) { _ = try await store.append(SamplePictures.batch([300, 400], name: 2)) }
    return (store, rows, error)
  }

  private var sizes: [Int] { disk.paths.map { disk.contents($0)?.count ?? -1 } }

  @Test(
    "a full disk, a quota and a file size limit are told as a full disk, anything else as a failure",
    arguments: [(ENOSPC, true), (EDQUOT, true), (EFBIG, true), (EIO, false), (EROFS, false)])
  func mapping(code: Int32, isFull: Bool) async throws {
    let (_, _, error) = try await afterFailure(call: 0, .error(code))
    let text = "2026-11-23.passage.0001.volume: pwritev: \(String(cString: strerror(code)))"
    #expect(error == (isFull ? .diskFull(text) : .failed(text)))
  }

  @Test("a write that fails leaves the volume as it was, and it is gone on with")
  func failedWrite() async throws {
    let (store, rows, _) = try await afterFailure(call: 0, .error(ENOSPC))
    #expect(sizes == [Int(rows.marks.values.max() ?? 0)])
    _ = try await store.append(SamplePictures.batch([300], name: 3))
    #expect(store.volumes().count == 1)
    #expect(await store.misses(rows) == [])
  }

  @Test("a system that writes nothing and gives no reason is a failure")
  func nothingWritten() async throws {
    let (_, _, error) = try await afterFailure(call: 0, .nothing)
    #expect(error == .failed("2026-11-23.passage.0001.volume: pwritev: Input/output error"))
  }

  @Test("after a failed fdatasync the volume is cut back and never written again")
  func failedSynchronization() async throws {
    let (store, rows, _) = try await afterFailure(call: 1, .error(EIO))
    let mark = Int(rows.marks.values.max() ?? 0)
    #expect(sizes == [mark])
    _ = try await store.append(SamplePictures.batch([300], name: 3))
    #expect(store.volumes().map(\.id.number) == [1, 2])
    #expect(store.volumes().map(\.isAppended) == [false, true])
    #expect(disk.contents(disk.paths[0])?.count == mark)
    #expect(await store.misses(rows) == [])
  }

  @Test("when not even cutting works, the volume is left as it is and the next one begun")
  func failedCut() async throws {
    var (store, rows, _) = try await afterFailure(call: 0, .short, .error(ENOSPC), .error(EIO))
    let left = disk.contents(disk.paths[0])
    #expect(UInt64(left?.count ?? 0) > rows.marks.values.max() ?? 0)
    let pictures = SamplePictures.batch([300], name: 3)
    rows.commit(pictures, try await store.append(pictures))
    #expect(store.volumes().map(\.isAppended) == [false, true])
    #expect(disk.contents(disk.paths[0]) == left)
    #expect(store.usedBytes() == Int64(sizes.reduce(0, +)))
    #expect(await store.misses(rows) == [])
    #expect(try await store.verify(marks: rows.marks).damage == [])
  }

  @Test("a new volume that could not be synchronized leaves no file behind")
  func failedNewVolume() async throws {
    let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], fileSystem: disk).volumes
    let before = disk.calls.count
    for call in [3, 4] {
      disk.fail(call: call, with: .error(EIO))
      await #expect(throws: StorageError.self) { _ = try await store.append(SamplePictures.batch([10])) }
      #expect(disk.paths == [] && store.volumes() == [])
    }
    #expect(disk.calls[before...].contains("fsync"))
    _ = try await store.append(SamplePictures.batch([10]))
    #expect(store.volumes().map(\.id.number) == [1])
  }

  @Test("a disk that fails for a long time uses up no numbers")
  func longFailure() async throws {
    let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], fileSystem: disk).volumes
    for _ in 0..<50 {
      // open, header, batch, fdatasync
      disk.fail(call: 3, with: .error(EIO))
      await #expect(throws: StorageError.self) { _ = try await store.append(SamplePictures.batch([10])) }
    }
    _ = try await store.append(SamplePictures.batch([10]))
    #expect(store.volumes().map(\.id.number) == [1])
  }

  @Test("while the disk is full batches are refused, and as soon as there is room they are kept again")
  func fullDisk() async throws {
    let store = try await PictureVolumes.open(directory: "/pictures", marks: [:], fileSystem: disk).volumes
    var rows = Rows()
    let kept = SamplePictures.batch([1_000])
    rows.commit(kept, try await store.append(kept))
    let size = store.usedBytes()
    disk.limit(freeBytes: 700)
    for name in 2..<20 as Range<UInt64> {
      let error = await #expect(throws: StorageError.self) { _ = try await store.append(SamplePictures.batch([400, 400], name: name)) }
      #expect(error == .diskFull("2026-11-23.passage.0001.volume: pwritev: No space left on device"))
      #expect(store.usedBytes() == size && sizes == [Int(size)])
    }
    let small = SamplePictures.batch([400], name: 30)
    rows.commit(small, try await store.append(small))
    disk.limit(freeBytes: nil)
    let large = SamplePictures.batch([4_000, 4_000], name: 31)
    rows.commit(large, try await store.append(large))
    #expect(await store.misses(rows) == [])
    #expect(store.volumes().count == 1)
  }
}
