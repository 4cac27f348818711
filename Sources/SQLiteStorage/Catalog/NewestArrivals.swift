import FaceEvents
import GRDB

/// What the newest events of boxes and endpoints tell: when something arrived last, and how far the clock is off.
struct NewestArrivals {
  /// The event stored last of each of a box's strata: those of the busiest and newest ones.
  static let ofBoxSQL = """
    SELECT s.last_sequence FROM endpoint AS e CROSS JOIN stratum AS s ON s.endpoint = e.key WHERE e.box = ? \
    ORDER BY s.last_sequence DESC LIMIT 8
    """
  /// Fewer, as a page has more endpoints than boxes and an endpoint fewer strata.
  static let ofEndpointSQL = "SELECT last_sequence FROM stratum WHERE endpoint = ? ORDER BY last_sequence DESC LIMIT 3"
  static let timesSQL = "SELECT has_own_time, time, received_at FROM event WHERE sequence = ?"

  /// What arrived so long before the newest event says nothing of the clock of today.
  private static let ageMax: Int64 = 86_400_000

  private let sequences: SQLStatement
  private let times: SQLStatement

  private init(_ sql: String, _ db: Database) throws {
    sequences = try SQLStatement(cached: sql, db)
    times = try SQLStatement(cached: Self.timesSQL, db)
  }

  static func ofBoxes(_ db: Database) throws -> NewestArrivals { try NewestArrivals(ofBoxSQL, db) }

  static func ofEndpoints(_ db: Database) throws -> NewestArrivals { try NewestArrivals(ofEndpointSQL, db) }

  func completed(_ box: (key: Int64, record: BoxRecord)) throws -> BoxRecord {
    var record = box.record
    record.clockDifferenceMilliseconds = try newest(of: box.key).clockDifference
    return record
  }

  func completed(_ endpoint: (key: Int64, record: EndpointRecord)) throws -> EndpointRecord {
    var record = endpoint.record
    let newest = try newest(of: endpoint.key)
    record.lastReceivedAt = newest.arrival.map { Timestamp(milliseconds: $0) }
    record.clockDifferenceMilliseconds = newest.clockDifference
    return record
  }

  private func newest(of place: Int64) throws -> (arrival: Int64?, clockDifference: Int64?) {
    var newest: [Int64] = []
    try sequences.rows({ $0.integer(place) }) { columns in
      newest.append(columns.integer())
      return true
    }
    var (smallest, newestTimed, newestArrival): (Int64?, Int64?, Int64?) = (nil, nil, nil)
    for sequence in newest {
      let row = try times.first({ $0.integer(sequence) }, { (hasOwnTime: $0.integer() != 0, time: $0.integer(), arrival: $0.integer()) })
      guard let row else { continue }
      newestArrival = newestArrival ?? row.arrival
      guard row.hasOwnTime else { continue }
      let timed = newestTimed ?? row.arrival
      newestTimed = timed
      let (age, _) = timed.subtractingReportingOverflow(row.arrival)
      let (difference, overflow) = row.arrival.subtractingReportingOverflow(row.time)
      guard age <= Self.ageMax, !overflow else { continue }
      smallest = min(smallest ?? difference, difference)
    }
    return (newestArrival, smallest)
  }
}
