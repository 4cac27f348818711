import FaceEvents

extension EventCatalogContract {
  static let statistics: [Case] = [
    Case("statistics are the counts of what is stored, however they are split, and a resend counts nowhere") { store in
      let events = spread
      _ = try await store.append(events.map { .event($0, locations: []) })
      _ = try await store.append(events.prefix(50).map { .event($0, locations: []) })
      for (name, query) in questions {
        try requireEqual(try await store.statistics(query).map(text), expected(query, events), name)
      }
    },
    Case("statistics widen both ends to whole hours, and hours without events have no row") { store in
      let hour: Int64 = 3_600_000
      for time in [0, hour - 1, hour, 5 * hour] { _ = try await store.append(SampleRecords.event("\(time)", at: time)) }
      func counts(_ since: Int64, _ until: Int64) async throws -> [Int64] {
        let query = StatisticsQuery(
          since: Timestamp(milliseconds: SampleRecords.start + since), until: Timestamp(milliseconds: SampleRecords.start + until))
        return try await store.statistics(query).map(\.eventCount)
      }
      try requireEqual(try await counts(0, 0), [2], "one hour, named by one moment")
      try requireEqual(try await counts(hour - 1, hour), [2, 1], "two hours")
      try requireEqual(try await counts(0, 9 * hour), [2, 1, 1], "all")
      try requireEqual(try await counts(2 * hour, 4 * hour), [], "none")
      try requireEqual(try await counts(hour, 0), [], "the wrong way round")
    },
    Case("the extremes of time are counted too") { store in
      for (seed, time) in [("first", Int64.min), ("last", .max)] {
        var event = SampleRecords.event(seed)
        event.time = Timestamp(milliseconds: time)
        _ = try await store.append(event)
      }
      for step in StatisticsQuery.Step.allCases {
        var query = StatisticsQuery(since: Timestamp(milliseconds: .min), until: Timestamp(milliseconds: .max))
        query.step = step
        try requireEqual(try await store.statistics(query).map(\.eventCount), [1, 1], "counts by \(step)")
      }
    },
  ]

  /// Over ten days, three boxes with endpoints of the same names.
  private static let spread: [FaceEvent] = (0..<400).map { number -> FaceEvent in
    let hours = Int64(number * 7_919 % 240)
    let person = Person(id: "p-\(number % 9)", personClass: PersonClass.allCases[number % 7])
    let endpoint: String? = ["0", "1", nil][number % 5 % 3]
    return SampleRecords.event(
      "spread \(number)", at: hours * 3_600_000 + Int64(number), lane: number % 4 == 0 ? .realtime : .history, person: person,
      box: "BOX-\(number % 3)", endpoint: endpoint)
  }

  private static var questions: [(String, StatisticsQuery)] {
    var questions: [(String, StatisticsQuery)] = []
    for step in StatisticsQuery.Step.allCases {
      for subset in 0..<16 {
        var query = StatisticsQuery(
          since: Timestamp(milliseconds: SampleRecords.start), until: Timestamp(milliseconds: SampleRecords.start + 200 * 3_600_000))
        query.step = step
        query.utcOffsetSeconds = [0, 8, -5][subset % 3] * 3_600
        for (bit, dimension) in StatisticsQuery.Dimension.allCases.enumerated() {
          if subset >> bit & 1 == 1 { query.dimensions.insert(dimension) } else { query.dimensions.remove(dimension) }
        }
        questions.append(("by \(step) and \(query.dimensions)", query))
        query.boxCode = "BOX-1"
        questions.append(("of a box by \(step) and \(query.dimensions)", query))
        query.endpointID = "0"
        query.lane = .history
        questions.append(("of an endpoint and a lane by \(step) and \(query.dimensions)", query))
        query.boxCode = nil
        query.personClass = .vip
        questions.append(("of a class at endpoints of a name by \(step) and \(query.dimensions)", query))
      }
    }
    return questions
  }

  private static func expected(_ query: StatisticsQuery, _ events: [FaceEvent]) -> [String] {
    var counts: [StatisticsRow: Int64] = [:]
    for event in events where matches(event, query) {
      let hour = event.time.milliseconds / 3_600_000
      let offset = Int64(query.utcOffsetSeconds / 3_600)
      let start = query.step == .hour ? hour : (hour + offset) / 24 * 24 - offset
      let row = StatisticsRow(
        start: Timestamp(milliseconds: start * 3_600_000),
        personClass: query.dimensions.contains(.personClass) ? event.person.personClass : nil,
        box: query.dimensions.contains(.box) ? event.box.code : nil,
        endpoint: query.dimensions.contains(.endpoint) ? event.endpoint.id : nil,
        lane: query.dimensions.contains(.lane) ? event.lane : nil, eventCount: 0)
      counts[row, default: 0] += 1
    }
    let rows = counts.map { row, count in
      var row = row
      row.eventCount = count
      return row
    }
    return rows.sorted { order($0) < order($1) }.map(text)
  }

  private static func matches(_ event: FaceEvent, _ query: StatisticsQuery) -> Bool {
    guard event.time >= query.since, event.time.milliseconds < query.until.milliseconds + 3_600_000 else { return false }
    if let box = query.boxCode, box != event.box.code { return false }
    if let endpoint = query.endpointID, endpoint != event.endpoint.id { return false }
    if let personClass = query.personClass, personClass != event.person.personClass { return false }
    if let lane = query.lane, lane != event.lane { return false }
    return true
  }

  private static func order(_ row: StatisticsRow) -> (Int64, String, String, UInt8, UInt8) {
    (row.start.milliseconds, row.box ?? "", row.endpoint ?? "", row.personClass?.rawValue ?? 0, row.lane?.rawValue ?? 0)
  }

  private static func text(_ row: StatisticsRow) -> String {
    let names = [row.box, row.endpoint, row.personClass?.word, row.lane?.word].map { $0 ?? "-" }
    return "\(row.start.milliseconds) \(names) \(row.eventCount)"
  }
}
