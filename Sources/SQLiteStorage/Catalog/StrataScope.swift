import FaceEvents
import GRDB

/// The strata that agree with a query.
struct StrataScope {
  /// More walks than this take longer than looking at a page's worth of rows in vain.
  static let strataMax = 1_000

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
