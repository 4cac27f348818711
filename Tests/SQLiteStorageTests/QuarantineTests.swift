import FaceEvents
import Foundation
import TestSupport
import Testing

@testable import SQLiteStorage

/// What the contract cannot know: files, restarts and this store's bounds.
@Suite struct QuarantineTests {
  @Test func entriesBodiesAndTheEvictedCountSurviveARestart() async throws {
    try await withDirectory { directory in
      var store = try openStore(directory) { $0.quarantineEntriesMax = 2 }
      for number in 0..<3 { _ = try await store.quarantine(SampleRecords.request("body \(number)", at: Int64(number))) }
      try store.close()
      store = try openStore(directory) { $0.quarantineEntriesMax = 2 }
      defer { try? store.close() }
      #expect(try await store.quarantineTotals() == QuarantineTotals(entries: 2, bytes: 12, evicted: 1))
      let entries = try await store.quarantineEntries(limit: 10)
      #expect(try await store.quarantinedBody(entries[0].id)?.array == Array("body 2".utf8))
      #expect(try Self.files(directory).count == 2)
    }
  }

  @Test func theNumberOfEntriesIsBoundedToo() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory) { $0.quarantineEntriesMax = 3 }
      defer { try? store.close() }
      for number in 0..<10 { _ = try await store.quarantine(SampleRecords.request("\(number)", at: Int64(number))) }
      #expect(try await store.quarantineTotals() == QuarantineTotals(entries: 3, bytes: 3, evicted: 7))
      #expect(try Self.files(directory).count == 3)
    }
  }

  @Test func aRequestThatComesAgainIsNotTheOldestAnyMore() async throws {
    try await withStore({ $0.quarantineEntriesMax = 2 }) { store in
      for (text, time) in [("a", 0), ("b", 1), ("a", 2), ("c", 3)] {
        _ = try await store.quarantine(SampleRecords.request(text, at: Int64(time)))
      }
      let kept = try await store.quarantineEntries(limit: 10).map(\.digest)
      #expect(kept == [SampleRecords.digest("c"), SampleRecords.digest("a")])
    }
  }

  @Test(arguments: [(24_999, 24_999), (25_000, 25_000), (25_001, 25_000), (400_000, 25_000)])
  func aBodyIsKeptUpToAQuarterOfTheBound(sent: Int, kept: Int) async throws {
    try await withStore({ $0.quarantineBytesMax = 100_000 }) { store in
      let request = SampleRecords.request(String(repeating: "y", count: sent))
      let entry = try await store.quarantine(request)
      #expect(entry.byteCount == sent)
      #expect(try await store.quarantinedBody(entry.id)?.count == kept)
      #expect(try await store.quarantineTotals().bytes == Int64(kept))
    }
  }

  @Test func whatACrashLeftBetweenFileAndRowIsRemovedAtTheNextStart() async throws {
    try await withDirectory { directory in
      var store = try openStore(directory)
      let entry = try await store.quarantine(SampleRecords.request("kept"))
      try store.close()
      let folder = directory + "/quarantine/"
      for name in [QuarantineFolder.name(SampleRecords.digest("unlisted")), QuarantineFolder.name(entry.digest) + ".draft", "notes.txt"] {
        #expect(FileManager.default.createFile(atPath: folder + name, contents: Data([1])))
      }
      store = try openStore(directory)
      defer { try? store.close() }
      #expect(try Self.files(directory) == [QuarantineFolder.name(entry.digest), "notes.txt"].sorted())
      #expect(try await store.quarantinedBody(entry.id)?.array == Array("kept".utf8))
    }
  }

  @Test func aLostOrCutFileIsDamagedAndTheSameRequestBringsItBack() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory)
      defer { try? store.close() }
      let request = SampleRecords.request("the whole body")
      let entry = try await store.quarantine(request)
      let file = directory + "/quarantine/" + QuarantineFolder.name(entry.digest)
      try Data("the".utf8).write(to: URL(fileURLWithPath: file))
      await #expect(throws: StorageError.self) { try await store.quarantinedBody(entry.id) }
      try FileManager.default.removeItem(atPath: file)
      let error = try #require(await #expect(throws: StorageError.self) { try await store.quarantinedBody(entry.id) })
      guard case .damaged = error else {
        Issue.record("not damaged: \(error)")
        return
      }
      _ = try await store.quarantine(request)
      #expect(try await store.quarantinedBody(entry.id) == request.body)
    }
  }

  @Test func manyRequestsAtOnceAreAllKept() async throws {
    try await withStore { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<60 {
          group.addTask { _ = try await store.quarantine(SampleRecords.request("body \(number % 20)", at: Int64(number))) }
        }
        try await group.waitForAll()
      }
      let entries = try await store.quarantineEntries(limit: 100)
      #expect(entries.count == 20 && entries.allSatisfy { $0.count == 3 })
    }
  }

  private static func files(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory + "/quarantine").sorted()
  }
}
