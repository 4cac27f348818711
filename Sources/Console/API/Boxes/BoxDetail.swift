import FaceEvents

/// Everything about one box.
struct BoxDetail {
  private static let endpointsMax = 500
  private static let statusReportsMax = 10
  private static let gapHours: Int64 = 7 * 24

  static let schema = Schema.object([
    .init("box", .named("Box")),
    .init(
      "endpoints",
      .list(.object(Schemas.endpointMembers + [.init("gaps", .list(EventGap.schema), "As those of the box, of this endpoint alone.")])),
      "The first \(endpointsMax)."),
    .init(
      "hours", .list(.object(Schemas.time("start", "When the hour begins.") + [.init("event_count", .integer())])),
      "Hours of the last 7 days that had events, oldest first."),
    .init(
      "gaps", .list(EventGap.schema), "Whole hours without an event, between hours with some, in the last 7 days."),
    .init(
      "status_reports",
      .list(
        .object(
          [.init("form", .words(StatusForm.allCases.map(\.rawValue)))] + Schemas.time("received_at", "When it arrived.")
            + [.init("warnings", .list(.text())), .init("fields", .anything, "What the box sent.")])), "The newest, newest first."),
  ])

  private let box: BoxRecord
  private let endpoints: [EndpointRecord]
  private let reports: [StatusReport]
  private let now: Timestamp
  /// Events by hour, of the box and of those of its endpoints that are shown.
  private var hours: [Timestamp: Int64] = [:]
  private var endpointHours: [String?: [Timestamp: Int64]]

  init(_ box: BoxRecord, _ sources: ConsoleSources) async throws(StorageError) {
    self.box = box
    now = sources.now()
    endpoints = try await sources.catalog.endpoints(box: box.code, after: nil, limit: Self.endpointsMax)
    reports = try await sources.catalog.statusReports(box: box.code, limit: Self.statusReportsMax)
    var query = StatisticsQuery(
      since: Timestamp(milliseconds: now.milliseconds - Self.gapHours * BoxActivity.hourMilliseconds), until: now)
    query.dimensions = [.endpoint]
    query.boxCode = box.code
    endpointHours = Dictionary(endpoints.map { ($0.key.id, [:]) }) { $1 }
    try await query.eachRow(of: sources.catalog) { row in
      hours[row.start, default: 0] += row.eventCount
      endpointHours[row.endpoint]?[row.start, default: 0] += row.eventCount
    }
  }

  private func eventsLastDay(_ hours: [Timestamp: Int64]) -> Int64 {
    let since = Timestamp(milliseconds: now.milliseconds - 24 * BoxActivity.hourMilliseconds)
    return hours.reduce(0) { $1.key > since ? $0 + $1.value : $0 }
  }

  func writeMembers(to line: inout JSONLine) {
    line.object("box") { box.writeMembers(eventsLastDay: eventsLastDay(hours), now: now, to: &$0) }
    line.list("endpoints", endpoints) { line, endpoint in
      let hours = endpointHours[endpoint.key.id] ?? [:]
      line.object { line in
        endpoint.writeMembers(eventsLastDay: eventsLastDay(hours), now: now, to: &line)
        Self.writeGaps(between: hours, to: &line)
      }
    }
    line.list("hours", hours.sorted { $0.key < $1.key }) { line, hour in
      line.object { line in
        line.member("start", hour.key)
        line.member("event_count", hour.value)
      }
    }
    Self.writeGaps(between: hours, to: &line)
    line.list("status_reports", reports) { line, report in
      line.object { line in
        line.member("form", report.form.rawValue)
        line.member("received_at", report.receivedAt)
        line.member("warnings", report.warnings)
        line.key("fields")
        line.raw(OriginalFields.json(report.originalText))
      }
    }
  }

  private static func writeGaps(between hours: [Timestamp: Int64], to line: inout JSONLine) {
    line.list("gaps", EventGap.all(between: hours.keys.sorted())) { line, gap in
      line.object { gap.writeMembers(to: &$0) }
    }
  }
}
