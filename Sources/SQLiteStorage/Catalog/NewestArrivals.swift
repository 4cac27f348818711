import FaceEvents
import GRDB

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
