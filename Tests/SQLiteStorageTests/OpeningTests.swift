import FaceEvents
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

@Suite struct OpeningTests {
  @Test func theWriterCommitsWithFullSyncToAWriteAheadLog() async throws {
    try await withStore { store in
      let modes = try await pragmas(
        ["journal_mode", "synchronous", "foreign_keys", "cell_size_check", "trusted_schema"], store, isWriter: true)
      #expect(modes == ["wal", "2", "1", "1", "0"])
      let sizes = try await pragmas(
        ["cache_size", "wal_autocheckpoint", "journal_size_limit", "mmap_size", "page_size"], store, isWriter: true)
      #expect(sizes == ["-8192", "256000", "67108864", "0", "2048"])
    }
  }

  @Test func readersAreSmallAndCannotWrite() async throws {
    try await withStore { store in
      let values = try await pragmas(["cache_size", "foreign_keys", "cell_size_check"], store, isWriter: false)
      #expect(values == ["-2048", "1", "1"])
      await #expect(throws: (any Error).self) {
        try await store.pool.read { try $0.execute(sql: "DELETE FROM counter") }
      }
    }
  }

  private func pragmas(_ names: [String], _ store: SQLiteStore, isWriter: Bool) async throws -> [String] {
    let fetch: @Sendable (Database) throws -> [String] = { db in
      try names.map {
        try DatabaseValue.fetchOne(db, sql: "PRAGMA \($0)").map { value in String.fromDatabaseValue(value) ?? "\(value)" } ?? ""
      }
    }
    return isWriter ? try await store.pool.writeWithoutTransaction(fetch) : try await store.pool.read(fetch)
  }

  @Test func onlyTheOwnerMayLookIntoTheFiles() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory)
      defer { try? store.close() }
      _ = try await store.append([.event(SampleRecords.event("one"), locations: [])])
      for (name, mode) in [("", 0o700), ("/quarantine", 0o700), ("/fogcatcher.db", 0o600), ("/fogcatcher.db-wal", 0o600)] {
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + name)
        #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
      }
    }
  }

  @Test func openingAgainChangesNothingAndKeepsEverything() async throws {
    try await withDirectory { directory in
      var schemas: [[String]] = []
      for round in 0..<3 {
        let store = try openStore(directory)
        _ = try await store.append([.event(SampleRecords.event("round \(round)", at: Int64(round)), locations: [])])
        schemas.append(
          try await store.pool.read { try String.fetchAll($0, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") })
        #expect(try await store.events(EventQuery()).count == round + 1)
        try store.close()
      }
      #expect(schemas[1] == schemas[0] && schemas[2] == schemas[0])
      #expect(schemas[0].count > 15)
    }
  }

  @Test func closingLeavesNoLogBehind() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory)
      _ = try await store.append([.event(SampleRecords.event("one"), locations: [])])
      _ = try await store.events(EventQuery())
      try store.close()
      let log = try? FileManager.default.attributesOfItem(atPath: directory + "/fogcatcher.db-wal")
      #expect((log?[.size] as? Int ?? 0) == 0)
    }
  }

  @Test func aClosedStoreSaysSoAndMayBeClosedAgain() async throws {
    try await withStore { store in
      try store.close()
      try store.close()
      await #expect(throws: StorageError.closed) { try await store.append([.status(SampleRecords.status("late"))]) }
      await #expect(throws: StorageError.closed) { try await store.known([SampleRecords.event("late")]) }
      await #expect(throws: StorageError.closed) { try await store.events(EventQuery()) }
      await #expect(throws: StorageError.closed) { try await store.quarantine(SampleRecords.request("late")) }
    }
  }

  /// Each call either did its work or says that the store is closed; the small checkpoint threshold keeps that work in the race too.
  @Test func closingWhileEverythingIsBusyLosesNothingThatWasConfirmed() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory) { $0.checkpointPages = 4 }
      let confirmed = await withTaskGroup(of: Int64?.self) { group in
        for number in 0..<60 {
          group.addTask {
            do throws(StorageError) {
              if number == 20 { try store.close() }
              if number % 9 == 0 { try await store.checkpoint() }
              if number % 7 == 0 { _ = try await store.quarantine(SampleRecords.request("\(number)")) }
              _ = try await store.events(EventQuery())
              return try await store.append([.event(SampleRecords.event("e\(number)"), locations: [])])[0].sequence
            } catch {
              #expect(error == .closed)
              return nil
            }
          }
        }
        return await group.reduce(into: Set<Int64>()) { confirmed, sequence in if let sequence { confirmed.insert(sequence) } }
      }
      let again = try openStore(directory)
      defer { try? again.close() }
      let stored = Set(try await again.events(EventQuery()).map(\.sequence))
      #expect(stored.isSuperset(of: confirmed))
      #expect(try await again.integrityCheck() == [])
    }
  }

  @Test func aNewerSchemaIsRefusedByNameForWritingAndForReading() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory)
      try await store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9 of tomorrow')") }
      try store.close()
      for open in [{ try openStore(directory) }, { try SQLiteStore.openReadOnly(directory: directory) }] {
        let error = try #require(throws: StorageError.self) { _ = try open() }
        guard case .schemaTooNew(let text) = error else {
          Issue.record("not schemaTooNew: \(error)")
          continue
        }
        #expect(text.contains("9 of tomorrow") && text.contains(Schema.known.last ?? "?") && text.contains("newer version"))
      }
    }
  }

  @Test func anOlderSchemaIsNotReadButTheRemedyIsSaid() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory)
      try await store.pool.write { try $0.execute(sql: "DELETE FROM grdb_migrations") }
      try store.close()
      let error = try #require(throws: StorageError.self) { _ = try SQLiteStore.openReadOnly(directory: directory) }
      #expect("\(error)".contains("older version") && "\(error)".contains("fogcatcher serve"))
    }
  }

  @Test func readingADirectoryWithoutADatabaseIsRefusedAndMakesNothing() async throws {
    try await withDirectory { directory in
      let error = try #require(throws: StorageError.self) { _ = try SQLiteStore.openReadOnly(directory: directory) }
      #expect("\(error)".contains("there is no database"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }
  }

  @Test func aStoreOpenForReadingSeesWhatALiveWriterCommits() async throws {
    try await withDirectory { directory in
      let writer = try openStore(directory)
      defer { try? writer.close() }
      let reader = try SQLiteStore.openReadOnly(directory: directory)
      defer { try? reader.close() }
      for number in 0..<3 {
        _ = try await writer.append([.event(SampleRecords.event("e\(number)", at: Int64(number)), locations: [])])
        #expect(try await reader.events(EventQuery()).count == number + 1)
        #expect(try await reader.latestSequence() == number + 1)
      }
      await #expect(throws: StorageError.self) { try await reader.append([.status(SampleRecords.status("no"))]) }
    }
  }

  @Test func aStoreOpensForReadingAfterItsWriterHasClosed() async throws {
    try await withDirectory { directory in
      let writer = try openStore(directory)
      _ = try await writer.append([.event(SampleRecords.event("one"), locations: [])])
      try writer.close()
      let reader = try SQLiteStore.openReadOnly(directory: directory)
      defer { try? reader.close() }
      #expect(try await reader.events(EventQuery()).count == 1)
    }
  }
}
