import FaceEvents

extension EventCatalogContract {
  static let places: [Case] = [
    Case("boxes come by code, page by page, with what is known of them") { store in
      for number in [3, 1, 2, 5, 4] {
        _ = try await store.append(SampleRecords.event("e\(number)", at: Int64(number), box: "BOX-\(number)"))
      }
      _ = try await store.append([.status(SampleRecords.status("s", at: 9_000, box: "BOX-0"))])
      var read: [BoxRecord] = []
      while true {
        let page = try await store.boxes(after: read.last?.code, limit: 2)
        if page.isEmpty { break }
        read += page
      }
      try requireEqual(read.map(\.code), ["BOX-0", "BOX-1", "BOX-2", "BOX-3", "BOX-4", "BOX-5"], "codes")
      let silent = read[0]
      try require(silent.firstSeen == nil && silent.eventCount == 0 && silent.clockDifferenceMilliseconds == nil, "it sent no events")
      try requireEqual(silent.lastStatusAt, Timestamp(milliseconds: SampleRecords.start + 9_000), "its status")
      let third = try await store.box("BOX-3")
      try requireEqual(third, read[3], "a box alone")
      try requireEqual(third?.lastSeen, Timestamp(milliseconds: SampleRecords.start + 3), "last seen")
      try requireEqual(third?.lastReceivedAt, Timestamp(milliseconds: SampleRecords.start + 1_003), "last received")
      try requireEqual(third?.sourceAddress, "192.0.2.10", "address")
      try require(try await store.box("BOX-9") == nil, "no such box")
      let totals = try await store.totals()
      try requireEqual([totals.events, totals.statusReports, Int64(totals.boxes), Int64(totals.endpoints)], [5, 1, 6, 5], "totals")
    },
    Case("the clock difference of a box is the smallest of its newest events that have a time of their own") { store in
      func event(_ seed: String, at time: Int64, late: Int64, lane: Lane = .history, hasOwnTime: Bool = true) -> FaceEvent {
        var event = SampleRecords.event(seed, at: time, lane: lane)
        event.receivedAt = Timestamp(milliseconds: event.time.milliseconds + late)
        event.hasOwnTime = hasOwnTime
        return event
      }
      _ = try await store.append(event("no time", at: 0, late: 0, hasOwnTime: false))
      try require(try await store.box("BOX-A")?.clockDifferenceMilliseconds == nil, "nothing is known without a time")
      let timeless = try await store.endpoints(box: "BOX-A", after: nil, limit: 9).first
      try require(timeless?.clockDifferenceMilliseconds == nil, "nothing is known of the endpoint either")
      try requireEqual(timeless?.lastReceivedAt, Timestamp(milliseconds: SampleRecords.start), "but when it arrived")
      _ = try await store.append(event("kept", at: 10, late: 600_000), event("at once", at: 20, late: 700, lane: .realtime))
      try requireEqual(try await store.box("BOX-A")?.clockDifferenceMilliseconds, 700, "difference")
      _ = try await store.append(event("clock ahead", at: 100_000_000, late: -90_000, lane: .realtime))
      try requireEqual(try await store.box("BOX-A")?.clockDifferenceMilliseconds, -90_000, "difference of a clock that is ahead")
      let endpoint = try await store.endpoints(box: "BOX-A", after: nil, limit: 9).first
      try requireEqual(endpoint?.clockDifferenceMilliseconds, -90_000, "difference of the endpoint")
      try requireEqual(
        endpoint?.lastReceivedAt, Timestamp(milliseconds: SampleRecords.start + 100_000_000 - 90_000), "last arrival of the endpoint")
    },
    Case("endpoints come by box and id, those without an id first, page by page") { store in
      let endpoints: [(String, String?)] = [
        ("BOX-B", "2"), ("BOX-A", "1"), ("BOX-B", nil), ("BOX-A", "0"), ("BOX-B", "1"), ("BOX-C", nil),
      ]
      for (number, endpoint) in endpoints.enumerated() {
        _ = try await store.append(SampleRecords.event("e\(number)", at: Int64(number), box: endpoint.0, endpoint: endpoint.1))
      }
      let expected = [
        EndpointKey(box: "BOX-A", id: "0"), EndpointKey(box: "BOX-A", id: "1"), EndpointKey(box: "BOX-B", id: nil),
        EndpointKey(box: "BOX-B", id: "1"), EndpointKey(box: "BOX-B", id: "2"), EndpointKey(box: "BOX-C", id: nil),
      ]
      for (box, limit) in [(nil, 1), (nil, 4), ("BOX-B", 1), ("BOX-B", 9), ("BOX-Z", 2)] as [(String?, Int)] {
        var read: [EndpointRecord] = []
        while true {
          let page = try await store.endpoints(box: box, after: read.last?.key, limit: limit)
          if page.isEmpty { break }
          read += page
        }
        try requireEqual(read.map(\.key), expected.filter { box == nil || $0.box == box }, "endpoints of \(box ?? "all")")
        try require(read.allSatisfy { $0.endpoint.id == $0.key.id && $0.eventCount == 1 && $0.lastSeen != nil }, "each is described")
      }
    },
    Case("status reports of a box come newest first") { store in
      for number in 0..<5 {
        _ = try await store.append([
          .status(SampleRecords.status("s\(number)", at: Int64(number))),
          .status(SampleRecords.status("other", at: 90, box: "BOX-B")),
        ])
      }
      let reports = try await store.statusReports(box: "BOX-A", limit: 3)
      try requireEqual(reports.map(\.receivedAt.milliseconds), [4, 3, 2].map { SampleRecords.start + $0 }, "arrivals")
    },
  ]
}
