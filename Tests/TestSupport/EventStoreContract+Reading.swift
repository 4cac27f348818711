import FaceEvents

extension EventStoreContract {
  static let reading: [Case] = [
    Case("events come by time in either direction, those of one millisecond by sequence") { store in
      let times: [Int64] = [50, 10, 50, 30, 10, 50]
      let receipts = try await store.append(
        times.enumerated().map { .event(SampleRecords.event("e\($0.offset)", at: $0.element), locations: []) })
      let sequences = receipts.map(\.sequence)
      let expected = [1, 4, 3, 0, 2, 5].map { sequences[$0] }
      try requireEqual(try await store.events(.oldestFirst).map(\.sequence), expected, "oldest first")
      try requireEqual(try await store.events(.newestFirst).map(\.sequence), expected.reversed(), "newest first")
    },
    Case("pages that follow each other's last event have every event once, in both orders") { store in
      let entries = (0..<40).map { number in
        StoreEntry.event(
          SampleRecords.event("e\(number)", at: Int64(number / 7), lane: number % 3 == 0 ? .realtime : .history), locations: [])
      }
      let sequences = Set(try await store.append(entries).map(\.sequence))
      for order in [EventQuery.Order.newestFirst, .oldestFirst] {
        let read = try await allPages(store, order, limit: 3) { _ in }
        try requireEqual(read.count, 40, "events over all pages")
        try requireEqual(Set(read.map(\.sequence)), sequences, "sequences")
      }
    },
    Case("a limit of none or less gives nothing") { store in
      _ = try await store.append(SampleRecords.event("one"))
      for limit in [0, -1] {
        try requireEqual(try await store.events { $0.limit = limit }.count, 0, "events")
      }
    },
    Case("every filter and every pair of filters gives exactly the events that match, page by page") { store in
      let events = MixedEvents.all
      _ = try await store.append(events.map { .event($0, locations: []) })
      for (names, filter) in MixedEvents.filterPairs {
        var query = EventQuery()
        filter(&query)
        let expected = Set(events.filter { MixedEvents.matches($0, query) }.map { "\($0.id) \($0.lane)" })
        for order in [EventQuery.Order.newestFirst, .oldestFirst] {
          let read = try await allPages(store, order, limit: 7, filter)
          try requireEqual(Set(read.map { "\($0.event.id) \($0.event.lane)" }), expected, "\(names), \(order)")
          try requireEqual(read.count, expected.count, "\(names), \(order), number")
        }
      }
    },
    Case("a box, an endpoint or a person that nobody has seen gives nothing") { store in
      _ = try await store.append(SampleRecords.event("one"))
      try requireEqual(try await store.events { $0.boxCode = "no such box" }.count, 0, "events of a box")
      try requireEqual(try await store.events { $0.endpointID = "no such endpoint" }.count, 0, "events of an endpoint")
      try requireEqual(try await store.events { $0.personID = "nobody" }.count, 0, "events of a person")
    },
    Case("the extremes of time are times like others") { store in
      var first = SampleRecords.event("first")
      var last = SampleRecords.event("last")
      first.time = Timestamp(milliseconds: .min)
      last.time = Timestamp(milliseconds: .max)
      _ = try await store.append(first, last)
      try requireEqual(try await allPages(store, .newestFirst, limit: 1) { _ in }.count, 2, "newest first")
      try requireEqual(try await allPages(store, .oldestFirst, limit: 1) { _ in }.count, 2, "oldest first")
    },
  ]

  private static func allPages(
    _ store: any EventStore, _ order: EventQuery.Order, limit: Int, _ filter: (inout EventQuery) -> Void
  ) async throws -> [StoredEvent] {
    var all: [StoredEvent] = []
    var query = EventQuery()
    filter(&query)
    query.order = order
    query.limit = limit
    while true {
      let page = try await store.events(query)
      try require(page.count <= limit, "a page has at most as many events as asked for")
      guard let last = page.last else { return all }
      all += page
      query.after = EventQuery.Cursor(time: last.event.time, sequence: last.sequence)
      try require(all.count <= 10_000, "paging comes to an end")
    }
  }
}
