import FaceEvents

/// What the hourly counters say of boxes and endpoints.
struct BoxActivity: Sendable {
  static let hourMilliseconds: Int64 = 3_600_000

  private var counts: [EndpointKey: Int64] = [:]

  /// Of the last 24 hours, as near as whole hours allow.
  /// - Parameter box: nil for all.
  init(_ sources: ConsoleSources, box: String?, byEndpoint: Bool) async throws(StorageError) {
    let now = sources.now()
    let since = Timestamp(milliseconds: now.milliseconds - 23 * Self.hourMilliseconds)
    var query = StatisticsQuery(since: since, until: now)
    // For somebody whose day begins with these hours they are one day, and one row for each place.
    query.step = .day
    query.utcOffsetSeconds = -Int(since.milliseconds / Self.hourMilliseconds % 24) * 3_600
    query.dimensions = byEndpoint ? [.box, .endpoint] : [.box]
    query.boxCode = box
    for row in try await sources.catalog.statistics(query) {
      guard let box = row.box else { continue }
      counts[EndpointKey(box: box, id: row.endpoint), default: 0] += row.eventCount
    }
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
