import FaceEvents
import PictureVolumes
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One random life of a store on a disk that fails, fills up and loses power, beside a model that only knows what was promised.
private final class History {
  private enum Action: CaseIterable {
    case append, appendWithoutRows, read, powerFailure, kill, fault, fullDisk, roomAgain, erase, deleteDay, loseDatabase, nextDay, verify

    /// How often, in a hundred or so.
    var weight: Int {
      switch self {
      case .append: 40
      case .read, .fault: 10
      case .powerFailure, .kill, .nextDay: 7
      case .appendWithoutRows, .fullDisk, .roomAgain, .erase: 5
      case .deleteDay, .loseDatabase, .verify: 2
      }
    }
  }

  private static let deck = Action.allCases.flatMap { Array(repeating: $0, count: $0.weight) }

  private let seed: UInt64
  private let disk = FaultyDisk()
  private var random: SplitMix64
  private var rows = Rows()
  private var erased: [Rows.Entry] = []
  private var day = 0
  private var picturesMade: UInt64 = 0
  private var store: PictureVolumes
  private var log: [String] = []
  private(set) var kept = 0
  private(set) var refused = 0

  init(seed: UInt64) async throws {
    self.seed = seed
    random = SplitMix64(seed: seed)
    store = try await Self.open(disk, marks: [:]).volumes
  }

  private static func open(_ disk: FaultyDisk, marks: [UInt32: UInt64]) async throws(StorageError) -> (
    volumes: PictureVolumes, report: OpeningReport
  ) {
    var settings = PictureVolumesSettings()
    settings.volumeBytesMax = 8_192
    settings.tailBytesMax = 16_384
    settings.readersMax = 2
    settings.openVolumesPerReaderMax = 2
    return try await PictureVolumes.open(directory: "/pictures", marks: marks, settings: settings, fileSystem: disk)
  }

  func run(actions: Int) async {
    do {
      for _ in 0..<actions {
        let action = Self.deck.randomElement(using: &random) ?? .append
        log.append("\(action)")
        try await perform(action)
      }
      try await restart(losingPower: true)
      try await verify()
    } catch {
      Issue.record(error, place)
    }
  }

  /// Where in which history something went wrong.
  private var place: Comment { "seed \(seed) after \(log.joined(separator: " "))" }

  private func perform(_ action: Action) async throws {
    switch action {
    case .append: try await append(commits: true)
    case .appendWithoutRows: try await append(commits: false)
    case .read: try await readSome()
    case .powerFailure: try await restart(losingPower: true)
    case .kill: try await restart(losingPower: false)
    case .fault:
      let fault: FaultyDisk.Fault =
        [.error(EIO), .error(ENOSPC), .short, .nothing, .powerFailure].randomElement(using: &random) ?? .short
      disk.fail(call: Int.random(in: 0..<6, using: &random), with: fault)
    case .fullDisk: disk.limit(freeBytes: Int.random(in: 0..<3_000, using: &random))
    case .roomAgain: disk.limit(freeBytes: nil)
    case .erase: await erase()
    case .deleteDay: await deleteDay()
    case .loseDatabase: try await loseDatabase()
    case .nextDay: day += 1
    case .verify: try await verify()
    }
  }

  private func append(commits: Bool) async throws {
    var pictures: [NewPicture] = []
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      picturesMade += 1
      let size = random.chance(10) ? Int.random(in: 0...3_000, using: &random) : Int.random(in: 0...300, using: &random)
      let role = PictureRole.allCases.randomElement(using: &random) ?? .scene
      pictures.append(SamplePictures.picture(picturesMade, byteCount: size, role: role, receivedAt: Day.time(day)))
    }
    do {
      let locations = try await store.append(pictures)
      kept += pictures.count
      if commits { rows.commit(pictures, locations) }
    } catch {
      refused += pictures.count
    }
  }

  /// A picture that cannot be read because the disk is failing just now is no loss; one that is damaged or wrong is.
  private func readSome() async throws {
    for _ in 0..<3 {
      guard let entry = rows.entries.randomElement(using: &random) else { return }
      let outcome = await store.outcome(entry)
      if case .failed = outcome { continue }
      #expect(outcome == .right, place)
    }
    if let entry = erased.randomElement(using: &random) {
      let outcome = await store.outcome(entry)
      #expect(outcome != .right && outcome != .wrong, place)
    }
  }

  private func restart(losingPower: Bool) async throws {
    await store.close()
    disk.limit(freeBytes: nil)
    if losingPower { disk.losePower(seed: random.next()) } else { disk.killProcess() }
    let opened = try await Self.open(disk, marks: rows.marks)
    #expect(opened.report.damaged == [], place)
    store = opened.volumes
    #expect(await store.misses(rows) == [], place)
  }

  private func erase() async {
    guard !rows.entries.isEmpty else { return }
    let entry = rows.remove(at: Int.random(in: 0..<rows.entries.count, using: &random))
    // When it fails the picture may still be there, which is why the caller tries again.
    guard (try? await store.erase(entry.location, digest: entry.picture.digest)) != nil else { return }
    erased.append(entry)
  }

  private func deleteDay() async {
    let volumeClass = VolumeClass.allCases.randomElement(using: &random) ?? .passage
    rows.forget(volumes: rows.volumes(of: volumeClass, before: UTCDay(containing: Day.time(day))))
    _ = try? await store.deleteVolumes(before: Day.time(day), of: volumeClass)
  }

  /// Somebody starts the node without its database, keeps some pictures, and then finds the database again.
  private func loseDatabase() async throws {
    try await restart(losingPower: false)
    disk.killProcess()
    store = try await Self.open(disk, marks: [:]).volumes
    _ = try await store.append(SamplePictures.batch([200], name: 1 << 40, at: Day.time(day)))
    #expect(await store.misses(rows) == [], place)
    try await restart(losingPower: true)
  }

  private func verify() async throws {
    disk.forgetFaults()
    if disk.isDead { try await restart(losingPower: true) }
    let report = try await store.verify(marks: rows.marks)
    #expect(report.damage == [], place)
    for entry in rows.entries {
      let condition = report.pictures.condition(of: entry.location, digest: entry.picture.digest, byteCount: entry.picture.bytes.count)
      #expect(condition == .good, place)
    }
    #expect(store.usedBytes() == store.volumes().reduce(0) { $0 + Int64($1.byteCount) }, place)
  }
}

@Suite("Random histories")
struct HistoryTests {
  private static let seedsPerGroup: UInt64 = 40

  @Test("whatever happens, what was promised is there and nothing else is given for it", arguments: 0..<8 as Range<UInt64>)
  func histories(group: UInt64) async throws {
    var kept = 0
    var refused = 0
    for seed in (group * Self.seedsPerGroup)..<((group + 1) * Self.seedsPerGroup) {
      let history = try await History(seed: seed)
      await history.run(actions: 30)
      kept += history.kept
      refused += history.refused
    }
    // A harness in which everything is refused, or nothing, would prove little.
    #expect(kept > 1_000 && refused > 100)
  }
}
