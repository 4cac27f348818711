import FaceEvents

/// What the hourly counters say of boxes and endpoints.
struct BoxActivity: Sendable {
  static let hourMilliseconds: Int64 = 3_600_000

  private var counts: [EndpointKey: Int64] = [:]

  /// Of the last 24 hours, as near as whole hours allow.
  /// - Parameter box: nil for all.
  init(_ sources: ConsoleSources, box: String?, byEndpoint: Bool) async throws(StorageError) {
    var query = Self.lastDay(until: sources.now())
    query.dimensions = byEndpoint ? [.box, .endpoint] : [.box]
    query.boxCode = box
    for row in try await sources.catalog.statistics(query) {
      guard let box = row.box else { continue }
      counts[EndpointKey(box: box, id: row.endpoint), default: 0] += row.eventCount
    }
  }

  /// For somebody whose day begins with the first of these hours they are one day, and so one row for each place.
  static func lastDay(until now: Timestamp) -> StatisticsQuery {
    var query = StatisticsQuery(since: Timestamp(milliseconds: now.milliseconds - 23 * hourMilliseconds), until: now)
    query.step = .day
    query.utcOffsetSeconds = -Int(query.since.milliseconds / hourMilliseconds % 24) * 3_600
    return query
  }

  subscript(_ key: EndpointKey) -> Int64 { counts[key] ?? 0 }
}

/// Hours without an event between hours with some.
struct EventGap: Equatable {
  static let schema = Schema.object(Schemas.time("start", "Inclusive.") + Schemas.time("end", "Exclusive."))

  var start: Timestamp
  /// Exclusive.
  var end: Timestamp

  /// - Parameter hours: starts of the hours that have events, ascending.
  static func all(between hours: [Timestamp]) -> [EventGap] {
    zip(hours, hours.dropFirst()).compactMap { before, after in
      let start = Timestamp(milliseconds: before.milliseconds + BoxActivity.hourMilliseconds)
      return start < after ? EventGap(start: start, end: after) : nil
    }
  }

  func writeMembers(to line: inout JSONLine) {
    line.member("start", start)
    line.member("end", end)
  }
}

extension StatisticsQuery {
  /// All rows, oldest first, also where one answer is cut.
  func eachRow(of catalog: any EventCatalog, _ take: (StatisticsRow) -> Void) async throws(StorageError) {
    try await eachRow({ query async throws(StorageError) in try await catalog.statistics(query) }, take)
  }

  func eachRow(
    _ read: (StatisticsQuery) async throws(StorageError) -> [StatisticsRow], _ take: (StatisticsRow) -> Void
  ) async throws(StorageError) {
    var query = self
    while true {
      let rows = try await read(query)
      guard rows.count >= Self.rowsMax, let last = rows.last?.start, last > query.since else { return rows.forEach(take) }
      // There may be more of the last hour, so it is asked for again.
      rows.prefix { $0.start < last }.forEach(take)
      query.since = last
    }
  }
}
