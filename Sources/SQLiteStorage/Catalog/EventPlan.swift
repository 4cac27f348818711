import FaceEvents
import GRDB

/// Which index a query walks, from where, and what is left to check on the rows.
///
/// The tables of strata and people say how many events there are of what the query asks for, so the cheapest way is known beforehand:
///
/// | Way | Walks | Rows it looks at |
/// |---|---|---|
/// | strata | one for each that agrees, opened when the merge comes to its last event | the page |
/// | people | one for each and lane | the page, and those in between that lack what else is asked for |
/// | time | one for each lane | the same |
struct EventPlan {
  let index: EventIndex
  let filter: EventFilter
  private let starts: [Start]

  private struct Start {
    var key: EventIndex.Key
    var bound: EventQuery.Cursor?
  }

  /// A way to find the events, with an estimate of what it costs: rows, and walks to begin.
  private struct Way {
    var index: EventIndex
    var starts: [Start]
    var cost: Double
  }

  /// - Returns: nil when nothing can match.
  init?(_ query: EventQuery, _ db: Database) throws {
    let lanes = query.lane.map { [$0] } ?? Lane.allCases
    let people = try PeopleScope(query, db)
    if people?.ids?.isEmpty == true { return nil }
    if let id = query.id {
      (index, starts) = (.id, lanes.map { Start(key: .id(id, $0)) })
    } else {
      let strata = try StrataScope(query, db)
      if strata?.eventCount == 0 { return nil }
      let best = try Self.ways(query, lanes, people, strata, db).min { $0.cost < $1.cost }
      (index, starts) = best.map { ($0.index, $0.starts) } ?? (.time, [])
    }
    let namesAreKnown = index == .person || query.personID != nil
    filter = EventFilter(query, walking: index, checksNames: query.namePart != nil && !namesAreKnown)
  }

  /// A walk that has to check its rows may find nothing for a long time, where what it looks for comes at certain times only.
  private static let riskOfChecking = 5.0

  private static func ways(
    _ query: EventQuery, _ lanes: [Lane], _ people: PeopleScope?, _ strata: StrataScope?, _ db: Database
  ) throws -> [Way] {
    let total = Double(max(1, try SQLStatement(cached: EventLogSQL.latest, db).only { _ in }))
    let strataShare = strata.map { min(1, Double($0.eventCount) / total) } ?? 1
    let peopleShare = people.map { min(1, ($0.eventCount.map(Double.init) ?? total / 2) / total) } ?? 1

    func cost(of rows: Double, share: Double, isChecked: Bool, walks: Int) -> Double {
      let looked = min(rows, Double(query.limit) / max(share, 1e-9))
      return looked * (isChecked ? riskOfChecking : 1) + Double(walks)
    }
    var ways = [
      Way(
        index: .time, starts: lanes.map { Start(key: .all($0)) },
        cost: cost(of: total, share: strataShare * peopleShare, isChecked: strata != nil || people != nil, walks: lanes.count))
    ]
    if let strata, let list = strata.list {
      let starts = list.map { Start(key: .stratum($0.stratum), bound: $0.bound(query.order)) }
      ways.append(
        Way(
          index: .stratum, starts: starts,
          cost: cost(of: Double(strata.eventCount), share: peopleShare, isChecked: people != nil, walks: starts.count)))
    }
    if let people, let ids = people.ids {
      let starts = ids.flatMap { id in lanes.map { Start(key: .person(id, $0)) } }
      ways.append(
        Way(
          index: .person, starts: starts,
          cost: cost(
            of: Double(people.eventCount ?? 0), share: strataShare, isChecked: strata != nil, walks: starts.count)))
    }
    return ways
  }

  func walks(for query: EventQuery) -> [EventWalk] {
    // Of two walks either may have the whole page; of many each has little of it.
    let chunk = starts.count <= 2 ? query.limit + 1 : query.limit / starts.count + 2
    return starts.map { EventWalk($0.key, bound: $0.bound, after: query.after, chunk: chunk) }
  }
}

/// The strata that agree with a query.
struct StrataScope {
  /// More walks than this take longer than looking at a page's worth of rows in vain.
  static let strataMax = 2_000

  struct Found {
    var stratum: Stratum
    var eventCount: Int64
    var firstTime: Timestamp
    var lastTime: Timestamp

    /// A place that none of its events comes before.
    func bound(_ order: EventQuery.Order) -> EventQuery.Cursor {
      switch order {
      case .newestFirst: EventQuery.Cursor(time: lastTime, sequence: .max)
      case .oldestFirst: EventQuery.Cursor(time: firstTime, sequence: .min)
      }
    }
  }

  /// Nil when there are more than ``strataMax``.
  private(set) var list: [Found]?
  /// Of all of them together, in any time.
  private(set) var eventCount: Int64 = 0

