import FaceEvents
import PictureVolumes
import TestSupport
import Testing

/// Damage to real files on the real disk.
@Suite("Damage")
struct DamageTests {
  private static let sizes = [0, 1, 100, 2_000, 65_500, 9]

  /// Two batches with their rows, closed.
  private func fill(_ folder: TemporaryFolder) async throws -> Rows {
    let (store, _) = try await PictureVolumes.open(directory: folder.volumes, marks: [:])
    var rows = Rows()
    for name in 1...2 as ClosedRange<UInt64> {
      let pictures = SamplePictures.batch(Self.sizes, name: name) + SamplePictures.batch([300], name: 10 + name, role: .reference)
      rows.commit(pictures, try await store.append(pictures))
    }
    await store.close()
    return rows
  }

  private static let passage = "2026-11-23.passage.0001.volume"

  /// Opens, reads everything, verifies, appends: whatever the damage, nobody gets a wrong picture, verify knows every picture that is not
  /// right, and the store goes on.
  private func examine(_ folder: TemporaryFolder, _ rows: Rows, _ place: Comment) async throws -> VerifyReport {
    let (store, opening) = try await PictureVolumes.open(directory: folder.volumes, marks: rows.marks)
    #expect(opening.cut == [], place)
    let report = try await store.verify(marks: rows.marks)
    for entry in rows.entries {
      let outcome = await store.outcome(entry)
      let condition = report.pictures.condition(of: entry.location, digest: entry.picture.digest, byteCount: entry.picture.bytes.count)
      #expect(outcome == .right || outcome == .damaged, place)
      #expect((outcome == .right) == (condition == .good), place)
      if outcome == .damaged { #expect(report.damage.contains { $0.volume == entry.location.volume }, place) }
    }
    var later = Rows()
    let pictures = SamplePictures.batch([10], name: 90)
    later.commit(pictures, try await store.append(pictures))
    #expect(await store.misses(later) == [], place)
    await store.close()
    return report
  }

  /// The file as it was, and no other passage volume.
  private func restore(_ folder: TemporaryFolder, _ bytes: [UInt8]) throws {
    try folder.replace(folder.file(Self.passage), with: bytes)
    folder.remove(folder.file("2026-11-23.passage.0002.volume"))
  }

  @Test("a flipped bit anywhere damages one picture at most, and verify finds it unless nobody reads it", arguments: 0..<4)
  func flippedBits(part: Int) async throws {
    try await withTemporaryFolder { folder in
      let rows = try await fill(folder)
      let bytes = try folder.contents(folder.file(Self.passage))
      var random = SplitMix64(seed: UInt64(part))
      let headers = rows.entries.flatMap { (entry) -> Range<Int> in Int(entry.location.offset)..<(Int(entry.location.offset) + 64) }
      let offsets = (0..<12).map { _ in Int.random(in: 0..<bytes.count, using: &random) } + headers.shuffled(using: &random).prefix(12)
      for offset in offsets + [0, 63, 64, bytes.count - 1] {
        var damaged = bytes
        damaged[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try restore(folder, damaged)
        let report = try await examine(folder, rows, "seed \(part), byte \(offset)")
        let passages = rows.entries.filter { $0.picture.role != .reference }
        let lost = passages.filter {
          report.pictures.condition(of: $0.location, digest: $0.picture.digest, byteCount: $0.picture.bytes.count) != .good
        }
        #expect(lost.count <= 1, "seed \(part), byte \(offset)")
        #expect(report.damage.count == (isRead(offset, passages) ? 1 : 0), "seed \(part), byte \(offset)")
      }
    }
  }

  /// Padding is read by nobody.
  private func isRead(_ offset: Int, _ entries: [Rows.Entry]) -> Bool {
    offset < 64
      || entries.contains { (Int($0.location.offset)..<(Int($0.location.offset) + 64 + $0.picture.bytes.count)).contains(offset) }
  }

  @Test("a volume cut at any place gives what is left, right", arguments: 0..<2)
  func cutTails(part: Int) async throws {
    try await withTemporaryFolder { folder in
      let rows = try await fill(folder)
      let bytes = try folder.contents(folder.file(Self.passage))
      var random = SplitMix64(seed: UInt64(part))
      let edges = rows.entries.map { Int($0.location.offset) }.filter { $0 < bytes.count }
      let sizes =
        (0..<12).map { _ in Int.random(in: 0..<bytes.count, using: &random) } + edges.prefix(6) + [0, 1, 63, 64, 65, bytes.count - 1]
      for size in sizes {
        try restore(folder, Array(bytes[..<size]))
        let report = try await examine(folder, rows, "seed \(part), \(size) bytes left")
        #expect(!report.damage.isEmpty, "seed \(part), \(size) bytes left")
      }
    }
  }

  @Test("sectors of zeros or of another place never pass for pictures", arguments: 0..<2)
  func foreignSectors(part: Int) async throws {
    try await withTemporaryFolder { folder in
      let rows = try await fill(folder)
      let bytes = try folder.contents(folder.file(Self.passage))
      var random = SplitMix64(seed: UInt64(part))
      for _ in 0..<12 {
        let target = Int.random(in: 0..<(bytes.count / 512), using: &random) * 512
        let source = Int.random(in: 0..<(bytes.count / 512), using: &random) * 512
        var damaged = bytes
        let sector = random.chance(50) ? [UInt8](repeating: 0, count: 512) : Array(bytes[source..<(source + 512)])
        damaged.replaceSubrange(target..<(target + 512), with: sector)
        try restore(folder, damaged)
        _ = try await examine(folder, rows, "seed \(part), sector at \(target)")
      }
    }
  }

  @Test("a file of noise under a volume's name is reported and gives nothing")
  func noise() async throws {
    try await withTemporaryFolder { folder in
      let rows = try await fill(folder)
      var random = SplitMix64(seed: 5)
      let count = try folder.contents(folder.file(Self.passage)).count
      try restore(folder, (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
      let report = try await examine(folder, rows, "noise")
      #expect(report.damage.map(\.kind) == [.foreignFile])
    }
  }
}
