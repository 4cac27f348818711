public import FaceEvents
import GRDB

extension SQLiteStore {
  /// At most ``StatisticsQuery/rowsMax`` rows, the oldest: who gets that many goes on from the `start` of the last.
  public func statistics(_ query: StatisticsQuery) async throws(StorageError) -> [StatisticsRow] {
    guard query.since <= query.until else { return [] }
    return try await read("read statistics") { db in
      let scope = try HourScope(query, db)
      guard scope.endpoints?.isEmpty != true else { return [] }
      var sum = try StatisticsSum(query, db)
      let nextHour = try SQLStatement(cached: HourSQL.next, db)
      let counts = try HourCounts(scope, db)
      let last = query.until.hour
      var hour = query.since.hour
      // Hours in which nothing was seen have no rows, and a wrong clock may leave decades of them.
      while let next = try nextHour.first({ $0.integer(hour) }, { $0.integer() }), next <= last, !sum.isFull {
        try counts.each(in: next) { try sum.add($0, count: $1) }
        hour = next + 1
      }
      return sum.finished()
    }
  }
}

/// Whose counters a query sums up.
struct HourScope {
  /// Nil for all: one by one when ``isByEndpoint``, else from the counters of all together.
  var endpoints: [Int64]?
  var isByEndpoint: Bool

  static func endpointsSQL(_ query: StatisticsQuery) -> String {
    var conditions: [String] = []
    if query.boxCode != nil { conditions.append("box = (SELECT box.key FROM box WHERE box.code = ?)") }
    if query.endpointID != nil { conditions.append("id = ?") }
    return "SELECT key FROM endpoint WHERE \(conditions.joined(separator: " AND "))"
  }

  init(_ query: StatisticsQuery, _ db: Database) throws {
    isByEndpoint = query.dimensions.contains(.box) || query.dimensions.contains(.endpoint)
    guard query.boxCode != nil || query.endpointID != nil else { return }
    isByEndpoint = true
    var found: [Int64] = []
    try SQLStatement(cached: Self.endpointsSQL(query), db).rows({ parameters in
      if let box = query.boxCode { parameters.text(box) }
      if let endpoint = query.endpointID { parameters.text(endpoint) }
    }) { columns in
      found.append(columns.integer())
      return true
    }
    endpoints = found
  }
}

/// Reads the counters of an hour.
struct HourCounts {
  /// Of more endpoints it is quicker to read all counters of the hour and take the wanted.
  private static let soughtMax = 32

  private let scope: HourScope
  private let wanted: Set<Int64>?
  private let ofEndpoint: SQLStatement
  private let ofAll: SQLStatement

  init(_ scope: HourScope, _ db: Database) throws {
    self.scope = scope
    wanted = scope.endpoints.flatMap { $0.count > Self.soughtMax ? Set($0) : nil }
    ofEndpoint = try SQLStatement(cached: HourSQL.ofEndpoint, db)
    ofAll = try SQLStatement(cached: HourSQL.ofEveryEndpoint, db)
  }

  func each(in hour: Int64, _ take: (HourTally, Int64) throws -> Void) throws {
    if scope.isByEndpoint, wanted != nil || scope.endpoints == nil {
      try ofAll.rows({ $0.integer(hour) }) { columns in
        let tally = HourTally(hour: hour, endpoint: columns.integer(), lane: columns.integer(), personClass: columns.integer())
        if wanted?.contains(tally.endpoint) != false { try take(tally, columns.integer()) }
        return true
      }
      return
    }
    for endpoint in scope.endpoints ?? [HourTally.allEndpoints] {
      try ofEndpoint.rows({ parameters in
        parameters.integer(hour)
        parameters.integer(endpoint)
      }) { columns in
        let tally = HourTally(hour: hour, endpoint: endpoint, lane: columns.integer(), personClass: columns.integer())
        try take(tally, columns.integer())
        return true
      }
    }
  }
}

/// Sums up counters, hour after hour. Only the hour or day under way is in memory, besides the answer.
struct StatisticsSum {
  private struct Key: Hashable {
    var personClass: Int64?
    var box: String?
    var endpoint: String?
    var lane: Int64?
  }

  private let query: StatisticsQuery
  private let names: EndpointNames
  private var known: [Int64: EndpointKey] = [:]
  private var start: Int64?
  private var counts: [Key: Int64] = [:]
  private var rows: [StatisticsRow] = []

  init(_ query: StatisticsQuery, _ db: Database) throws {
    self.query = query
    names = try EndpointNames(db)
  }

  var isFull: Bool { rows.count >= StatisticsQuery.rowsMax }

  mutating func add(_ tally: HourTally, count: Int64) throws {
    if let lane = query.lane, tally.lane != Int64(lane.rawValue) { return }
    if let personClass = query.personClass, tally.personClass != Int64(personClass.rawValue) { return }
    let start = start(of: tally.hour)
    if start != self.start {
      finishStep()
      self.start = start
    }
    counts[try key(of: tally), default: 0] += count
  }

  mutating func finished() -> [StatisticsRow] {
    finishStep()
    return Array(rows.prefix(StatisticsQuery.rowsMax))
  }

  /// In hours since 1970.
  private func start(of hour: Int64) -> Int64 {
    guard query.step == .day else { return hour }
    let offset = Timestamp.floored(Int64(query.utcOffsetSeconds), by: 3_600)
    return Timestamp.floored(hour + offset, by: 24) * 24 - offset
  }

  private mutating func key(of tally: HourTally) throws -> Key {
    var key = Key()
    if query.dimensions.contains(.personClass) { key.personClass = tally.personClass }
    if query.dimensions.contains(.lane) { key.lane = tally.lane }
    guard query.dimensions.contains(.box) || query.dimensions.contains(.endpoint) else { return key }
    let name = try known[tally.endpoint] ?? names.key(of: tally.endpoint)
    known[tally.endpoint] = name
    if query.dimensions.contains(.box) { key.box = name.box }
    if query.dimensions.contains(.endpoint) { key.endpoint = name.id }
    return key
  }

  private mutating func finishStep() {
    guard let start else { return }
    let step = counts.map { key, count in
      StatisticsRow(
        start: Timestamp(hour: start), personClass: key.personClass.flatMap { UInt8(exactly: $0) }.flatMap(PersonClass.init(rawValue:)),
        box: key.box, endpoint: key.endpoint, lane: key.lane.flatMap { UInt8(exactly: $0) }.flatMap(Lane.init(rawValue:)),
        eventCount: count)
    }
    rows += step.sorted { Self.order($0) < Self.order($1) }
    counts = [:]
    self.start = nil
  }

  private static func order(_ row: StatisticsRow) -> (String, String, UInt8, UInt8) {
    (row.box ?? "", row.endpoint ?? "", row.personClass?.rawValue ?? 0, row.lane?.rawValue ?? 0)
  }
}

enum HourSQL {
  static let next = "SELECT hour FROM hour_tally WHERE hour >= ? ORDER BY hour LIMIT 1"
  static let ofEndpoint = "SELECT lane, person_class, event_count FROM hour_tally WHERE hour = ? AND endpoint = ?"
  static let ofEveryEndpoint = "SELECT endpoint, lane, person_class, event_count FROM hour_tally WHERE hour = ? AND endpoint > 0"
}
