import FaceEvents
import GRDB

/// Finds the rows that a query asks for, as walks of one index each.
///
/// A walk fixes every column of its index up to the lane, so that the index gives rows in the order of the answer: nothing is sorted and
/// nothing is read that lies outside. A query over both lanes, for a box, or for an endpoint id that several boxes use, is a few walks,
/// merged: the events of a box are those of its endpoints.
/// Of several indexes that would do, the one with the fewest rows for what the query fixes is walked; the other conditions are checked on
/// its rows.
struct EventSearch {
  private let query: EventQuery
  private let conditions: [Condition]
  private let index: String
  private let lanes: [Lane]
  private let box: Int64?
  /// What is walked one after the other; nil when the query does not ask for them one by one.
  private let endpoints: [Int64]?

  /// The key of an endpoint, and how many events it has.
  private struct KeyCount {
    var key: Int64
    var eventCount: Int64
  }

  /// - Returns: nil when the query names a box or an endpoint that there is not: nothing can match.
  init?(_ query: EventQuery, _ db: Database) throws {
    self.query = query
    lanes = query.lane.map { [$0] } ?? Lane.allCases
    box = try query.boxCode.flatMap { code in
      try SQLStatement(cached: "SELECT key FROM box WHERE code = ?", db).first({ $0.text(code) }, { $0.integer() })
    }
    if query.boxCode != nil && box == nil { return nil }
    let endpoints = try Self.endpoints(query, box: box, db)
    if endpoints?.isEmpty == true { return nil }
    let lengths = try Self.lengths(query, endpoints: endpoints, db)
    index = lengths.min { $0.rows < $1.rows }?.index ?? "event_time"
    let areWalked = query.endpointID != nil || index == "event_endpoint"
    self.endpoints = areWalked ? endpoints?.map(\.key) : nil
    conditions = Condition.of(query, areEndpointsWalked: areWalked)
  }

  /// All endpoints whose events can match; nil when any can.
  private static func endpoints(_ query: EventQuery, box: Int64?, _ db: Database) throws -> [KeyCount]? {
    var conditions: [String] = []
    if query.endpointID != nil { conditions.append("id = ?") }
    if box != nil { conditions.append("box = ?") }
    guard !conditions.isEmpty else { return nil }
    var found: [KeyCount] = []
    let sql = "SELECT key, event_count FROM endpoint WHERE \(conditions.joined(separator: " AND "))"
    try SQLStatement(cached: sql, db).rows({ parameters in
      if let id = query.endpointID { parameters.text(id) }
      if let box { parameters.integer(box) }
    }) { columns in
      found.append(KeyCount(key: columns.integer(), eventCount: columns.integer()))
      return true
    }
    return found
  }

  private typealias IndexLength = (index: String, rows: Int64)

  /// The indexes that the query could walk, with how many rows each has for it.
  private static func lengths(_ query: EventQuery, endpoints: [KeyCount]?, _ db: Database) throws -> [IndexLength] {
    if query.id != nil { return [("event_id", 0)] }
    var lengths: [IndexLength] = []
    if let person = query.personID, !person.isEmpty {
      let count = try SQLStatement(cached: "SELECT event_count FROM person WHERE person_id = ?", db)
        .first({ $0.text(person) }, { $0.integer() })
      // Events of strangers are not counted, but a stranger with an id is not seen often.
      lengths.append(("event_person", count ?? 0))
    }
    if let endpoints { lengths.append(("event_endpoint", endpoints.reduce(0) { $0 + $1.eventCount })) }
    if let personClass = query.personClass {
      let count = try SQLStatement(cached: "SELECT event_count FROM class_tally WHERE person_class = ?", db)
        .first({ $0.integer(Int64(personClass.rawValue)) }, { $0.integer() })
      lengths.append(("event_class", count ?? 0))
    }
    return lengths
  }

  /// One thing that must hold of a row.
  enum Condition: String {
    case id = "id = ?"
    // The second half is how SQLite sees that the partial index will do.
    case person = "person_id = ? AND person_id <> ''"
    // Not in the partial index: there are too many of these, which is also why a walk by time finds them soon.
    case personWithoutID = "person_id = ''"
    case endpoint = "endpoint = ?"
    case box = "box = ?"
    case personClass = "person_class = ?"

