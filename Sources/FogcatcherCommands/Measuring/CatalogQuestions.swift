import FaceEvents

/// Random questions to a catalog, about what is in it.
struct CatalogQuestions {
  private let people: [PersonRecord]
  private let boxes: [BoxRecord]
  private let endpoints: [EndpointRecord]
  private let times: ClosedRange<Int64>

  /// - Returns: nil when there is nothing to ask about.
  init?(of catalog: any EventCatalog) async throws(StorageError) {
    var query = PeopleQuery()
    query.limit = 500
    var people: [PersonRecord] = []
    while people.count < 5_000 {
      let page = try await catalog.people(query)
      people += page.people
      guard let next = page.next else { break }
      query.after = next
    }
    self.people = people
    boxes = try await catalog.boxes(after: nil, limit: 1_000)
    endpoints = try await catalog.endpoints(box: nil, after: nil, limit: 1_000).filter { $0.key.id != nil }
    let seen = boxes.flatMap { [$0.firstSeen, $0.lastSeen].compactMap { $0?.milliseconds } }
    guard let first = seen.min(), let last = seen.max(), !people.isEmpty, !endpoints.isEmpty else { return nil }
    times = first...last
  }

  typealias Filter = (name: String, set: (inout EventQuery, inout SeededNumbers) -> Void)

  var filters: [Filter] {
    [
      ("none", { _, _ in }), ("person", { $0.personID = $1.pick(people).id }),
      ("name", { query, random in query.namePart = namePart(&random) }), ("box", { $0.boxCode = $1.pick(boxes).code }),
      ("endpoint", { $0.endpointID = $1.pick(endpoints).key.id }), ("class", { $0.personClass = $1.pick(PersonClass.allCases) }),
      ("lane", { $0.lane = $1.pick(Lane.allCases) }),
      (
        "time",
        { query, random in
          let since = Int64.random(in: times, using: &random)
          query.since = Timestamp(milliseconds: since)
          query.until = Timestamp(milliseconds: since + random.pick([1, 24, 168, 720]) * 3_600_000)
        }
      ),
      (
        "score",
        { query, random in
          let bounds = [Int.random(in: 0...100, using: &random), Int.random(in: 0...100, using: &random)].sorted().map { Double($0) / 100 }
          query.scoreMin = bounds[0]
          if random.chance(0.7) { query.scoreMax = bounds[1] }
        }
      ), ("form", { $0.form = $1.pick(EventForm.allCases) }), ("warnings", { $0.hasWarnings = $1.chance(0.5) }),
    ]
  }

  /// One to three letters out of somebody's name, or a whole word of it.
  func namePart(_ random: inout SeededNumbers) -> String {
    let name = random.pick(people).name ?? "a"
    if random.chance(0.3) { return name.split(separator: " ").last.map(String.init) ?? name }
    let start = Int.random(in: 0..<max(1, name.count), using: &random)
    return String(name.dropFirst(start).prefix(Int.random(in: 1...3, using: &random)))
  }

  /// - Parameter filters: both apply; where they set the same, the second does.
  func query(_ filters: [Filter], limit: Int, _ random: inout SeededNumbers) -> EventQuery {
    var query = EventQuery()
    query.limit = limit
    for filter in filters { filter.set(&query, &random) }
    if random.chance(0.3) { query.order = .oldestFirst }
    if random.chance(0.3) {
      query.after = EventQuery.Cursor(
        time: Timestamp(milliseconds: Int64.random(in: times, using: &random)), sequence: Int64.random(in: 1...1_000_000, using: &random))
    }
    return query
  }

  func person(_ random: inout SeededNumbers) -> String { random.pick(people).id }

  func peopleQuery(_ random: inout SeededNumbers) -> PeopleQuery {
    var query = PeopleQuery()
    if random.chance(0.5) { query.text = random.chance(0.2) ? String(person(&random).prefix(3)) : namePart(&random) }
    if random.chance(0.3) { query.personClass = random.pick(PersonClass.allCases) }
    if random.chance(0.3) {
      let person = random.pick(people)
      query.after = PeopleQuery.Cursor(lastSeen: person.lastSeen, id: person.id)
    }
    return query
  }

  func visitQuery(_ random: inout SeededNumbers) -> VisitQuery {
    let days = Int64(random.pick([7, 31, 92]))
    return VisitQuery(
      personID: person(&random), since: Timestamp(milliseconds: times.upperBound - days * 86_400_000),
      until: Timestamp(milliseconds: times.upperBound), utcOffsetSeconds: 28_800)
  }

  /// Over seven days; `detail` also tells apart what has the most rows.
  func statisticsQuery(detail: Bool, _ random: inout SeededNumbers) -> StatisticsQuery {
    let until = Int64.random(in: times, using: &random)
    var query = StatisticsQuery(
      since: Timestamp(milliseconds: until - 7 * 86_400_000), until: Timestamp(milliseconds: until))
    query.step = random.pick(StatisticsQuery.Step.allCases)
    query.utcOffsetSeconds = 28_800
    if detail { query.dimensions = random.pick([[.box, .personClass], [.box, .endpoint], [.box, .endpoint, .personClass, .lane]]) }
    if random.chance(0.3) { query.lane = random.pick(Lane.allCases) }
    if random.chance(0.3), !detail { query.boxCode = box(&random) }
    return query
  }

  func box(_ random: inout SeededNumbers) -> String { random.pick(boxes).code }
}
