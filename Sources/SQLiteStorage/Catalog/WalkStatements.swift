import FaceEvents
import GRDB

/// The statements of the walks of one search: all of its walks are of one index.
struct WalkStatements {
  private let query: EventQuery
  private let filter: EventFilter
  private let rest: SQLStatement
  private let times: SQLStatement

  init(_ query: EventQuery, index: EventIndex, filter: EventFilter, _ db: Database) throws {
    self.query = query
    self.filter = filter
    rest = try SQLStatement(cached: Self.sql(.rest, index, filter, query.order), db)
    times = try SQLStatement(cached: Self.sql(.times, index, filter, query.order), db)
  }

  /// After a place the rest of its millisecond comes first, which the index finds by sequence; then all other times.
  enum Stretch: CaseIterable {
    case rest
    case times

    func condition(_ order: EventQuery.Order) -> String {
      switch self {
      case .rest: "time = ? AND sequence \(order == .newestFirst ? "<" : ">") ?"
      case .times: "time >= ? AND time <= ?"
      }
    }
  }

  static func sql(_ stretch: Stretch, _ index: EventIndex, _ filter: EventFilter, _ order: EventQuery.Order) -> String {
    let direction = order == .newestFirst ? "DESC" : "ASC"
    return """
      SELECT time, sequence, \(filter.columns) FROM event INDEXED BY \(index.rawValue) \
      WHERE \(index.condition) AND \(stretch.condition(order)) ORDER BY time \(direction), sequence \(direction) LIMIT ?
      """
  }

  /// Rows of the walk of `key` after `place`, also those that do not fit: whoever looks at them counts them.
  func rows(_ key: EventIndex.Key, after place: EventQuery.Cursor?, limit: Int, _ take: (WalkedRow) -> Void) throws {
    var count = 0
    func read(_ columns: inout SQLColumns) -> Bool {
      count += 1
      take(WalkedRow(&columns, hasPerson: filter.namePart != nil))
      return true
    }
    var (since, until) = (query.since?.milliseconds ?? .min, query.until?.milliseconds ?? .max)
    if let place {
      let time = place.time.milliseconds
      if since <= time && time <= until {
        try rest.rows({ bind(&$0, key, time, place.sequence, limit: limit) }, read)
      }
      guard count < limit, time != (query.order == .newestFirst ? .min : .max) else { return }
      if query.order == .newestFirst { until = min(until, time - 1) } else { since = max(since, time + 1) }
    }
    guard since <= until else { return }
    try times.rows({ bind(&$0, key, since, until, limit: limit - count) }, read)
  }

  private func bind(_ parameters: inout SQLParameters, _ key: EventIndex.Key, _ first: Int64, _ second: Int64, limit: Int) {
    filter.bind(&parameters)
    key.bind(&parameters)
    parameters.integer(first)
    parameters.integer(second)
    parameters.integer(Int64(limit))
  }
}

/// A row that a walk has come to.
struct WalkedRow {
  var place: EventQuery.Cursor
  var fits: Bool
  /// Nil also where names are not checked.
  var personID: String?

  init(_ columns: inout SQLColumns, hasPerson: Bool) {
    place = EventQuery.Cursor(time: columns.time(), sequence: columns.integer())
    fits = columns.integer() != 0
    personID = hasPerson ? columns.optionalText() : nil
  }
}
