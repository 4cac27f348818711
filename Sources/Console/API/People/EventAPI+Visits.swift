import FaceEvents
import Hummingbird

extension EventAPI {
  private static let dayMilliseconds: Int64 = 86_400_000
  /// A year and the month before it.
  private static let visitDaysMax: Int64 = 400

  var visitsOperation: Operation {
    let times = Schemas.time("first", "The first event of the day.") + Schemas.time("last", "The last event of the day.")
    let visit = Schema.object([.init("box", .text()), .init("endpoint", .nullable(.text()))] + times + [.init("event_count", .integer())])
    let day = Schema.object(
      [.init("day", .text(format: "date"), "On the viewer's calendar.")] + Schemas.time("start", "When the day begins.") + times
        + [.init("event_count", .integer()), .init("endpoints", .list(visit))])
    return Operation(
      .get, "/people/{id}/visits", "list_visits", .people, "First and last event of a person by day and endpoint",
      help: "What attendance needs. Both lanes count. At most \(Self.visitDaysMax) days; the last 31 unless said otherwise.",
      parameters: [
        Parameter("id", .text(bytesMax: EventFilterParameters.textBytesMax), "The person's id, as boxes give it.", in: .path),
        Parameter("since", .time, "From this time on; 31 days before until unless said otherwise."),
        Parameter("until", .time, "Up to this time; now unless said otherwise."),
        Parameter("utc_offset", .utcOffset, "Of the viewer's clock, which says where a day begins; Z unless said otherwise."),
      ],
      answers: [.json(.object([.init("person_id", .text()), .init("days", .list(day))]), "Days with events, oldest first.")],
      handle: { try await visits($0) })
  }

  private func visits(_ request: APIRequest) async throws -> Response {
    let until = request.time("until") ?? sources.now()
    let since = request.time("since") ?? Timestamp(milliseconds: until.milliseconds - 31 * Self.dayMilliseconds)
    guard since <= until else { throw APIError.parameter("since", "is later than until; exchange them") }
    guard until.milliseconds - since.milliseconds <= Self.visitDaysMax * Self.dayMilliseconds else {
      throw APIError.parameter("since", "is more than \(Self.visitDaysMax) days before until; ask for less at once")
    }
    let person = try await personRecord(request)
    let offset = request.utcOffset("utc_offset") ?? 0
    let visits = try await sources.catalog.visits(
      VisitQuery(personID: person.id, since: since, until: until, utcOffsetSeconds: offset))
    return .json { line in
      line.member("person_id", person.id)
      line.list("days", Self.days(of: visits)) { Self.write($1, utcOffsetSeconds: offset, to: &$0) }
    }
  }

  /// In their order, those of one day together.
  static func days(of visits: [DayVisit]) -> [[DayVisit]] {
    visits.reduce(into: []) { days, visit in
      if days.last?.first?.day == visit.day { days[days.count - 1].append(visit) } else { days.append([visit]) }
    }
  }

  private static func write(_ day: [DayVisit], utcOffsetSeconds: Int, to line: inout JSONLine) {
    guard let some = day.first else { return }
    let local = Timestamp(milliseconds: some.day.milliseconds + Int64(utcOffsetSeconds) * 1000)
    line.object { line in
      line.member("day", String(RFC3339.text(local).prefix { $0 != "T" }))
      line.member("start", some.day)
      line.member("first", day.map(\.first).min() ?? some.first)
      line.member("last", day.map(\.last).max() ?? some.last)
      line.member("event_count", day.reduce(0) { $0 + $1.eventCount })
      line.list("endpoints", day) { line, visit in
        line.object { line in
          line.member("box", visit.box)
          line.member("endpoint", visit.endpoint)
          line.member("first", visit.first)
          line.member("last", visit.last)
          line.member("event_count", visit.eventCount)
        }
      }
    }
  }
}
