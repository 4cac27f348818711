import FaceEvents
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

@Suite struct CatalogTests {
  /// Whatever the merge does, it finds what a look at every event finds: random queries, random limits, few rows looked at for each page.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func randomQueriesFindWhatTheyShouldHoweverFewRowsAPageMayLookAt(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    try await withStore { store in
      _ = try await store.append(MixedEvents.all.shuffled(using: &random).map { .event($0, locations: []) })
      for _ in 0..<60 {
        var query = EventQuery()
        for _ in 0..<Int.random(in: 0...3, using: &random) { MixedEvents.filters.randomElement(using: &random)?.set(&query) }
        query.order = Bool.random(using: &random) ? .newestFirst : .oldestFirst
        query.limit = Int.random(in: 1...40, using: &random)
        let rowsMax = Int.random(in: 1...50, using: &random)
        let expected = Set(MixedEvents.all.filter { MixedEvents.matches($0, query) }.map { "\($0.id) \($0.lane)" })
        let (found, isInOrder) = try await Self.found(query, rowsMax: rowsMax, store)
        #expect(Set(found) == expected && found.count == expected.count && isInOrder, "seed \(seed), \(query)")
      }
    }
  }

  private static func found(_ query: EventQuery, rowsMax: Int, _ store: SQLiteStore) async throws -> ([String], isInOrder: Bool) {
    try await store.pool.read { db in
      var query = query
      var places: [EventQuery.Cursor] = []
      while let search = try EventSearch(query, db) {
        let page = try search.places(db, max: rowsMax, deadline: .now)
        places += page.found
        guard let next = page.next else { break }
        query.after = next
      }
      let row = try EventRow(db)
      let names = try places.map { place in
        let event = try row.event(place.sequence).event
        return "\(event.id) \(event.lane)"
      }
      let keys = places.map { ($0.time.milliseconds, $0.sequence) }
      return (names, zip(keys, keys.dropFirst()).allSatisfy { query.order == .oldestFirst ? $0 < $1 : $1 < $0 })
    }
  }

  @Test func aSearchInVainGivesAShortPageThatSaysWhereToGoOn() async throws {
    try await withStore { store in
      var query = EventQuery()
      query.scoreMax = 0.85
      let cost = ReadingCost(EventFilter(query, walking: .stratum, checksNames: false), .stratum)
      let count = cost.lookedMax + 500
      _ = try await store.append(
        (0..<count).map { number in
          var event = SampleRecords.event("e\(number)", at: Int64(number))
          // All scores are in one quarter, so that no stratum tells the one event apart.
          event.score = Score(value: number == 0 ? 0.8 : 0.9, scale: .unit)
          return .event(event, locations: [])
        })
      let pages = try await store.pool.read { [query] db in
        let search = try #require(try EventSearch(query, db))
        let now = ContinuousClock.now
        return (quick: try search.places(db, deadline: now + .seconds(3600)), slow: try search.places(db, deadline: now))
      }
      func looked(_ page: EventSearch.Places) -> Int? {
        page.next.map { count - Int($0.time.milliseconds - SampleRecords.start) }
      }
      #expect(pages.quick.found.isEmpty && looked(pages.quick) == cost.lookedMax)
      let slow = try #require(looked(pages.slow))
      #expect(pages.slow.found.isEmpty && slow >= cost.lookedMin && slow < cost.lookedMin * 3 / 2, "a slow machine gives up earlier")

      let first = try await store.page(query)
      #expect(first.entries.isEmpty && first.next != nil)
      var (last, found) = (first, 0)
      while let next = last.next {
        query.after = next
        last = try await store.page(query)
        found += last.entries.count
      }
      #expect(found == 1)
      query.after = nil
      #expect(try await store.events(query).count == 1, "a list for programs goes on by itself")
    }
  }

  @Test func aPartOfManyNamesIsCheckedEventByEvent() async throws {
    try await withStore { store in
      let count = PeopleScope.peopleMax * 2
      _ = try await store.append(
        (0..<count).map { number in
          let name = number % 2 == 0 ? "Even \(number)" : "Odd \(number)"
          return .event(SampleRecords.event("e\(number)", at: Int64(number), person: Person(id: "p-\(number)", name: name)), locations: [])
        })
      for (part, expected) in [("even", count / 2), ("e", count / 2), ("d", count / 2), ("n", count / 2), ("even 2", 25), ("x", 0)] {
        var query = EventQuery()
        query.namePart = part
        query.limit = 7
        var found = 0
        while true {
          let page = try await store.page(query)
          found += page.entries.count
          guard let next = page.next else { break }
          query.after = next
        }
        let model = (0..<count).filter { ($0 % 2 == 0 ? "even \($0)" : "odd \($0)").contains(part) }.count
        #expect(found == model, "\(part)")
        #expect(expected == model || part == "even 2")
      }
    }
  }

  @Test func aTextThatManyPeopleHaveIsCheckedPersonByPerson() async throws {
    try await withStore { store in
      let count = PeopleSearch.candidatesMax * 2 + 100
      _ = try await store.append(
        (0..<count).map { number in
          let person = Person(id: "p-\(number)", name: number % 50 == 0 ? "Ada" : "Bo", personClass: number % 3 == 0 ? .vip : .employee)
          return .event(SampleRecords.event("e\(number)", at: Int64(number % 700), person: person), locations: [])
        })
      for (text, expected) in [("bo", count - count / 50), ("p-", count), ("ada", count / 50)] {
        var query = PeopleQuery()
        query.text = text
        query.limit = 60
        var found: [PersonRecord] = []
        while true {
          let page = try await store.people(query)
          found += page.people
          guard let next = page.next else { break }
          query.after = next
        }
        #expect(found.count == expected && Set(found.map(\.id)).count == expected, "\(text)")
        #expect(found.map(\.lastSeen) == found.map(\.lastSeen).sorted(by: >), "\(text)")
      }
    }
  }

  /// Their record does not know of what was sent of them as a stranger, so the walks begin as if it were not there.
  @Test func whoWasAlsoSentAsAStrangerIsPagedInOrder() async throws {
    try await withStore { store in
      for number in 0..<60 {
        let person = Person(
          id: "p-\(number % 3)", name: "Lin \(number % 3)", personClass: number > 20 && number % 4 != 0 ? .stranger : .vip)
        try await store.keep(
          SampleRecords.event("e\(number)", at: Int64(number), lane: number % 2 == 0 ? .history : .realtime, person: person))
      }
      for (set, expected) in [({ $0.namePart = "lin" }, 30), ({ $0.personID = "p-1" }, 20)] as [((inout EventQuery) -> Void, Int)] {
        var query = EventQuery()
        set(&query)
        query.limit = 4
        for order in [EventQuery.Order.newestFirst, .oldestFirst] {
          query.order = order
          query.after = nil
          var found: [Int64] = []
          while true {
            let page = try await store.page(query)
            found += page.entries.map(\.sequence)
            guard let next = page.next else { break }
            query.after = next
          }
          #expect(found == (order == .newestFirst ? found.sorted(by: >) : found.sorted()) && found.count == expected)
        }
      }
    }
  }

  @Test func aDamagedRowIsAnEntryOfItsPage() async throws {
    try await withStore { store in
      for number in 0..<5 { try await store.keep(SampleRecords.event("e\(number)", at: Int64(number))) }
      try await store.pool.write { try $0.execute(sql: "UPDATE event SET original = x'00' WHERE sequence = 3") }
      let page = try await store.page(EventQuery())
      #expect(page.entries.map(\.sequence) == [5, 4, 3, 2, 1] && page.next == nil)
      guard case .damaged(_, let reason) = page.entries[2] else {
        Issue.record("the damaged row passes for an event")
        return
      }
      #expect(reason.contains("number 3"))
      let ofID = try await store.events(id: SampleRecords.event("e2", at: 2).id)
      #expect(ofID.count == 1 && ofID[0].sequence == 3)
    }
  }

  @Test func aPageEndsEarlyWhenItsTextsAreLargeAndGoesOnFromThere() async throws {
    try await withStore({ $0.pageBytesMax = 150 }) { store in
      for number in 0..<5 { try await store.keep(SampleRecords.event("e\(number)", at: Int64(number))) }
      var query = EventQuery()
      var read: [[Int64]] = []
      while true {
        let page = try await store.page(query)
        read.append(page.entries.map(\.sequence))
        guard let next = page.next else { break }
        query.after = next
      }
      #expect(read.flatMap(\.self) == [5, 4, 3, 2, 1] && read.count > 1)
    }
  }

  @Test func visitsAreThoseOfTheNewestEventsWhenThereAreTooMany() async throws {
    try await withStore { store in
      let hour: Int64 = 3_600_000
      let count = PersonSQL.visitEventsMax + 10
      _ = try await store.append((0..<count).map { .event(SampleRecords.event("e\($0)", at: Int64($0) * hour / 100), locations: []) })
      let visits = try await store.visits(
        VisitQuery(
          personID: "p-17", since: Timestamp(milliseconds: SampleRecords.start), until: Timestamp(milliseconds: .max), utcOffsetSeconds: 0))
      #expect(visits.reduce(0) { $0 + $1.eventCount } == PersonSQL.visitEventsMax)
      #expect(visits.first?.first.milliseconds == SampleRecords.start + 10 * hour / 100)
    }
  }

  /// The quarters as SQL computes them for the index, and as Swift counts them.
  @Test func swiftAndSQLAgreeOnTheQuarterOfAScore() async throws {
    try await withStore { store in
      var values: [Double] = [0, 0.2, 0.25, 0.5, 0.75, 1, 24.999_999_999_999_996, 25, 49.999_999_999_999_99, 50, 74.9, 75, 100, 1e300, -1]
      values += values.flatMap { [$0.nextUp, $0.nextDown, $0 / 100] } + [.infinity, -.infinity, .nan]
      _ = try await store.append(
        values.enumerated().flatMap { number, value in
          [Score.Scale.unit, .percent].map { scale -> StoreEntry in
            var event = SampleRecords.event("\(number) \(scale)", at: Int64(number), endpoint: "\(number) \(scale)")
            event.score = Score(value: value, scale: scale)
            return .event(event, locations: [])
          }
        })
      let wrong = try await store.pool.read { db in
        try Int64.fetchAll(
          db,
          sql: """
            SELECT sequence FROM event WHERE NOT EXISTS (
              SELECT 1 FROM stratum AS s WHERE s.endpoint = event.endpoint AND s.score_quarter = event.score_quarter)
            """)
      }
      #expect(wrong.isEmpty)
      #expect(try await store.integrityCheck() == [])
    }
  }
}
