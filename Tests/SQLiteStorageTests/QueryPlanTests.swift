import FaceEvents
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

/// At ten million events a plan that scans or sorts is an outage: every query of the store is explained by SQLite itself.
@Suite struct QueryPlanTests {
  @Test(arguments: EventIndex.allCases, [EventQuery.Order.newestFirst, .oldestFirst])
  func everyListOfEventsIsAWalkOfOneIndex(index: EventIndex, order: EventQuery.Order) async throws {
    try await withStore { store in
      try await store.pool.read { db in
        for filter in Self.filters(walking: index) {
          for stretch in WalkStatements.Stretch.allCases {
            let plan = try Self.plan(WalkStatements.sql(stretch, index, filter, order), db)
            let walk = try #require(plan.first)
            let columns = try #require(walk.firstMatch(of: /^SEARCH event USING (?:COVERING )?INDEX (\w+) \((.*)\)$/))
            #expect(columns.1 == index.rawValue)
            #expect(columns.2 == ([Self.fixed(index)] + Self.sought(stretch, order, index)).joined(separator: " AND "))
            #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
          }
        }
      }
    }
  }

  /// Of a person everything that tells boxes, endpoints, classes and forms apart is read from the index.
  @Test func aPersonsEventsAreCheckedInTheIndex() async throws {
    try await withStore { store in
      try await store.pool.read { db in
        var query = EventQuery()
        query.boxCode = "BOX-A"
        query.endpointID = "gate-1"
        query.personClass = .employee
        query.form = .g2
        query.namePart = "lin"
        query.scoreMin = 0.6
        query.scoreMax = 0.9
        let filter = EventFilter(query, walking: .person, checksNames: false)
        #expect(!filter.readsRows)
        for sql in [WalkStatements.sql(.times, .person, filter, .newestFirst), PersonSQL.passages] {
          let plan = try Self.plan(sql, db)
          #expect(plan.first?.hasPrefix("SEARCH event USING COVERING INDEX event_person") == true, "\(plan)")
        }
      }
    }
  }

  @Test func scoresAndNamesOfAStratumAreCheckedInTheIndex() async throws {
    try await withStore { store in
      try await store.pool.read { db in
        var query = EventQuery()
        query.namePart = "lin"
        query.scoreMin = 0.6
        query.scoreMax = 0.9
        let filter = EventFilter(query, walking: .stratum, checksNames: true)
        #expect(!filter.readsRows)
        let inIndex = try Self.readsRows(WalkStatements.sql(.times, .stratum, filter, .newestFirst), db)
        #expect(!inIndex)
        let onRows = EventFilter(query, walking: .time, checksNames: true)
        let onTable = try Self.readsRows(WalkStatements.sql(.times, .time, onRows, .newestFirst), db)
        #expect(onTable)
      }
    }
  }

  /// Nothing to check, everything to check, and everything with the names.
  private static func filters(walking index: EventIndex) -> [EventFilter] {
    var query = EventQuery()
    let nothing = EventFilter(query, walking: index, checksNames: false)
    query.personID = "p-17"
    query.boxCode = "BOX-A"
    query.endpointID = "gate-1"
    query.personClass = .employee
    query.form = .g2
    query.hasWarnings = true
    query.scoreMin = 0.5
    query.scoreMax = 0.9
    query.namePart = "lin"
    return [nothing, EventFilter(query, walking: index, checksNames: false), EventFilter(query, walking: index, checksNames: true)]
  }

  private static func fixed(_ index: EventIndex) -> String {
    switch index {
    case .id: "id=? AND lane=?"
    case .person: "person_id=? AND lane=?"
    case .stratum: "endpoint=? AND person_class=? AND form=? AND has_warnings=? AND score_quarter=? AND lane=?"
    case .time: "lane=?"
    }
  }

  /// An id and a lane are one row already.
  private static func sought(_ stretch: WalkStatements.Stretch, _ order: EventQuery.Order, _ index: EventIndex) -> [String] {
    // The indexes of people and strata name it, the others have it because every index does.
    let sequence = "\(index == .person || index == .stratum ? "sequence" : "rowid")\(order == .newestFirst ? "<" : ">")?"
    switch stretch {
    case .rest: return index == .id ? [sequence] : ["time=?", sequence]
    case .times: return index == .id ? [] : ["time>?", "time<?"]
    }
  }

