public import FaceEvents

/// What every ``EventLog`` promises, of a store that is an ``EventStore`` too. A test target runs each case against an empty store.
public enum EventLogContract {
  public typealias Case = ContractCase<any EventStore & EventLog>

  public static let cases: [Case] = [
    Case("events come in commit order, whatever their times and lanes, page by page") { store in
      let entries = (0..<20).map { number in
        StoreEntry.event(
          SampleRecords.event("e\(number)", at: Int64(20 - number), lane: number % 3 == 0 ? .realtime : .history), locations: [])
      }
      let receipts = try await store.append(entries)
      var read: [Int64] = []
      while true {
        let page = try await store.events(after: read.last ?? 0, limit: 6, bytesMax: 1 << 20)
        try require(page.count <= 6, "a page has at most as many events as asked for")
        if page.isEmpty { break }
        read += page.map(\.sequence)
      }
      try requireEqual(read, receipts.map(\.sequence), "sequences")
      try requireEqual(try await store.latestSequence(), receipts.last?.sequence ?? -1, "latest")
    },
    Case("an event is found by its sequence, whole") { store in
      let event = SampleRecords.fullEvent()
      let receipts = try await store.append(SampleRecords.event("one"), event)
      let found = try await store.event(sequence: receipts[1].sequence)
      try requireEqual(found?.event.id, event.id, "id")
      try requireEqual(found?.locations, SampleLocations.of(event), "locations")
      try require(try await store.event(sequence: receipts[1].sequence + 1) == nil, "there is no later event")
    },
    Case("what waits is counted from a sequence, with the arrival of its first") { store in
      try requireEqual(try await store.waiting(after: [0]), [WaitingEvents(count: 0, oldestReceivedAt: nil)], "waiting at first")
      try requireEqual(try await store.latestSequence(), 0, "latest at first")
      let events = (0..<5).map { SampleRecords.event("e\($0)", at: Int64($0) * 100) }
      let receipts = try await store.append(events.map { .event($0, locations: []) })
      let waiting = try await store.waiting(after: [receipts[1].sequence, 0, receipts[4].sequence])
      try requireEqual(waiting.map(\.count), [3, 5, 0], "counts")
      try requireEqual(waiting.map(\.oldestReceivedAt), [events[2].receivedAt, events[0].receivedAt, nil], "arrivals")
    },
  ]
}