    static func of(_ query: EventQuery, areEndpointsWalked: Bool) -> [Condition] {
      var conditions: [Condition] = []
      if query.id != nil { conditions.append(.id) }
      if let person = query.personID { conditions.append(person.isEmpty ? .personWithoutID : .person) }
      if areEndpointsWalked {
        conditions.append(.endpoint)
      } else if query.boxCode != nil {
        conditions.append(.box)
      }
      if query.personClass != nil { conditions.append(.personClass) }
      return conditions
    }
  }
}

extension EventSearch {
  typealias Cursor = EventQuery.Cursor

  /// The places of the rows, in the order of the query, at most `query.limit`.
  func places(_ db: Database) throws -> [Cursor] {
    var found: [Cursor] = []
    for lane in lanes {
      for endpoint in endpoints ?? [0] {
        let walk = try places(db, lane: lane, endpoint: endpoint)
        found = found.isEmpty ? walk : merged(found, walk)
      }
    }
    return found
  }

  private func merged(_ a: [Cursor], _ b: [Cursor]) -> [Cursor] {
    let isNewestFirst = query.order == .newestFirst
    let all = (a + b).sorted { x, y in isNewestFirst ? Self.isBefore(y, x) : Self.isBefore(x, y) }
    return Array(all.prefix(query.limit))
  }

  private static func isBefore(_ a: Cursor, _ b: Cursor) -> Bool { (a.time, a.sequence) < (b.time, b.sequence) }

  /// After a cursor the rest of its millisecond comes first, which the index finds by sequence; then all other times.
  private func places(_ db: Database, lane: Lane, endpoint: Int64) throws -> [Cursor] {
    var found: [Cursor] = []
    for span in spans {
      try statement(span, db).rows({ bind(&$0, span, lane: lane, endpoint: endpoint, limit: query.limit - found.count) }) { columns in
        found.append(Cursor(time: columns.time(), sequence: columns.integer()))
        return true
      }
      if found.count >= query.limit { break }
    }
    return found
  }

  /// Stretches of an index, in the order of the query.
  enum Span: Equatable {
    /// One millisecond, from a sequence (exclusive) on.
    case rest(of: Cursor)
    /// Both ends inclusive.
    case times(Int64, Int64)
  }

  private var spans: [Span] {
    var since = query.since?.milliseconds ?? .min
    var until = query.until?.milliseconds ?? .max
    guard let cursor = query.after else { return since <= until ? [.times(since, until)] : [] }
    let time = cursor.time.milliseconds
    var spans: [Span] = since <= time && time <= until ? [.rest(of: cursor)] : []
    switch query.order {
    case .newestFirst:
      guard time > .min else { return spans }
      until = min(until, time - 1)
    case .oldestFirst:
      guard time < .max else { return spans }
      since = max(since, time + 1)
    }
    if since <= until { spans.append(.times(since, until)) }
    return spans
  }

  func sql(_ span: Span) -> String {
    let isNewestFirst = query.order == .newestFirst
    let conditions = (self.conditions.map(\.rawValue) + ["lane = ?"]).joined(separator: " AND ")
    let stretch =
      switch span {
      case .rest: "time = ? AND sequence \(isNewestFirst ? "<" : ">") ?"
      case .times: "time >= ? AND time <= ?"
      }
    let direction = isNewestFirst ? "DESC" : "ASC"
    return """
      SELECT time, sequence FROM event INDEXED BY \(index) WHERE \(conditions) AND \(stretch) \
      ORDER BY time \(direction), sequence \(direction) LIMIT ?
      """
  }

  private func statement(_ span: Span, _ db: Database) throws -> SQLStatement { try SQLStatement(cached: sql(span), db) }

  private func bind(_ parameters: inout SQLParameters, _ span: Span, lane: Lane, endpoint: Int64, limit: Int) {
    if let id = query.id { parameters.id(id) }
    if let person = query.personID, !person.isEmpty { parameters.text(person) }
    if endpoints != nil {
      parameters.integer(endpoint)
    } else if let box {
      parameters.integer(box)
    }
    if let personClass = query.personClass { parameters.integer(Int64(personClass.rawValue)) }
    parameters.integer(Int64(lane.rawValue))
    switch span {
    case .rest(let cursor):
      parameters.time(cursor.time)
      parameters.integer(cursor.sequence)
    case .times(let since, let until):
      parameters.integer(since)
      parameters.integer(until)
    }
    parameters.integer(Int64(limit))
  }
}
