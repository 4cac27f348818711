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

/// One walk, a few rows ahead of its reader.
struct EventWalk {
  let key: EventIndex.Key
  /// No row comes before it; nil when nothing is known.
  private(set) var bound: EventQuery.Cursor?
  private var place: EventQuery.Cursor?
  private var rows: ArraySlice<WalkedRow> = []
  private var isAtEnd = false
  private var chunk: Int

  private static let chunkMax = 256

  /// - Parameters:
  ///   - place: where the walk begins, exclusive.
  ///   - chunk: how many rows are read first.
  init(_ key: EventIndex.Key, bound: EventQuery.Cursor?, after place: EventQuery.Cursor?, chunk: Int) {
    self.key = key
    self.bound = bound
    self.place = place
    self.chunk = min(max(1, chunk), Self.chunkMax)
  }

  /// Nil when the next rows have to be read first, or when there are none.
  var front: WalkedRow? { rows.first }

  /// Whether there is nothing left.
  var isOver: Bool { isAtEnd && rows.isEmpty }

  mutating func next() -> WalkedRow? {
    guard let row = rows.popFirst() else { return nil }
    if rows.isEmpty { bound = row.place }
    return row
  }

  /// - Returns: how many rows were read.
  mutating func read(_ statements: WalkStatements, limit: Int) throws -> Int {
    let limit = min(chunk, max(1, limit))
    var read: [WalkedRow] = []
    read.reserveCapacity(limit)
    try statements.rows(key, after: place, limit: limit) { read.append($0) }
    isAtEnd = read.count < limit
    place = read.last?.place ?? place
    rows = read[...]
    chunk = min(chunk * 4, Self.chunkMax)
    return read.count
  }
}
