import FaceEvents
import PictureVolumes
import SQLiteStorage

/// What a check of everything found.
struct VerifyOutcome: Sendable {
  /// More lines than this are counted, not kept.
  private static let linesMax = 100_000
  /// More lines than this are not printed.
  private static let printedMax = 1000

  /// What the volumes themselves say is broken; for repair.
  var volumeFindings: [VolumeFinding] = []
  /// Of the database's structure: nothing here can mend it.
  private(set) var databaseDamages: [String] = []
  /// Of pictures and rows, one line each.
  private(set) var damages: [String] = []
  private(set) var damageCount = 0
  /// Damage that an earlier repair has found.
  private(set) var knownCount = 0
  /// What is odd and harmless.
  private(set) var notes: [String] = []
  var repairs: [String] = []
  var eventCount = 0
  var pictureCount = 0
  var volumeCount = 0
  var byteCount: UInt64 = 0

  private let known: KnownDamage

  init(known: KnownDamage) { self.known = known }

  var isClean: Bool { damageCount == 0 }

  mutating func add(databaseDamage: String) {
    damageCount += 1
    if databaseDamages.count < Self.linesMax { databaseDamages.append(databaseDamage) }
  }

  mutating func add(damage: String) {
    guard !known.contains(damage) else {
      knownCount += 1
      return
    }
    damageCount += 1
    if damages.count < Self.linesMax { damages.append(damage) }
  }

  mutating func add(note: String) {
    if notes.count < Self.linesMax { notes.append(note) }
  }

  var lines: [String] {
    let all = databaseDamages.map { "database: \($0)" } + damages
    let more = damageCount - min(all.count, Self.printedMax)
    var lines = all.prefix(Self.printedMax).map { "damaged: \($0)" }
    if more > 0 { lines.append("damaged: \(more) more") }
    lines += notes.prefix(Self.printedMax).map { "note: \($0)" }
    if knownCount > 0 { lines.append("note: \(knownCount) damages are known from an earlier repair (quarantine/known-damage.txt)") }
    return lines + repairs
  }

  var summary: String {
    "\(eventCount) events, \(pictureCount) pictures, \(volumeCount) volumes with \(ByteSize.rounded(byteCount)): "
      + (isClean ? "nothing is damaged" : "\(damageCount) damages")
  }
}

/// Reads everything once: the database, the volumes, then each row against what its volumes hold.
struct Verification {
  let store: SQLiteStore
  let volumes: PictureVolumes
  let known: KnownDamage

  func run() async throws(StorageError) -> VerifyOutcome {
    var outcome = VerifyOutcome(known: known)
    Terminal.showProgress("checking the database")
    do {
      for line in try await store.integrityCheck() { outcome.add(databaseDamage: line) }
    } catch .damaged(let text) {
      outcome.add(databaseDamage: text)
    }
    // Rows first: what is committed after this is behind the marks and not looked for.
    let last = try await store.latestSequence()
    let marks = try await store.pictureMarks()
    let report = try await volumes.verify(marks: marks) { Self.show($0) }
    note(report, &outcome)
    try await checkRows(upTo: last, report.pictures, &outcome)
    return outcome
  }

  private static func show(_ progress: VerifyProgress) {
    let percent = progress.byteCount == 0 ? 100 : progress.bytesDone * 100 / progress.byteCount
    Terminal.showProgress(
      "\(percent) % of \(ByteSize.rounded(progress.byteCount)), volume \(progress.volumesDone + 1) of \(progress.volumeCount): \(progress.volumeName)"
    )
  }

  private func note(_ report: VerifyReport, _ outcome: inout VerifyOutcome) {
    outcome.volumeCount = report.volumeCount
    outcome.byteCount = report.byteCount
    outcome.volumeFindings = report.findings
    for finding in report.findings {
      if finding.isBehindMark { outcome.add(note: "\(finding)") } else { outcome.add(damage: "\(finding)") }
    }
    if report.erasedCount > 0 { outcome.add(note: "\(report.erasedCount) pictures have been erased") }
    if report.setAsideCount > 0 { outcome.add(note: "\(report.setAsideCount) damaged places were set aside by an earlier repair") }
  }

  private func checkRows(upTo last: Int64, _ pictures: VerifiedPictures, _ outcome: inout VerifyOutcome) async throws(StorageError) {
    var sequence: Int64 = 0
    while sequence < last {
      let page = try await store.eventPictures(after: sequence)
      guard let end = page.last else { return }
      for row in page where row.sequence <= last { check(row, pictures, &outcome) }
      sequence = end.sequence
      Terminal.showProgress("events: \(outcome.eventCount)")
    }
  }

  private func check(_ row: EventPictures, _ verified: VerifiedPictures, _ outcome: inout VerifyOutcome) {
    outcome.eventCount += 1
    let name = row.id.map { "event \($0)" } ?? "event number \(row.sequence)"
    if row.isDamaged { outcome.add(damage: "\(name): the row is not what was written") }
    for (picture, location) in zip(row.pictures, row.locations) {
      outcome.pictureCount += 1
      let condition = verified.condition(of: location, digest: picture.digest, byteCount: picture.byteCount)
      // What has been set aside is counted where the volumes are read.
      guard condition != .good, condition != .erased, condition != .setAside else { continue }
      outcome.add(
        damage: "\(name): the \(picture.role.word) picture (volume \(location.volume), offset \(location.offset)) \(condition.text)")
    }
  }
}
