import FaceEvents
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

/// At ten million events a plan that scans or sorts is an outage: every query of the store is explained by SQLite itself.
@Suite struct QueryPlanTests {
  private static let filters: [(name: String, set: @Sendable (inout EventQuery) -> Void)] = [
    ("id", { $0.id = SampleRecords.event("one").id }),
    ("person", { $0.personID = "p-17" }),
    ("no person id", { $0.personID = "" }),
    ("endpoint", { $0.endpointID = "gate-1" }),
    ("box", { $0.boxCode = "BOX-A" }),
    ("class", { $0.personClass = .employee }),
  ]

  @Test func everyListOfEventsIsAWalkOfOneIndex() async throws {
    try await withStore { store in
      _ = try await store.append([.event(SampleRecords.event("one"), locations: [])])
      try await store.pool.read { db in
        var indexes: Set<String> = []
        for subset in 0..<(1 << Self.filters.count) {
          var query = EventQuery()
          for (index, filter) in Self.filters.enumerated() where subset >> index & 1 == 1 { filter.set(&query) }
          for order in [EventQuery.Order.newestFirst, .oldestFirst] {
            query.order = order
            let search = try #require(try EventSearch(query, db))
            for span in [EventSearch.Span.rest(of: EventQuery.Cursor(time: Timestamp(milliseconds: 5), sequence: 1)), .times(0, 9)] {
              let plan = try Self.plan(search.sql(span), db)
              let walked = try #require(plan.first?.firstMatch(of: /^SEARCH event USING (COVERING )?INDEX (\w+) \((\w+=\? AND )?lane=\?/))
              #expect(plan.count == 1, "\(plan)")
              indexes.insert(String(walked.2))
            }
          }
        }
        #expect(indexes == ["event_id", "event_person", "event_endpoint", "event_class", "event_time"])
      }
    }
  }

  @Test(arguments: [
    ("event_time", "(lane=? AND time>? AND time<?)", EventSearch.Span.times(0, 9)),
    ("event_time", "(lane=? AND time=? AND rowid<?)", .rest(of: EventQuery.Cursor(time: Timestamp(milliseconds: 5), sequence: 1))),
  ])
  func timeAndSequenceAreSought(index: String, columns: String, span: EventSearch.Span) async throws {
    try await withStore { store in
      try await store.pool.read { db in
        let search = try #require(try EventSearch(EventQuery(), db))
        let plan = try Self.plan(search.sql(span), db)
        #expect(plan == ["SEARCH event USING COVERING INDEX \(index) \(columns)"])
      }
    }
  }

  @Test(arguments: [
    EventRow.sql, StatusSQL.newestOfBox, EventStatements.findEventSQL, SQLiteStore.eventPicturesSQL,
  ])
  func rowsAreFoundByKey(_ sql: String) async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(sql, $0) }
      #expect(plan.allSatisfy { $0.hasPrefix("SEARCH ") }, "\(plan)")
      #expect(!plan.isEmpty)
    }
  }

  @Test func theNewestStatusReportsAreReadFromTheEndOfTheTable() async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(StatusSQL.newest, $0) }
      #expect(plan.first == "SCAN s" && !plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }

  private static func plan(_ sql: String, _ db: Database) throws -> [String] {
    var details: [String] = []
    try SQLStatement(cached: "EXPLAIN QUERY PLAN " + sql, db).rows({ _ in }) { columns in
      _ = (columns.integer(), columns.integer(), columns.integer())
      details.append(columns.text())
      return true
    }
    return details
  }
}
