import FaceEvents
import Foundation
import TestSupport
import Testing

@testable import SQLiteStorage

/// Damaged files are opened, or refused with a text that says so; what is read then is what was written, or an error. Nothing crashes.
@Suite struct DamageTests {
  /// The files of a store with forty events, as a kill leaves them: some pages in the database, some in the log.
  private static func makeFiles(_ directory: String) async throws -> [String: Data] {
    let store = try openStore(directory)
    defer { try? store.close() }
    for (number, event) in samples.enumerated() {
      try await store.keep(event)
      if number == 25 { try await store.checkpoint() }
    }
    return try files(directory)
  }

  private static let samples = (0..<40).map { number in
    SampleRecords.event(
      "e\(number)", at: Int64(number), person: Person(id: "p-\(number % 5)", name: "N"),
      pictures: [SampleRecords.picture("\(number)", .scene), SampleRecords.picture("\(number % 5)", .reference)])
  }

  private static func files(_ directory: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in ["fogcatcher.db", "fogcatcher.db-wal"] { files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")) }
    return files
  }

  private struct Outcome {
    var opened = 0
    var refused = 0
    var damagedReads = 0
  }

  /// Opens a copy with one file changed, reads and writes what it can.
  private static func probe(_ files: [String: Data], _ name: String, _ change: (inout Data) -> Void, _ outcome: inout Outcome) async throws
  {
    try await withDirectory { directory in
      for (file, data) in files {
        var data = data
        if file == name { change(&data) }
        try data.write(to: URL(fileURLWithPath: "\(directory)/\(file)"))
      }
      let store: SQLiteStore
      do throws(StorageError) {
        store = try SQLiteStore.open(directory: directory, recordEnd: { sampleRecordEnd($0, $1) })
      } catch {
        outcome.refused += 1
        #expect(isClear(error), "\(error)")
        return
      }
      defer { try? store.close() }
      outcome.opened += 1
      do {
        for stored in try await store.events(EventQuery()) { try check(stored) }
      } catch let error as StorageError {
        outcome.damagedReads += 1
        #expect(isClear(error), "\(error)")
      }
      do throws(StorageError) {
        _ = try await store.append([.event(SampleRecords.event("after", at: 900), locations: [])])
      } catch {
        #expect(isClear(error), "\(error)")
      }
      _ = try? await store.integrityCheck()
    }
  }

  /// Never somebody else's record, and never one that was not written.
  private static func check(_ stored: StoredEvent) throws {
    let sample = try #require(samples.first { $0.contentDigest == stored.event.contentDigest })
    #expect(stored.event.originalText == sample.originalText)
    #expect(stored.event.pictures == sample.pictures)
    #expect(stored.locations == SampleLocations.of(sample))
  }

  private static func isClear(_ error: StorageError) -> Bool {
    switch error {
    case .damaged(let text), .failed(let text), .schemaTooNew(let text):
      text.contains("fogcatcher.db") || text.contains("fogcatcher verify")
    case .diskFull, .locked, .closed: false
    }
  }

  @Test(arguments: ["fogcatcher.db", "fogcatcher.db-wal"])
  func aFlippedBitAnywhereNeverGivesAWrongRecord(_ name: String) async throws {
    try await withDirectory { directory in
      let files = try await Self.makeFiles(directory)
      let size = try #require(files[name]?.count)
      var outcome = Outcome()
      // The header byte by byte, then all over the file.
      let offsets = Array(0..<100) + stride(from: 100, to: size, by: max(1, size / 80))
      for offset in offsets {
        try await Self.probe(files, name, { $0[offset] ^= 1 << UInt8(offset % 8) }, &outcome)
      }
      #expect(outcome.opened > 0)
      #expect(name.hasSuffix("-wal") || outcome.refused > 0)
    }
  }

  @Test(arguments: ["fogcatcher.db", "fogcatcher.db-wal"])
  func aCutTailNeverGivesAWrongRecord(_ name: String) async throws {
    try await withDirectory { directory in
      let files = try await Self.makeFiles(directory)
      let size = try #require(files[name]?.count)
      var outcome = Outcome()
      let lengths = [0, 1, 15, 16, 31, 32, 33, 99, 100, 4_095, 4_096, 4_097] + stride(from: 5_000, to: size, by: max(1, size / 40))
      for length in lengths where length < size {
        try await Self.probe(files, name, { $0 = $0.prefix(length) }, &outcome)
      }
      #expect(outcome.opened > 0)
      #expect(name.hasSuffix("-wal") || outcome.refused > 0)
    }
  }

  @Test(arguments: ["not a database at all, but long enough to be looked at", "SQLite format 3\u{0}"])
  func aFileThatIsNotADatabaseIsRefusedWithARemedy(_ text: String) async throws {
    try await withDirectory { directory in
      try Data((text + String(repeating: "x", count: 5_000)).utf8).write(to: URL(fileURLWithPath: directory + "/fogcatcher.db"))
      for open in [{ try openStore(directory) }, { try SQLiteStore.openReadOnly(directory: directory) }] {
        let error = try #require(throws: StorageError.self) { _ = try open() }
        guard case .damaged(let message) = error else {
          Issue.record("not damaged: \(error)")
          continue
        }
        #expect(message.contains(directory) && message.contains("backup"))
      }
    }
  }
}
