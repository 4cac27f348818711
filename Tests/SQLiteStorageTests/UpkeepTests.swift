import FaceEvents
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

@Suite struct UpkeepTests {
  @Test func everythingIsCounted() async throws {
    try await withStore { store in
      #expect(try await store.counts() == StoreCounts())
      #expect(try await store.latestSequence() == 0)
      _ = try await store.append([.status(SampleRecords.status("up"))])
      try await store.keep(
        SampleRecords.event("one", pictures: [SampleRecords.picture("face", .reference)]), SampleRecords.event("two", box: "B"))
      _ = try await store.quarantine(SampleRecords.request("x"))
      let expected = StoreCounts(
        events: 2, statusReports: 1, boxes: 2, endpoints: 2, people: 1, referencePictures: 1, quarantined: 1)
      #expect(try await store.counts() == expected)
      #expect(try await store.latestSequence() == 2)
    }
  }

  @Test func aSequenceIsNeverUsedAgain() async throws {
    try await withDirectory { directory in
      var store = try openStore(directory)
      try await store.keep(SampleRecords.event("one"), SampleRecords.event("two"))
      try await store.onWriter("DELETE FROM event")
      #expect(try await store.keep(SampleRecords.event("three")).map(\.sequence) == [3])
      try await store.onWriter("DELETE FROM event")
      try store.close()
      store = try openStore(directory)
      defer { try? store.close() }
      #expect(try await store.keep(SampleRecords.event("four")).map(\.sequence) == [4])
    }
  }

  @Test func statusReportsComeNewestFirstOfOneBoxOrOfAll() async throws {
    try await withStore { store in
      let reports = [("a", 10, "BOX-A"), ("b", 30, "BOX-B"), ("c", 20, "BOX-A")]
        .map { SampleRecords.status($0.0, at: Int64($0.1), box: $0.2) }
      _ = try await store.append(reports.map { .status($0) })
      let ofBox = try await store.statusReports(box: "BOX-A", limit: 10)
      #expect(ofBox.map(\.originalText) == [reports[2].originalText, reports[0].originalText])
      #expect(try await store.statusReports(limit: 2).map(\.originalText) == [reports[2].originalText, reports[1].originalText])
      #expect(try await store.statusReports(box: "nobody", limit: 2).isEmpty)
      let first = try #require(ofBox.last)
      #expect(first.form == .s2 && first.encoding == .json && first.receivedAt == reports[0].receivedAt)
      #expect(first.box == reports[0].box && first.source == reports[0].source && first.warnings.isEmpty)
    }
  }

  @Test func thePicturesOfAllEventsComeInPages() async throws {
    try await withStore { store in
      let events = (0..<25).map { number in
        SampleRecords.event(
          "e\(number)", at: Int64(-number), pictures: (0..<number % 3).map { SampleRecords.picture("\(number).\($0)", .scene) })
      }
      for event in events { try await store.keep(event) }
      var all: [EventPictures] = []
      while true {
        let page = try await store.eventPictures(after: all.last?.sequence ?? 0, limit: 4)
        #expect(page.count <= 4)
        if page.isEmpty { break }
        all += page
      }
      #expect(all.map(\.sequence) == Array(1...25))
      #expect(all.map(\.id) == events.map(\.id))
      #expect(all.map(\.pictures) == events.map(\.pictures))
      #expect(all.map(\.locations) == events.map { SampleLocations.of($0) })
      #expect(all.allSatisfy { !$0.isDamaged })
    }
  }

  @Test func aPageEndsWhenItsTextsAreLargeButHasAtLeastOneEvent() async throws {
    try await withStore({ $0.pageBytesMax = 25_000 }) { store in
      for number in 0..<7 {
        var event = SampleRecords.event("e\(number)", at: Int64(number))
        event.originalText = SharedBytes([UInt8](repeating: 120, count: number == 4 ? 90_000 : 10_000))
        try await store.keep(event)
      }
      var query = EventQuery()
      query.order = .oldestFirst
      var sizes: [Int] = []
      while let last = try await store.page(query, &sizes) {
        query.after = EventQuery.Cursor(time: last.event.time, sequence: last.sequence)
      }
      #expect(sizes == [2, 2, 1, 2])
    }
  }

  /// What SQLite cannot see, because the pages are sound: a value that is not what was written.
  @Test(arguments: [
    "UPDATE event SET original = CAST(replace(CAST(original AS TEXT), 'two', 'TWO') AS BLOB) WHERE sequence = 2",
    "UPDATE event SET pictures = NULL WHERE sequence = 2",
    "UPDATE event SET pictures = substr(pictures, 1, length(pictures) - 1) WHERE sequence = 2",
    "UPDATE event SET content_digest = zeroblob(32) WHERE sequence = 2",
    "UPDATE event SET checksum = checksum + 1 WHERE sequence = 2",
  ])
  func aChangedRowIsDamagedForReadersAndForTheCheck(_ sql: String) async throws {
    try await withStore { store in
      for name in ["one", "two", "three"] {
        try await store.keep(SampleRecords.event(name, pictures: [SampleRecords.picture(name, .scene)]))
      }
      try await store.onWriter(sql)
      let page = try await store.eventPictures(after: 0)
      #expect(page.map(\.isDamaged) == [false, true, false])
      let error = try #require(await #expect(throws: StorageError.self) { try await store.events(EventQuery()) })
      guard case .damaged(let text) = error else {
        Issue.record("not damaged: \(error)")
        return
      }
      #expect(text.contains("event number 2") && text.contains("fogcatcher verify"))
      #expect(try await store.integrityCheck() == [])
    }
  }

  @Test(arguments: [
    ("UPDATE event SET box = 99 WHERE sequence = 1", "row 1 of event refers to a box that is not there"),
    ("UPDATE event SET endpoint = 99 WHERE sequence = 1", "row 1 of event refers to a endpoint that is not there"),
  ])
  func aMissingBoxOrEndpointIsFound(sql: String, problem: String) async throws {
    try await withStore { store in
      try await store.keep(SampleRecords.event("one"))
      #expect(try await store.integrityCheck() == [])
      try await store.onWriter("PRAGMA foreign_keys = OFF; \(sql)")
      #expect(try await store.integrityCheck() == [problem])
      await #expect(throws: StorageError.self) { try await store.events(EventQuery()) }
    }
  }

  @Test func theLogStartsOverWhileEventsKeepComing() async throws {
    try await withDirectory { directory in
      let store = try openStore(directory) { $0.checkpointPages = 20 }
      defer { try? store.close() }
      for number in 0..<150 { try await store.keep(SampleRecords.event("e\(number)", at: Int64(number))) }
      let log = try FileManager.default.attributesOfItem(atPath: directory + "/fogcatcher.db-wal")
      // 150 commits of some twelve pages each are about 7 MB; eight times 20 pages are 0.7 MB.
      #expect(try #require(log[.size] as? Int) < 2 << 20)
      try await store.checkpoint()
      #expect(try await store.integrityCheck() == [])
    }
  }

  @Test func releasingMemoryChangesNothing() async throws {
    try await withStore { store in
      try await store.keep(SampleRecords.event("one"))
      try await store.releaseMemory()
      #expect(try await store.keep(SampleRecords.event("one")).map(\.isDuplicate) == [true])
      #expect(try await store.events(EventQuery()).count == 1)
    }
  }
}

extension SQLiteStore {
  fileprivate func page(_ query: EventQuery, _ sizes: inout [Int]) async throws -> StoredEvent? {
    let page = try await events(query)
    if !page.isEmpty { sizes.append(page.count) }
    return page.last
  }
}