  /// Each is one look-up, or a walk from a place that the key finds.
  @Test(arguments: [
    EventRow.sql, StatusSQL.newestOfBox, EventStatements.findEventSQL, SQLiteStore.eventPicturesSQL, EventLogSQL.ofID,
    EventLogSQL.following, PersonSQL.byID, PersonSQL.newest, PersonSQL.newestOfMoment, PersonSQL.newestBefore, PersonSQL.passages,
    PersonTexts.findByNameSQL, PersonTexts.findByIDSQL, CatalogSQL.findNamesake, PeopleScope.findSQL, CatalogSQL.findPersonName,
    EndpointNames.findSQL, BoxSQL.byCode, BoxSQL.following,
    EndpointSQL.ofBox, EndpointSQL.withID, EndpointSQL.followingInBox, EndpointSQL.ofFollowingBoxes, NewestArrivals.timesSQL, HourSQL.next,
    HourSQL.ofEndpoint, HourSQL.ofEveryEndpoint,
  ])
  func rowsAreFoundByKey(_ sql: String) async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(sql, $0) }
      #expect(plan.allSatisfy { $0.hasPrefix("SEARCH ") }, "\(plan)")
      #expect(!plan.isEmpty)
    }
  }

  /// They read from one end of a table or index as far as the page goes.
  @Test(arguments: [
    (StatusSQL.newest, "SCAN s"), (BoxSQL.first, "SCAN box USING INDEX"), (EndpointSQL.all, "SCAN box USING COVERING INDEX"),
  ])
  func firstPagesAreReadFromTheEndOfATable(sql: String, first: String) async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(sql, $0) }
      #expect(plan.first?.hasPrefix(first) == true && !plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }

  /// Strata are few: some for each endpoint. Of a box or an endpoint only its own are read.
  @Test func strataAreReadOfTheEndpointsThatAreAskedFor() async throws {
    try await withStore { store in
      try await store.pool.read { db in
        for filter in MixedEvents.filters {
          var query = EventQuery()
          filter.set(&query)
          for isOfBox in [true, false] {
            if isOfBox { query.boxCode = "BOX-A" } else { query.endpointID = "gate-1" }
            let plan = try Self.plan(StrataScope.sql(query), db)
            #expect(plan.contains { $0.hasPrefix("SEARCH s USING PRIMARY KEY (endpoint=?") }, "\(filter.name): \(plan)")
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH ") || $0.hasPrefix("SCALAR SUBQUERY") }, "\(filter.name): \(plan)")
          }
        }
      }
    }
  }

  /// Only a handful of rows is put in order here: those of one box or endpoint.
  @Test(arguments: [NewestArrivals.ofBoxSQL, NewestArrivals.ofEndpointSQL])
  func theNewestEventsOfAPlaceComeFromItsStrata(_ sql: String) async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(sql, $0) }
      #expect(plan.dropLast().allSatisfy { $0.hasPrefix("SEARCH ") } && plan.last == "USE TEMP B-TREE FOR ORDER BY", "\(plan)")
    }
  }

  /// The migration's walks: all rows, in the order of an index, without a copy of them.
  @Test(arguments: [CatalogFilling.fillStrata, CatalogFilling.walkHours])
  func fillingWalksTheIndex(_ sql: String) async throws {
    try await withStore { store in
      let plan = try await store.pool.read { try Self.plan(sql, $0) }
      #expect(plan.contains { $0.hasPrefix("SCAN event USING") && $0.hasSuffix("INDEX event_stratum") }, "\(plan)")
      #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }

  /// Whether the program takes a column from the table of events. To SQLite an index does not cover a walk that names a computed column,
  /// though it has it; what counts is that no row is sought.
  private static func readsRows(_ sql: String, _ db: Database) throws -> Bool {
    let table = try #require(try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'event'"))
    let steps = try Row.fetchAll(db, sql: "EXPLAIN " + sql.replacing("?", with: "1")).map { row -> (name: String, p1: Int, p2: Int) in
      (row["opcode"], row["p1"], row["p2"])
    }
    let cursor = try #require(steps.first { $0.name == "OpenRead" && $0.p2 == table }?.p1)
    return steps.contains { $0.name == "Column" && $0.p1 == cursor }
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
