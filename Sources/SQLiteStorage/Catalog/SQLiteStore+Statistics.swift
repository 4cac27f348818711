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
