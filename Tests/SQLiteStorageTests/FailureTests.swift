import FaceEvents
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

/// Commits that fail: nothing of them stays, in the database or in memory, and the next one works.
@Suite struct FailureTests {
  @Test func aFailedCommitLeavesNoKeyInMemory() async throws {
    try await withStore { store in
      // The last statement of a commit refuses, when all keys have been handed out.
      try await store.onWriter("CREATE TEMP TRIGGER refuse BEFORE UPDATE ON main.counter BEGIN SELECT RAISE(ABORT, 'refused'); END")
      let picture = SampleRecords.picture("face", .reference)
      let failed = SampleRecords.event("x", box: "BOX-X", endpoint: "gate-x", pictures: [picture])
      await #expect(throws: StorageError.self) { try await store.keep(failed) }
      try await store.onWriter("DROP TRIGGER refuse")

      // These get the keys that the failed commit had.
      let other = SampleRecords.event("y", at: 1, box: "BOX-Y", endpoint: "gate-y")
      #expect(try await store.keep(other).map(\.sequence) == [1])
      #expect(try await store.known([failed])[0].locations == [nil])
      try await store.keep(failed)
      let stored = try await store.events(EventQuery())
      #expect(stored.map(\.event.box.code) == ["BOX-Y", "BOX-X"])
      #expect(stored.map(\.event.endpoint.id) == ["gate-y", "gate-x"])
      #expect(try await store.known([failed])[0].locations == SampleLocations.of(failed))
      #expect(try await store.integrityCheck() == [])
    }
  }

  @Test func allOfABatchIsStoredOrNothing() async throws {
    try await withStore { store in
      try await store.onWriter(
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.event WHEN NEW.person_id = 'poison' BEGIN SELECT RAISE(ABORT, 'refused'); END")
      var poison = SampleRecords.event("poison")
      poison.person.id = "poison"
      await #expect(throws: StorageError.self) {
        try await store.keep(SampleRecords.event("a"), SampleRecords.event("b"), poison, SampleRecords.event("c"))
      }
      #expect(try await store.events(EventQuery()).isEmpty)
      #expect(try await store.counts() == StoreCounts())
      #expect(try await store.keep(SampleRecords.event("a")).map(\.sequence) == [1])
    }
  }

  @Test func aFullDatabaseIsADiskFullAndTheStoreGoesOnWhenThereIsRoom() async throws {
    try await withStore { store in
      let pages = try await store.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
      try await store.onWriter("PRAGMA max_page_count = \(pages + 40)")
      var kept: [FaceEvent] = []
      var refusal: StorageError?
      for number in 0..<100 where refusal == nil {
        let event = Self.large(number)
        do throws(StorageError) {
          _ = try await store.append([.event(event, locations: [])])
          kept.append(event)
        } catch {
          refusal = error
        }
      }
      guard case .diskFull(let text) = refusal else {
        Issue.record("not diskFull: \(String(describing: refusal))")
        return
      }
      #expect(text.contains("fogcatcher.db"))
      #expect(try await store.events(EventQuery()).count == kept.count, "reading goes on")
      try await store.onWriter("PRAGMA max_page_count = 1000000")
      try await store.keep(Self.large(kept.count))
      #expect(try await store.events(EventQuery()).count == kept.count + 1)
      #expect(try await store.integrityCheck() == [])
    }
  }

