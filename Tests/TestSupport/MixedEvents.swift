public import FaceEvents

/// Events that differ in everything that can be asked for, and what each question should find among them.
public enum MixedEvents {
  private static let people = [
    Person(id: "p-1", name: "Lin Sørland"), Person(id: "p-2", name: "Kim 雾岚", personClass: .vip),
    Person(id: "", personClass: .stranger), Person(), Person(id: "P-3", name: "白露", personClass: .visitor),
    Person(id: "s-1", name: "Lin, a stranger", personClass: .stranger),
  ]
  private static let scores = [
    Score(value: 0.875, scale: .unit), Score(value: 91.5, scale: .percent), nil, Score(value: 0.25, scale: .unit),
    Score(value: 24, scale: .percent),
  ]

  /// Two boxes whose endpoints have the same names, both lanes, several people, classes, forms and scores, with and without warnings.
  public static let all: [FaceEvent] = (0..<240).map { number -> FaceEvent in
    let endpoint: String? = ["gate-1", "gate-2", nil][number % 7 % 3]
    let form: EventForm = [.g2, .g5, .g2, .r2][number % 4]
    var event = SampleRecords.event(
      "mixed \(number)", at: Int64(number / 8) * 1_000, lane: number % 5 == 0 ? .realtime : .history, person: people[number % 6],
      box: number % 3 == 0 ? "BOX-A" : "BOX-B", endpoint: endpoint)
    event.form = form
    event.score = scores[number % 11 % 5]
    event.warnings = number % 13 == 0 ? ["dev_sno is missing"] : []
    return event
  }

  public typealias Filter = (name: String, set: @Sendable (inout EventQuery) -> Void)

  public static let filters: [Filter] = [
    ("id", { $0.id = SampleRecords.event("mixed 10", at: 1_000).id }),
    ("person", { $0.personID = "p-2" }),
    ("person without an id", { $0.personID = "" }),
    ("stranger with an id", { $0.personID = "s-1" }),
    ("part of a name", { $0.namePart = "SØR" }),
    ("part of a Chinese name", { $0.namePart = "岚" }),
    ("box", { $0.boxCode = "BOX-B" }),
    ("endpoint", { $0.endpointID = "gate-1" }),
    ("class", { $0.personClass = .vip }),
    ("class that nobody has", { $0.personClass = .car }),
    ("lane", { $0.lane = .realtime }),
    ("form", { $0.form = .r2 }),
    ("warnings", { $0.hasWarnings = true }),
    ("no warnings", { $0.hasWarnings = false }),
    ("least score", { $0.scoreMin = 0.25 }),
    ("greatest score", { $0.scoreMax = 0.875 }),
    (
      "scores between",
      {
        $0.scoreMin = 0.875
        $0.scoreMax = 0.95
      }
    ),
    (
      "scores the wrong way round",
      {
        $0.scoreMin = 0.9
        $0.scoreMax = 0.1
      }
    ),
    ("since", { $0.since = Timestamp(milliseconds: SampleRecords.start + 7_000) }),
    ("until", { $0.until = Timestamp(milliseconds: SampleRecords.start + 22_000) }),
    ("nothing", { _ in }),
  ]

  public static var filterPairs: [(String, (inout EventQuery) -> Void)] {
    filters.flatMap { a in
      filters.map { b in
        (
          "\(a.name) and \(b.name)",
          { query in
            a.set(&query)
            b.set(&query)
          }
        )
      }
    }
  }

  public static func matches(_ event: FaceEvent, _ query: EventQuery) -> Bool {
    if let id = query.id, id != event.id { return false }
    if let person = query.personID, person != event.person.id { return false }
    if let part = query.namePart, !hasRecord(event.person, namedLike: part) { return false }
    if let box = query.boxCode, box != event.box.code { return false }
    if let endpoint = query.endpointID, endpoint != event.endpoint.id { return false }
    if let personClass = query.personClass, personClass != event.person.personClass { return false }
    if let lane = query.lane, lane != event.lane { return false }
    if let form = query.form, form != event.form { return false }
    if let hasWarnings = query.hasWarnings, hasWarnings == event.warnings.isEmpty { return false }
    if let since = query.since, event.time < since { return false }
    if let until = query.until, event.time > until { return false }
    return hasScore(event.score, from: query.scoreMin, to: query.scoreMax)
  }

  private static func hasRecord(_ person: Person, namedLike part: String) -> Bool {
    guard let id = person.id, !id.isEmpty, person.personClass != .stranger else { return false }
    return person.name?.lowercased().contains(part.lowercased()) ?? false
  }

  private static func hasScore(_ score: Score?, from least: Double?, to greatest: Double?) -> Bool {
    guard least != nil || greatest != nil else { return true }
    guard let score else { return false }
    let value = score.scale == .percent ? score.value / 100 : score.value
    return value >= least ?? value && value <= greatest ?? value
  }
}
