import FaceEvents

/// What the hourly counters say of boxes and endpoints.
struct BoxActivity: Sendable {
  static let hourMilliseconds: Int64 = 3_600_000
  /// With status reports a box says something every few seconds.
  static let silenceWithStatus: Int64 = 5 * 60_000
  static let silenceWithoutStatus: Int64 = 24 * hourMilliseconds

  private var counts: [EndpointKey: Int64] = [:]

  /// Of the last 24 hours, as near as whole hours allow.
  /// - Parameter box: nil for all.
  init(_ sources: ConsoleSources, box: String?, byEndpoint: Bool) async throws(StorageError) {
    let now = sources.now()
    var query = StatisticsQuery(since: Timestamp(milliseconds: now.milliseconds - 23 * Self.hourMilliseconds), until: now)
    query.step = .hour
    query.dimensions = byEndpoint ? [.box, .endpoint] : [.box]
    query.boxCode = box
    for row in try await sources.catalog.statistics(query) {
      guard let box = row.box else { continue }
      counts[EndpointKey(box: box, id: row.endpoint), default: 0] += row.eventCount
    }
  }

  subscript(_ key: EndpointKey) -> Int64 { counts[key] ?? 0 }

  /// When it spoke last, if that is longer ago than is usual for it.
  static func silentSince(_ box: BoxRecord, now: Timestamp) -> Timestamp? {
    guard let last = box.lastReceivedAt else { return nil }
    let limit = box.lastStatusAt == nil ? silenceWithoutStatus : silenceWithStatus
    return now.milliseconds - last.milliseconds > limit ? last : nil
  }
}

/// Hours without an event between hours with some.
struct EventGap: Equatable {
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
}
