import FaceEvents
import Foundation
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

/// People, boxes and endpoints as ingest keeps them up to date.
@Suite struct AggregateTests {
  @Test func theNewestEventByItsOwnTimeDescribesAPerson() async throws {
    try await withStore { store in
      let newest = Self.event("b", at: 50, name: "Lin Neu", .vip)
      try await store.keep(Self.event("a", at: 10, name: "Lin Alt"), newest)
      try await store.keep(Self.event("late", at: 20, name: "Lin Mittel", .visitor))
      let person = try #require(try await store.people().first)
      #expect(person.name == "Lin Neu" && person.personClass == PersonClass.vip.rawValue)
      #expect(person.times == [SampleRecords.start + 10, SampleRecords.start + 50] && person.eventCount == 3)
    }
  }

  @Test func aNewerEventWithoutANameDoesNotTakeItAway() async throws {
    try await withStore { store in
      try await store.keep(Self.event("a", at: 10, name: "Lin"), Self.event("b", at: 20, name: nil))
      try await store.keep(Self.event("c", at: 30, name: nil))
      #expect(try await store.people().map(\.name) == ["Lin"])
    }
  }

  @Test func strangersAndThoseWithoutAnIdAreNotPeople() async throws {
    try await withStore { store in
      try await store.keep(
        SampleRecords.event("a", person: Person(id: "s-1", name: "?", personClass: .stranger)),
        SampleRecords.event("b", person: Person(id: "", name: "nobody")), SampleRecords.event("c", person: Person(name: "nobody")))
      #expect(try await store.people().isEmpty)
    }
  }

  @Test func aPersonsPictureIsTheReferenceOfTheirNewestEventThatHasOne() async throws {
    try await withStore { store in
      let old = SampleRecords.event("old", at: 10, pictures: [SampleRecords.picture("old face", .reference)])
      let new = SampleRecords.event(
        "new", at: 30, pictures: [SampleRecords.picture("hall", .scene), SampleRecords.picture("new face", .reference, byteCount: 777)])
      try await store.keep(new)
      try await store.keep(old, SampleRecords.event("newest", at: 40, pictures: [SampleRecords.picture("hall", .scene)]))
      let person = try #require(try await store.people().first)
      #expect(person.pictureDigest == new.pictures[1].digest.bytes && person.pictureByteCount == 777)
      #expect(person.pictureOffset == Int64(SampleLocations.of(new)[1].offset))
    }
  }

  @Test func aResendCountsNowhere() async throws {
    try await withStore { store in
      let event = SampleRecords.event("one", at: 5)
      try await store.keep(event)
      try await store.keep(event, event)
      #expect(try await store.people().map(\.eventCount) == [1])
      let counts = try await store.pool.read { db in
        try Int64.fetchAll(
          db, sql: "SELECT event_count FROM box UNION ALL SELECT event_count FROM endpoint UNION ALL SELECT event_count FROM stratum")
      }
      #expect(counts == [1, 1, 1])
    }
  }

  @Test func aDuplicateFromAnotherAddressMakesNoBox() async throws {
    try await withStore { store in
      let event = SampleRecords.event("one")
      try await store.keep(event)
      var again = event
      again.box = Box(code: "192.0.2.99", origin: .sourceAddress)
      try await store.keep(again)
      #expect(try await store.counts().boxes == 1)
    }
  }

  @Test func aBoxKnowsItsLastStatusItsAddressAndItsBestOrigin() async throws {
    try await withStore { store in
      var first = SampleRecords.status("first", at: 100)
      first.box.origin = .sourceAddress
      first.source.address = "198.51.100.1"
      let receipts = try await store.append([.status(first), .status(SampleRecords.status("late", at: 50))])
      try await store.keep(SampleRecords.event("one", at: 10))
      let row = try #require(try store.pool.read { try Row.fetchOne($0, sql: "SELECT * FROM box") })
      #expect(row["last_status"] as Int64 == receipts[0].sequence && row["last_status_at"] as Int64 == SampleRecords.start + 100)
      #expect(row["origin"] as Int64 == 1 && row["event_count"] as Int64 == 1)
      #expect(row["first_seen"] as Int64 == SampleRecords.start + 10 && row["last_seen"] as Int64 == SampleRecords.start + 10)
      #expect(row["last_received_at"] as Int64 == SampleRecords.start + 1_010 && row["source_address"] as String == "192.0.2.10")
    }
  }

