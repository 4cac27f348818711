import FaceEvents

/// Questions of every shape about what is in a store. The shapes are those of `fogcatcher measure`, which asks them of a whole data
/// directory.
struct QueryShapes: Sendable {
  private let people: [PersonRecord]
  private let boxes: [BoxRecord]
  private let endpoints: [EndpointRecord]
  private let times: ClosedRange<Int64>

  init(of catalog: some EventCatalog) async throws {
    var query = PeopleQuery()
    query.limit = 500
    people = try await catalog.people(query).people
    boxes = try await catalog.boxes(after: nil, limit: 100)
    endpoints = try await catalog.endpoints(box: nil, after: nil, limit: 500).filter { $0.key.id != nil }
    let seen = boxes.flatMap { [$0.firstSeen, $0.lastSeen].compactMap { $0?.milliseconds } }
    guard let first = seen.min(), let last = seen.max(), !people.isEmpty, !endpoints.isEmpty else {
      throw WorkloadFailure(description: "there is nothing in the store to ask about")
    }
    times = first...last
  }

  enum Filter: String, CaseIterable {
    case person, name, box, endpoint, personClass = "class", lane, time, score, form, warnings
  }

  /// - Parameter filters: all apply.
  func query(_ filters: [Filter], _ random: inout SteadyNumbers) -> EventQuery {
    var query = EventQuery()
    for filter in filters { set(filter, &query, &random) }
    if random.chance(30) { query.order = .oldestFirst }
    if random.chance(30) {
      query.after = EventQuery.Cursor(
        time: Timestamp(milliseconds: Int64.random(in: times, using: &random)), sequence: Int64(random.int(1..<1_000_000)))
    }
    return query
  }

  private func set(_ filter: Filter, _ query: inout EventQuery, _ random: inout SteadyNumbers) {
    switch filter {
    case .person: query.personID = person(&random)
    case .name: query.namePart = namePart(&random)
    case .box: query.boxCode = box(&random)
    case .endpoint: query.endpointID = random.pick(endpoints).key.id
    case .personClass: query.personClass = random.pick(PersonClass.allCases)
    case .lane: query.lane = random.pick(Lane.allCases)
    case .time:
      let since = Int64.random(in: times, using: &random)
      query.since = Timestamp(milliseconds: since)
      query.until = Timestamp(milliseconds: since + random.pick([1, 24, 168, 720]) * 3_600_000)
    case .score:
      let least = random.int(0..<100)
      query.scoreMin = Double(least) / 100
      if random.chance(70) { query.scoreMax = Double(random.int(least..<101)) / 100 }
    case .form: query.form = random.pick(EventForm.allCases)
    case .warnings: query.hasWarnings = random.chance(50)
    }
  }

  /// One to three letters out of somebody's name, or a whole word of it.
  func namePart(_ random: inout SteadyNumbers) -> String {
    let name = random.pick(people).name ?? "a"
    if random.chance(30) { return name.split(separator: " ").last.map(String.init) ?? name }
    return String(name.dropFirst(random.int(0..<max(1, name.count))).prefix(random.int(1..<4)))
  }

  func person(_ random: inout SteadyNumbers) -> String { random.pick(people).id }

  func box(_ random: inout SteadyNumbers) -> String { random.pick(boxes).code }

  func visits(_ random: inout SteadyNumbers) -> VisitQuery {
    VisitQuery(
      personID: person(&random), since: Timestamp(milliseconds: times.upperBound - 31 * 86_400_000),
      until: Timestamp(milliseconds: times.upperBound), utcOffsetSeconds: 28_800)
  }

  /// Of seven days, by hour.
  func statistics(_ random: inout SteadyNumbers) -> StatisticsQuery {
    let until = Int64.random(in: times, using: &random)
    var query = StatisticsQuery(since: Timestamp(milliseconds: until - 7 * 86_400_000), until: Timestamp(milliseconds: until))
    query.dimensions = random.pick([[.personClass], [.box, .personClass], [.box, .endpoint]])
    return query
  }
}