  /// The real thing, where this process may mount: a file system with no byte left under database and log.
  @Test(.enabled(if: TinyFileSystem.isPossible))
  func aFullDiskIsADiskFullAndTheStoreGoesOnWhenThereIsRoom() async throws {
    try await withDirectory { directory in
      try await TinyFileSystem.with(directory, bytes: 3 << 20) {
        let filler = directory + "/filler"
        #expect(FileManager.default.createFile(atPath: filler, contents: Data(count: 1 << 20)))
        let store = try openStore(directory) { $0.checkpointPages = 50 }
        defer { try? store.close() }
        var kept = 0
        var refusal: StorageError?
        while refusal == nil && kept < 2_000 {
          do throws(StorageError) {
            _ = try await store.append([.event(Self.large(kept), locations: [])])
            kept += 1
          } catch {
            refusal = error
          }
        }
        guard case .diskFull = refusal else {
          Issue.record("not diskFull: \(String(describing: refusal))")
          return
        }
        await #expect(throws: StorageError.self) {
          for number in 0..<50 {
            _ = try await store.quarantine(SampleRecords.request("\(number)" + String(repeating: "x", count: 60_000)))
          }
        }
        try FileManager.default.removeItem(atPath: filler)
        for number in kept..<kept + 5 { try await store.keep(Self.large(number)) }
        _ = try await store.quarantine(SampleRecords.request("there is room again"))
        let stored = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
        #expect(stored == kept + 5)
        #expect(try await store.integrityCheck() == [])
      }
    }
  }

  @Test func noErrorTextHasWhatWasBeingStored() async throws {
    try await withStore { store in
      let marker = "Geheim-4711"
      var event = SampleRecords.event(marker, person: Person(id: marker, name: marker, group: marker), box: marker, endpoint: marker)
      event.source = RequestSource(address: marker, path: marker, query: marker)
      event.action = marker
      event.warnings = [marker]
      let failures = [
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.event BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.person BEGIN SELECT RAISE(ROLLBACK, 'refused'); END",
        "CREATE TEMP TRIGGER refuse AFTER INSERT ON main.box BEGIN UPDATE box SET origin = 99; END",
        "CREATE TEMP TRIGGER refuse AFTER INSERT ON main.endpoint BEGIN INSERT INTO endpoint (box, id) VALUES (NEW.box, NEW.id); END",
        "CREATE TEMP TRIGGER refuse AFTER INSERT ON main.event BEGIN UPDATE event SET score = 'text' WHERE sequence = NEW.sequence; END",
        "CREATE TEMP TRIGGER refuse AFTER INSERT ON main.event BEGIN UPDATE event SET box = 99 WHERE sequence = NEW.sequence; END",
      ]
      for failure in failures {
        try await store.onWriter(failure)
        let error = await #expect(throws: StorageError.self) { try await store.keep(event) }
        let text = String(describing: error) + String(reflecting: error)
        #expect(!text.contains(marker) && !text.contains("4711"), "\(failure)")
        #expect(text.contains("cannot store events in"), "\(text)")
        try await store.onWriter("DROP TRIGGER refuse")
      }
      #expect(try await store.events(EventQuery()).isEmpty)
      try await store.keep(event)
    }
  }

  @Test func cancellingTheTaskDoesNotStopACommit() async throws {
    try await withStore { store in
      let task = Task {  // safe: awaited in the next lines
        withUnsafeCurrentTask { $0?.cancel() }
        return try await store.keep(SampleRecords.event("one"))
      }
      let receipts = try await task.value
      #expect(receipts.map(\.isDuplicate) == [false])
      #expect(try await store.events(EventQuery()).count == 1)
    }
  }

  private static func large(_ number: Int) -> FaceEvent {
    var event = SampleRecords.event("large \(number)", at: Int64(number))
    event.originalText = SharedBytes([UInt8](repeating: UInt8(ascii: "x"), count: 9_000))
    return event
  }
}

extension SQLiteStore {
  @discardableResult
  func keep(_ events: FaceEvent...) async throws -> [StoreReceipt] {
    try await append(events.map { .event($0, locations: SampleLocations.of($0)) })
  }

  func onWriter(_ sql: String) async throws {
    try await pool.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

/// A file system in memory of a few megabytes, mounted over a directory. Needs the right to mount.
enum TinyFileSystem {
  static let isPossible: Bool = {
    let directory = NSTemporaryDirectory() + "fogcatcher-mount-\(UUID().uuidString)"
    guard mkdir(directory, 0o700) == 0 else { return false }
    defer { rmdir(directory) }
    guard mount("tmpfs", directory, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount2(directory, Int32(MNT_DETACH)) == 0
  }()

  static func with(_ directory: String, bytes: Int, _ body: () async throws -> Void) async throws {
    try #require(mount("tmpfs", directory, "tmpfs", 0, "size=\(bytes)") == 0)
    defer { umount2(directory, Int32(MNT_DETACH)) }
    try await body()
  }
}