  /// - Returns: nil when the query asks for nothing that strata differ in, but perhaps the lane.
  init?(_ query: EventQuery, _ db: Database) throws {
    let isAsked =
      query.boxCode != nil || query.endpointID != nil || query.personClass != nil || query.form != nil || query.hasWarnings != nil
      || query.scoreMin != nil || query.scoreMax != nil
    guard isAsked else { return nil }
    var found: [Found] = []
    let scope = Self.scope(query)
    try SQLStatement(cached: "SELECT \(Self.columns) FROM \(scope) LIMIT \(Self.strataMax + 1)", db).rows({ Self.bind(&$0, query) }) {
      row in
      found.append(
        Found(stratum: Stratum(&row), eventCount: row.integer(), firstTime: row.time(), lastTime: row.time()))
      return true
    }
    if found.count <= Self.strataMax {
      list = found
      eventCount = found.reduce(0) { $0 + $1.eventCount }
    } else {
      eventCount = try SQLStatement(cached: "SELECT sum(s.event_count) FROM \(scope)", db).only { Self.bind(&$0, query) }
    }
  }

  private static let columns = """
    s.endpoint, s.person_class, s.form, s.has_warnings, s.score_quarter, s.lane, s.event_count, s.first_time, s.last_time
    """

  static func sql(_ query: EventQuery) -> String { "SELECT \(columns) FROM \(scope(query))" }

  private static func scope(_ query: EventQuery) -> String {
    var conditions: [String] = []
    if query.boxCode != nil { conditions.append("e.box = (SELECT box.key FROM box WHERE box.code = ?)") }
    if query.endpointID != nil { conditions.append("e.id = ?") }
    if query.personClass != nil { conditions.append("s.person_class = ?") }
    if query.form != nil { conditions.append("s.form = ?") }
    if query.hasWarnings != nil { conditions.append("s.has_warnings = ?") }
    if ScoreQuarter.range(min: query.scoreMin, max: query.scoreMax) != nil { conditions.append("s.score_quarter BETWEEN ? AND ?") }
    if query.lane != nil { conditions.append("s.lane = ?") }
    if query.since != nil { conditions.append("s.last_time >= ?") }
    if query.until != nil { conditions.append("s.first_time <= ?") }
    let isOfEndpoints = query.boxCode != nil || query.endpointID != nil
    let tables = isOfEndpoints ? "endpoint AS e CROSS JOIN stratum AS s ON s.endpoint = e.key" : "stratum AS s"
    return "\(tables) WHERE \(conditions.joined(separator: " AND "))"
  }

  private static func bind(_ parameters: inout SQLParameters, _ query: EventQuery) {
    if let box = query.boxCode { parameters.text(box) }
    if let endpoint = query.endpointID { parameters.text(endpoint) }
    if let personClass = query.personClass { parameters.integer(Int64(personClass.rawValue)) }
    if let form = query.form { parameters.text(form.rawValue) }
    if let hasWarnings = query.hasWarnings { parameters.integer(hasWarnings) }
    if let range = ScoreQuarter.range(min: query.scoreMin, max: query.scoreMax) {
      parameters.integer(range.lowerBound)
      parameters.integer(range.upperBound)
    }
    if let lane = query.lane { parameters.integer(Int64(lane.rawValue)) }
    if let since = query.since { parameters.time(since) }
    if let until = query.until { parameters.time(until) }
  }
}

/// The people whom a query asks for.
struct PeopleScope {
  /// Of whom each has walks of their own.
  static let peopleMax = 64

  /// Strangers have no record that would count their events; one with an id is not seen often.
  private static let strangerEvents: Int64 = 10

  /// Nil when there are too many, or those who have no id.
  private(set) var ids: [String]?
  /// Nil when it is not known.
  private(set) var eventCount: Int64?

  /// - Returns: nil when the query asks for nobody in particular.
  init?(_ query: EventQuery, _ db: Database) throws {
    if let person = query.personID {
      if let part = query.namePart {
        var check = try NameCheck(NameParts.folded(part), db)
        guard try check.fits(person) else {
          ids = []
          return
        }
      }
      // They are not in the index: there are too many of them, which is also why a walk by time finds them soon.
      guard !person.isEmpty else { return }
      ids = [person]
    } else if let part = query.namePart {
      let found = try PersonTexts.people(part, [.name], max: Self.peopleMax, db)
      guard let found else { return }
      ids = found
    } else {
      return nil
    }
    let count = try SQLStatement(cached: Self.countSQL, db)
    eventCount = try (ids ?? []).reduce(0) { sum, id in
      sum + (try count.first({ $0.text(id) }, { $0.integer() }) ?? Self.strangerEvents)
    }
  }

  static let countSQL = "SELECT event_count FROM person WHERE person_id = ?"
}
