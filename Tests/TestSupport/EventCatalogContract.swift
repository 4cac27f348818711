public import FaceEvents

/// What every ``EventCatalog`` promises, of a store that is an ``EventStore`` too. A test target runs each case against an empty store.
public enum EventCatalogContract {
  public typealias Store = any EventStore & EventCatalog
  public typealias Case = ContractCase<Store>

  public static let cases: [Case] = pages + people + places + statistics
}

extension EventStore where Self: EventCatalog {
  /// All pages of a query.
  func allPages(_ query: EventQuery, limit: Int) async throws -> [LoggedEvent] {
    var query = query
    query.limit = limit
    var all: [LoggedEvent] = []
    while true {
      let page = try await page(query)
      try require(page.entries.count <= limit, "a page has at most as many events as asked for")
      all += page.entries
      guard let next = page.next else { return all }
      try require(next != query.after, "each page gets on")
      query.after = next
    }
  }

  func allPeople(limit: Int, _ change: (inout PeopleQuery) -> Void = { _ in }) async throws -> [PersonRecord] {
    var query = PeopleQuery()
    change(&query)
    query.limit = limit
    var all: [PersonRecord] = []
    while true {
      let page = try await people(query)
      try require(page.people.count <= limit, "a page has at most as many people as asked for")
      all += page.people
      guard let next = page.next else { return all }
      try require(next != query.after, "each page gets on")
      query.after = next
    }
  }
}

extension EventCatalogContract {
  private static let pages: [Case] = [
    Case("every filter and every pair of filters gives exactly the events that match, in order, page by page") { store in
      _ = try await store.append(MixedEvents.all.map { .event($0, locations: []) })
      for (names, filter) in MixedEvents.filterPairs {
        var query = EventQuery()
        filter(&query)
        let expected = Set(MixedEvents.all.filter { MixedEvents.matches($0, query) }.map { "\($0.id) \($0.lane)" })
        for order in [EventQuery.Order.newestFirst, .oldestFirst] {
          query.order = order
          let read = try await store.allPages(query, limit: 9)
          try requireEqual(Set(read.compactMap(name)), expected, "\(names), \(order)")
          try requireEqual(read.count, expected.count, "\(names), \(order), number")
          let places = read.compactMap { place($0) }
          try require(
            places.elementsEqual(places.sorted { order == .oldestFirst ? $0 < $1 : $1 < $0 }, by: ==), "\(names), \(order), order")
        }
      }
    },
    Case("a page that has everything has no next one, even when it is full") { store in
      _ = try await store.append((0..<6).map { .event(SampleRecords.event("e\($0)", at: Int64($0)), locations: []) })
      for (limit, hasMore) in [(5, true), (6, false), (7, false)] {
        var query = EventQuery()
        query.limit = limit
        let page = try await store.page(query)
        try requireEqual(page.entries.count, min(limit, 6), "events")
        try requireEqual(page.next != nil, hasMore, "whether there is more after \(limit)")
      }
    },
    Case("a limit of none gives nothing, and an empty store nothing of everything") { store in
      try requireEqual(try await store.page(EventQuery()).entries.count, 0, "events")
      try requireEqual(try await store.people(PeopleQuery()), PeoplePage(people: [], next: nil), "people")
      try requireEqual(try await store.boxes(after: nil, limit: 5).count, 0, "boxes")
      try requireEqual(try await store.endpoints(box: nil, after: nil, limit: 5).count, 0, "endpoints")
      let start = Timestamp(milliseconds: SampleRecords.start)
      try requireEqual(try await store.statistics(StatisticsQuery(since: start, until: start)).count, 0, "statistics")
      _ = try await store.append(SampleRecords.event("one"))
      var query = EventQuery()
      query.limit = 0
      let page = try await store.page(query)
      try require(page.entries.isEmpty && page.next == nil, "no events")
    },
    Case("the same event on both lanes is found by its id, history first") { store in
      let live = SampleRecords.event("one", lane: .realtime)
      let late = SampleRecords.event("one", lane: .history)
      _ = try await store.append(live, late, SampleRecords.event("two"))
      try requireEqual(try await store.events(id: live.id).compactMap { $0.stored?.event.lane }, [.history, .realtime], "lanes")
      try requireEqual(try await store.events(id: SampleRecords.event("three").id).count, 0, "of an unknown id")
    },
    Case("an event in a page is whole") { store in
      let event = SampleRecords.fullEvent()
      _ = try await store.append(event)
      let stored = try await store.page(EventQuery()).entries.first?.stored
      try requireEqual(stored?.event.originalText, event.originalText, "text")
      try requireEqual(stored?.event.pictures, event.pictures, "pictures")
      try requireEqual(stored?.locations, SampleLocations.of(event), "locations")
    },
  ]

  private static func name(_ entry: LoggedEvent) -> String? { entry.stored.map { "\($0.event.id) \($0.event.lane)" } }

  private static func place(_ entry: LoggedEvent) -> (Int64, Int64)? { entry.stored.map { ($0.event.time.milliseconds, $0.sequence) } }
}

extension LoggedEvent {
  var stored: StoredEvent? { if case .event(let stored) = self { stored } else { nil } }
}
