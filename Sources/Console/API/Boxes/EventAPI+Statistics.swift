import FaceEvents
import Hummingbird

extension EventAPI {
  private static let dayMilliseconds: Int64 = 86_400_000

  private static func daysMax(_ step: StatisticsQuery.Step) -> Int64 { step == .hour ? 31 : 3_660 }

  var statisticsOperation: Operation {
    let dimensions = StatisticsQuery.Dimension.allCases.map(\.rawValue)
    let row = Schema.object(
      Schemas.time("start", "When the hour, or the viewer's day, begins.") + [
        .init("class", .nullable(.words(Schemas.personClasses))), .init("box", .nullable(.text())),
        .init("endpoint", .nullable(.text())), .init("lane", .nullable(.words(Schemas.lanes))), .init("event_count", .integer()),
      ])
    return Operation(
      .get, "/stats", "get_statistics", .boxes, "Counts of events by hour or day",
      help:
        "From counters of whole hours (UTC): both ends are widened to them, and utc_offset is rounded down to them. Dimensions that were "
        + "not asked for are null. Hours go back \(Self.daysMax(.hour)) days at once, days \(Self.daysMax(.day)).",
      parameters: [
        Parameter("step", .words(StatisticsQuery.Step.allCases.map(\.rawValue)), "hour unless said otherwise."),
        Parameter("by", .wordList(dimensions), "What is told apart besides time, with commas between; class unless said otherwise."),
        Parameter("since", .time, "From this time on; 7 days before until unless said otherwise."),
        Parameter("until", .time, "Up to this time; now unless said otherwise."),
        Parameter("utc_offset", .utcOffset, "Of the viewer's clock, which says where a day begins; Z unless said otherwise."),
        Parameter("box", .text(bytesMax: EventFilterParameters.textBytesMax), "The box's code."),
        Parameter("endpoint", .text(bytesMax: EventFilterParameters.textBytesMax), "The endpoint's id."),
        Parameter("class", .words(Schemas.personClasses), "What the person is to the site."), EventFilterParameters.lane,
      ],
      answers: [
        .json(
          .object(
            [.init("step", .words(StatisticsQuery.Step.allCases.map(\.rawValue)))] + Schemas.time("since", "As asked for.")
              + Schemas.time("until", "As asked for.")
              + [
                .init("rows", .list(row)),
                .init("is_cut", .boolean, "There are more rows than are given at once: ask for a shorter time or fewer dimensions."),
              ]),
          "The counts.")
      ], handle: { try await statistics($0) })
  }

  private func statistics(_ request: APIRequest) async throws -> Response {
    let query = try statisticsQuery(request)
    let rows = try await sources.catalog.statistics(query)
    return .json { line in
      line.member("step", query.step.rawValue)
      line.member("since", query.since)
      line.member("until", query.until)
      line.list("rows", rows) { line, row in
        line.object { line in
          line.member("start", row.start)
          line.member("class", row.personClass?.word)
          line.member("box", row.box)
          line.member("endpoint", row.endpoint)
          line.member("lane", row.lane?.word)
          line.member("event_count", row.eventCount)
        }
      }
      line.member("is_cut", rows.count >= StatisticsQuery.rowsMax)
    }
  }

  private func statisticsQuery(_ request: APIRequest) throws(APIError) -> StatisticsQuery {
    let until = request.time("until") ?? sources.now()
    let since = request.time("since") ?? Timestamp(milliseconds: until.milliseconds - 7 * Self.dayMilliseconds)
    guard since <= until else { throw .parameter("since", "is later than until; exchange them") }
    var query = StatisticsQuery(since: since, until: until)
    query.step = request.text("step").flatMap(StatisticsQuery.Step.init(rawValue:)) ?? .hour
    let daysMax = Self.daysMax(query.step)
    guard until.milliseconds - since.milliseconds <= daysMax * Self.dayMilliseconds else {
      throw .parameter("since", "is more than \(daysMax) days before until; ask for less at once, or for step=day")
    }
    if let words = request.words("by") { query.dimensions = Set(words.compactMap(StatisticsQuery.Dimension.init(rawValue:))) }
    query.utcOffsetSeconds = request.utcOffset("utc_offset") ?? 0
    query.boxCode = request.text("box")
    query.endpointID = request.text("endpoint")
    query.personClass = request.text("class").flatMap(PersonClass.init(word:))
    query.lane = request.text("lane").flatMap(Lane.init(word:))
    return query
  }
}
