public import FaceEvents
import GRDB

extension SQLiteStore {
  public func boxes(after code: String?, limit: Int) async throws(StorageError) -> [BoxRecord] {
    guard limit > 0 else { return [] }
    return try await read("read boxes") { db in
      let clocks = try BoxClocks(db)
      var boxes: [(key: Int64, record: BoxRecord)] = []
      try SQLStatement(cached: code == nil ? BoxSQL.first : BoxSQL.following, db).rows({ parameters in
        if let code { parameters.text(code) }
        parameters.integer(Int64(limit))
      }) { columns in
        if let box = columns.boxRecord() { boxes.append(box) }
        return true
      }
      return try boxes.map { try clocks.completed($0) }
    }
  }

  public func box(_ code: String) async throws(StorageError) -> BoxRecord? {
    try await read("read a box") { db in
      let found = try SQLStatement(cached: BoxSQL.byCode, db).first({ $0.text(code) }, { $0.boxRecord() }).flatMap(\.self)
      return try found.map { try BoxClocks(db).completed($0) }
    }
  }

  public func endpoints(box: String?, after key: EndpointKey?, limit: Int) async throws(StorageError) -> [EndpointRecord] {
    guard limit > 0 else { return [] }
    return try await read("read endpoints") { db in
      var endpoints: [EndpointRecord] = []
      func read(_ sql: String, _ bind: (inout SQLParameters) -> Void) throws {
        guard endpoints.count < limit else { return }
        try SQLStatement(cached: sql, db).rows({ parameters in
          bind(&parameters)
          parameters.integer(Int64(limit - endpoints.count))
        }) { columns in
          endpoints.append(columns.endpointRecord())
          return true
        }
      }
      switch (box, key) {
      case (let box?, nil): try read(EndpointSQL.ofBox) { $0.text(box) }
      case (nil, nil): try read(EndpointSQL.all) { _ in }
      case (_, let key?):
        // Those without an id come first, and any id is at least the empty one.
        if box == nil || box == key.box {
          try read(key.id == nil ? EndpointSQL.withID : EndpointSQL.followingInBox) { parameters in
            parameters.text(key.box)
            if let id = key.id { parameters.text(id) }
          }
        }
        if box == nil { try read(EndpointSQL.ofFollowingBoxes) { $0.text(key.box) } }
      }
      return endpoints
    }
  }
}

/// How far the clocks of boxes are off.
struct BoxClocks {
  /// The event stored last of each of a box's strata: those of the busiest and newest ones.
  static let newestSQL = """
    SELECT s.last_sequence FROM endpoint AS e CROSS JOIN stratum AS s ON s.endpoint = e.key WHERE e.box = ? \
    ORDER BY s.last_sequence DESC LIMIT 8
    """
  static let timesSQL = "SELECT has_own_time, time, received_at FROM event WHERE sequence = ?"

  /// What arrived so long before the newest event says nothing of the clock of today.
  private static let ageMax: Int64 = 86_400_000

  private let newest: SQLStatement
  private let times: SQLStatement

  init(_ db: Database) throws {
    newest = try SQLStatement(cached: Self.newestSQL, db)
    times = try SQLStatement(cached: Self.timesSQL, db)
  }

  func completed(_ box: (key: Int64, record: BoxRecord)) throws -> BoxRecord {
    var record = box.record
    record.clockDifferenceMilliseconds = try difference(of: box.key)
    return record
  }

  private func difference(of box: Int64) throws -> Int64? {
    var sequences: [Int64] = []
    try newest.rows({ $0.integer(box) }) { columns in
      sequences.append(columns.integer())
      return true
    }
    var (smallest, newestArrival): (Int64?, Int64?) = (nil, nil)
    for sequence in sequences {
      let row = try times.first({ $0.integer(sequence) }, { (hasOwnTime: $0.integer() != 0, time: $0.integer(), arrival: $0.integer()) })
      guard let row, row.hasOwnTime else { continue }
      let newest = newestArrival ?? row.arrival
      newestArrival = newest
      let (age, _) = newest.subtractingReportingOverflow(row.arrival)
      let (difference, overflow) = row.arrival.subtractingReportingOverflow(row.time)
      guard age <= Self.ageMax, !overflow else { continue }
      smallest = min(smallest ?? difference, difference)
    }
    return smallest
  }
}

enum BoxSQL {
  private static let columns =
    "key, code, origin, source_address, first_seen, last_seen, last_received_at, last_status_at, event_count"

  static let first = "SELECT \(columns) FROM box ORDER BY code LIMIT ?"
  static let following = "SELECT \(columns) FROM box WHERE code > ? ORDER BY code LIMIT ?"
  static let byCode = "SELECT \(columns) FROM box WHERE code = ?"
}

enum EndpointSQL {
  private static let select = """
    SELECT box.code, e.id, e.uuid, e.address, e.name, e.kind, e.first_seen, e.last_seen, e.event_count \
    FROM box CROSS JOIN endpoint AS e ON e.box = box.key
    """
  private static let order = "ORDER BY box.code, e.id LIMIT ?"

  static let all = "\(select) \(order)"
  static let ofBox = "\(select) WHERE box.code = ? \(order)"
  static let withID = "\(select) WHERE box.code = ? AND e.id >= '' \(order)"
  static let followingInBox = "\(select) WHERE box.code = ? AND e.id > ? \(order)"
  static let ofFollowingBoxes = "\(select) WHERE box.code > ? \(order)"
}

extension SQLColumns {
  fileprivate mutating func boxRecord() -> (key: Int64, record: BoxRecord)? {
    let key = integer()
    guard let box = box() else { return nil }
    let record = BoxRecord(
      code: box.code, origin: box.origin, sourceAddress: optionalText(), firstSeen: optionalTime(), lastSeen: optionalTime(),
      lastReceivedAt: optionalTime(), lastStatusAt: optionalTime(), eventCount: integer(), clockDifferenceMilliseconds: nil)
    return (key, record)
  }

  fileprivate mutating func endpointRecord() -> EndpointRecord {
    let key = EndpointKey(box: text(), id: optionalText())
    let endpoint = Endpoint(
      id: key.id, uuid: optionalText(), address: optionalText(), name: optionalText(), kind: optionalText())
    return EndpointRecord(
      key: key, endpoint: endpoint, firstSeen: optionalTime(), lastSeen: optionalTime(), eventCount: integer())
  }
}