  @Test func endpointsOfTheSameNameBelongToTheirBoxes() async throws {
    try await withStore { store in
      try await store.keep(
        SampleRecords.event("a", box: "BOX-A", endpoint: "0"), SampleRecords.event("b", box: "BOX-B", endpoint: "0"),
        SampleRecords.event("c", box: "BOX-B", endpoint: "1"), SampleRecords.event("d", box: "BOX-B", endpoint: nil))
      #expect(try await store.counts().endpoints == 3)
    }
  }

  /// Whatever the order and the batches, counts and times come out the same.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func countsAndTimesDoNotDependOnOrderOrBatches(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let events = (0..<150).map { number in
      SampleRecords.event(
        "e\(number)", at: Int64.random(in: 0...40, using: &random), lane: Bool.random(using: &random) ? .history : .realtime,
        person: Person(id: "p-\(number % 7)", name: "N"), box: "BOX-\(number % 3)", endpoint: "gate-\(number % 5)")
    }
    var tables: [[String]] = []
    for _ in 0..<2 {
      let shuffled = events.shuffled(using: &random)
      let batch = Int.random(in: 1...60, using: &random)
      let table = try await withStore { store in
        for start in stride(from: 0, to: shuffled.count, by: batch) {
          _ = try await store.append(
            shuffled[start..<min(start + batch, shuffled.count)].map { .event($0, locations: SampleLocations.of($0)) })
        }
        return try await store.summary()
      }
      tables.append(table)
    }
    #expect(tables[0] == tables[1], "seed \(seed)")
    let model = Dictionary(grouping: events) { $0.person.id ?? "" }.map { id, events in
      let times = events.map(\.time.milliseconds)
      return "\(id) \(times.min() ?? 0) \(times.max() ?? 0) \(events.count)"
    }
    #expect(tables[0].filter { $0.hasPrefix("p-") } == model.sorted(), "seed \(seed)")
  }

  private static func event(_ seed: String, at time: Int64, name: String?, _ personClass: PersonClass = .employee) -> FaceEvent {
    SampleRecords.event(seed, at: time, person: Person(id: "p-1", name: name, personClass: personClass))
  }
}

private struct PersonRow {
  var name: String?
  var personClass: UInt8
  var times: [Int64]
  var eventCount: Int64
  var pictureDigest: [UInt8]?
  var pictureByteCount: Int64?
  var pictureOffset: Int64?
}

extension SQLiteStore {
  fileprivate func people() async throws -> [PersonRow] {
    try await pool.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM person ORDER BY person_id").map { row in
        PersonRow(
          name: row["name"], personClass: row["person_class"], times: [row["first_seen"], row["last_seen"]], eventCount: row["event_count"],
          pictureDigest: (row["picture_digest"] as Data?).map { Array($0) }, pictureByteCount: row["picture_byte_count"],
          pictureOffset: row["picture_offset"])
      }
    }
  }

  fileprivate func summary() async throws -> [String] {
    try await pool.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT concat FROM (
            SELECT person_id || ' ' || first_seen || ' ' || last_seen || ' ' || event_count AS concat FROM person
            UNION ALL SELECT code || ' ' || first_seen || ' ' || last_seen || ' ' || last_received_at || ' ' || event_count FROM box
            UNION ALL SELECT code || '/' || id || ' ' || e.first_seen || ' ' || e.last_seen || ' ' || e.event_count
              FROM endpoint AS e JOIN box ON box.key = e.box
            UNION ALL SELECT 'stratum ' || person_class || ' ' || lane || ' ' || endpoint.id || ' ' || s.event_count || ' ' || s.first_time || ' ' || s.last_time
              FROM stratum AS s JOIN endpoint ON endpoint.key = s.endpoint
            UNION ALL SELECT 'hour ' || hour || ' ' || person_class || ' ' || event_count FROM hour_tally WHERE endpoint = 0
          ) ORDER BY concat
          """)
    }
  }
}
