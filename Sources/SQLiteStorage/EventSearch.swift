import FaceEvents
import GRDB

/// Finds the rows that a query asks for, as walks of one index each.
///
/// A walk fixes every column of its index up to the lane, so that the index gives rows in the order of the answer: nothing is sorted and
/// nothing is read that lies outside. A query over both lanes, or for an endpoint id that several boxes use, is a few walks that are merged.
struct EventSearch {
  /// What is fixed besides the lane. `index` is the one that suits best: the first of these that the query names.
  private let conditions: [Condition]
  private let index: String
  private let query: EventQuery
  private let lanes: [Lane]
  private let boxKey: Int64?
  /// Nil when the query does not name an endpoint.
  private let endpointKeys: [Int64]?

  /// - Returns: nil when the query names a box or an endpoint that there is not: nothing can match.
  init?(_ query: EventQuery, _ db: Database) throws {
    self.query = query
    lanes = query.lane.map { [$0] } ?? Lane.allCases
    boxKey = try query.boxCode.flatMap { code in
      try SQLStatement(cached: "SELECT key FROM box WHERE code = ?", db).first({ $0.text(code) }, { $0.integer() })
    }
    endpointKeys = try query.endpointID.map { id in
      var keys: [Int64] = []
      try SQLStatement(cached: "SELECT key FROM endpoint WHERE id = ?", db).rows({ $0.text(id) }) { columns in
        keys.append(columns.integer())
        return true
      }
      return keys
    }
    if query.boxCode != nil && boxKey == nil || endpointKeys?.isEmpty == true { return nil }
    conditions = Condition.of(query)
    index = conditions.compactMap(\.index).first ?? "event_time"
  }

  /// One thing that must hold, best index first.
  enum Condition: Equatable {
    case id(EventID)
    case person(String)
    case endpoint
    case box
    case personClass(PersonClass)

    static func of(_ query: EventQuery) -> [Condition] {
      var conditions: [Condition] = []
      if let id = query.id { conditions.append(.id(id)) }
      if let person = query.personID { conditions.append(.person(person)) }
      if query.endpointID != nil { conditions.append(.endpoint) }
      if query.boxCode != nil { conditions.append(.box) }
      if let personClass = query.personClass { conditions.append(.personClass(personClass)) }
      return conditions
    }

    var index: String? {
      switch self {
      case .id: "event_id"
      // Strangers without an id are too many to have them in the index.
      case .person(let id): id.isEmpty ? nil : "event_person"
      case .endpoint: "event_endpoint"
      case .box: "event_box"
      case .personClass: "event_class"
      }
    }

    var sql: String {
      switch self {
      case .id: "id = ?"
      case .person(let id): id.isEmpty ? "person_id = ?" : "person_id = ? AND person_id <> ''"
      case .endpoint: "endpoint = ?"
      case .box: "box = ?"
      case .personClass: "person_class = ?"
      }
    }
  }
}

extension EventSearch {
  typealias Cursor = EventQuery.Cursor

  /// The places of the rows, in the order of the query, at most `query.limit`.
  func places(_ db: Database) throws -> [Cursor] {
    var found: [Cursor] = []
    for lane in lanes {
      for endpoint in endpointKeys ?? [0] {
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
    let conditions = (self.conditions.map(\.sql) + ["lane = ?"]).joined(separator: " AND ")
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
    for condition in conditions {
      switch condition {
      case .id(let id): parameters.id(id)
      case .person(let id): parameters.text(id)
      case .endpoint: parameters.integer(endpoint)
      case .box: parameters.integer(boxKey)
      case .personClass(let personClass): parameters.integer(Int64(personClass.rawValue))
      }
    }
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
