import FaceEvents
import GRDB

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

enum HourSQL {
  static let next = "SELECT hour FROM hour_tally WHERE hour >= ? ORDER BY hour LIMIT 1"
  static let ofEndpoint = "SELECT lane, person_class, event_count FROM hour_tally WHERE hour = ? AND endpoint = ?"
  static let ofEveryEndpoint = "SELECT endpoint, lane, person_class, event_count FROM hour_tally WHERE hour = ? AND endpoint > 0"
}
