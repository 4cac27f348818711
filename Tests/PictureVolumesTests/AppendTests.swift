import FaceEvents
import PictureVolumes
import TestSupport
import Testing

@Suite("Appending")
struct AppendTests {
  private func open(
    _ disk: FaultyDisk, rows: Rows = Rows(), _ change: (inout PictureVolumesSettings) -> Void = { _ in }
  ) async throws -> PictureVolumes {
    var settings = PictureVolumesSettings()
    change(&settings)
    return try await PictureVolumes.open(directory: "/pictures", marks: rows.marks, settings: settings, fileSystem: disk).volumes
  }

  @Test("a batch is one write and one fdatasync, and the directory is synchronized only for a new volume")
  func calls() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    _ = try await store.append(SamplePictures.batch([10, 20, 30]))
    #expect(disk.calls.suffix(5) == ["open", "pwritev", "pwritev", "fdatasync", "fsync"])
    _ = try await store.append(SamplePictures.batch([40, 50, 60], name: 2))
    #expect(disk.calls.suffix(2) == ["pwritev", "fdatasync"])
    #expect(disk.count("fsync") == 2, "one for the directory itself, one for the volume in it")
  }

  @Test("a batch with reference pictures synchronizes two volumes")
  func classes() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    let pictures = SamplePictures.batch([10, 20]) + SamplePictures.batch([30], name: 2, role: .reference)
    let locations = try await store.append(pictures)
    #expect(disk.count("fdatasync") == 2)
    #expect(store.volumes().map(\.id.name) == ["2026-11-23.reference.0001.volume", "2026-11-23.passage.0001.volume"])
    #expect(locations[0].volume == locations[1].volume && locations[1].volume != locations[2].volume)
  }

  @Test("a volume at its largest size is followed by the next number")
  func rollover() async throws {
    let disk = FaultyDisk()
    // Volume header and two records of 64 + 1,936 bytes each: 4,064. One byte less of room, and the second one has to go on.
    for (limit, volumes) in [(4_096 as UInt64, 2), (5_000, 2), (6_063, 2), (6_064, 1)] {
      let store = try await open(FaultyDisk()) { $0.volumeBytesMax = limit }
      var locations: [PictureLocation] = []
      for name in 1...3 as ClosedRange<UInt64> { locations += try await store.append(SamplePictures.batch([1_936], name: name)) }
      #expect(Set(locations.map(\.volume)).count == volumes, "limit \(limit)")
    }
    let store = try await open(disk) { $0.volumeBytesMax = 4_096 }
    let pictures = SamplePictures.batch([3_000, 3_000, 3_000])
    let locations = try await store.append(pictures)
    #expect(Set(locations.map(\.volume)).count == 1, "a batch is never split, however long")
  }

  @Test("each day has its own volume, that of the latest picture of a batch")
  func days() async throws {
    let store = try await open(FaultyDisk())
    let midnight =
      SamplePictures.batch([10], name: 1, at: Day.time(0, seconds: 86_399)) + SamplePictures.batch([10], name: 2, at: Day.time(1))
    _ = try await store.append(SamplePictures.batch([10], name: 3, at: Day.time(0)))
    _ = try await store.append(midnight)
    #expect(store.volumes().map(\.id.name) == ["2026-11-23.passage.0001.volume", "2026-11-24.passage.0001.volume"])
    #expect(store.volumes().map(\.isAppended) == [false, true])
  }

  @Test("a clock that is set back over midnight begins no volume, one that is set back by days does")
  func clockSetBack() async throws {
    let store = try await open(FaultyDisk())
    for (name, day) in [0, 5, 4, 5, 0, 5].enumerated() {
      _ = try await store.append(SamplePictures.batch([10], name: UInt64(name), at: Day.time(day)))
    }
    #expect(
      store.volumes().map(\.id.name) == [
        "2026-11-23.passage.0001.volume", "2026-11-23.passage.0002.volume", "2026-11-28.passage.0001.volume",
        "2026-11-28.passage.0002.volume",
      ])
  }

  @Test("a batch of more pieces than one call takes is continued")
  func manyPieces() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    let pictures = SamplePictures.batch([Int](repeating: 5, count: 1_500))
    var rows = Rows()
    rows.commit(pictures, try await store.append(pictures))
    #expect(disk.count("pwritev") == 4, "the volume's header, and 3,001 pieces of at most 1,024")
    #expect(await store.misses(rows) == [])
  }

  @Test("a picture of the largest size is taken, one byte more is refused")
  func pictureSize() async throws {
    let store = try await open(FaultyDisk()) { $0.pictureBytesMax = 1_000 }
    _ = try await store.append(SamplePictures.batch([1_000]))
    await #expect(throws: StorageError.failed("a picture of 1001 bytes is longer than the 1000 that are taken")) {
      _ = try await store.append(SamplePictures.batch([5, 1_001]))
    }
    #expect(store.volumes().count == 1)
  }

  @Test("somebody else's file under the next name is passed over")
  func foreignFile() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    let path = "/pictures/2026-11-23.passage.0001.volume"
    disk.place(path, [])
    _ = try await store.append(SamplePictures.batch([10]))
    #expect(store.volumes().map(\.id.name) == ["2026-11-23.passage.0002.volume"])
    #expect(disk.contents(path) == [])
  }

  @Test("used bytes are the length of the files, free bytes are what the disk says")
  func figures() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    _ = try await store.append(SamplePictures.batch([8]) + SamplePictures.batch([1], name: 2, role: .reference))
    #expect(store.usedBytes() == 2 * (64 + 72))
    disk.limit(freeBytes: 12_345)
    #expect(try store.freeBytes() == 12_345)
    disk.fail(call: 0, with: .error(5))
    #expect(throws: StorageError.self) { try store.freeBytes() }
  }

  @Test("after closing, everything is refused as closed and no file is open")
  func closing() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk)
    let pictures = SamplePictures.batch([10])
    let location = try await store.append(pictures)[0]
    _ = try await store.picture(at: location, digest: pictures[0].digest)
    await store.close()
    await #expect(throws: StorageError.closed) { _ = try await store.append(pictures) }
    await #expect(throws: StorageError.closed) { _ = try await store.picture(at: location, digest: pictures[0].digest) }
    await #expect(throws: StorageError.closed) { _ = try await store.verify(marks: [:]) }
    await #expect(throws: StorageError.closed) { try await store.erase(location, digest: pictures[0].digest) }
    #expect(disk.openCount == 0)
    await store.close()
  }

  @Test("readers keep no more volumes open than they may")
  func openFiles() async throws {
    let disk = FaultyDisk()
    let store = try await open(disk) {
      $0.readersMax = 1
      $0.openVolumesPerReaderMax = 3
    }
    var rows = Rows()
    for day in 0..<10 {
      let pictures = SamplePictures.batch([10], name: UInt64(day), at: Day.time(day))
      rows.commit(pictures, try await store.append(pictures))
    }
    #expect(await store.misses(rows) == [])
    #expect(await store.misses(rows) == [])
    #expect(disk.openCount == 1 + 3, "the one that is appended to, and three that were read")
  }

  @Test("a setting outside its range stops the start with its name", arguments: [4_095, 34_359_738_368] as [UInt64])
  func settings(value: UInt64) async {
    let error = await #expect(throws: StorageError.self) { _ = try await open(FaultyDisk()) { $0.volumeBytesMax = value } }
    #expect(error?.description == "volumeBytesMax is \(value) but must be from 4096 to 34359738367")
  }

  @Test("the ends of the ranges of all settings are taken, what lies outside is not")
  func settingRanges() {
    func accepts(_ change: (inout PictureVolumesSettings) -> Void) -> Bool {
      var settings = PictureVolumesSettings()
      change(&settings)
      return (try? settings.validate()) != nil
    }
    #expect(accepts { $0.volumeBytesMax = 4_096 } && accepts { $0.volumeBytesMax = 34_359_738_367 })
    #expect(accepts { $0.pictureBytesMax = 1 } && accepts { $0.pictureBytesMax = 1 << 30 })
    #expect(!accepts { $0.pictureBytesMax = 0 } && !accepts { $0.pictureBytesMax = 1 << 30 + 1 } && !accepts { $0.pictureBytesMax = -1 })
    #expect(accepts { $0.readersMax = 1 } && accepts { $0.readersMax = 64 })
    #expect(!accepts { $0.readersMax = 0 } && !accepts { $0.readersMax = 65 })
    #expect(accepts { $0.openVolumesPerReaderMax = 1 } && accepts { $0.openVolumesPerReaderMax = 1_024 })
    #expect(!accepts { $0.openVolumesPerReaderMax = 0 } && !accepts { $0.openVolumesPerReaderMax = 1_025 })
  }
}
