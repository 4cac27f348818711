import FaceEvents

/// The filters of events, which the list, the export and (but for time) the stream share.
enum EventFilterParameters {
  static let textBytesMax = 512

  static let withoutTime: [Parameter] = [
    Parameter("person", .text(bytesMax: textBytesMax), "The person's id."),
    Parameter("name", .text(bytesMax: textBytesMax), "Part of the person's name; letters of either case are the same."),
    Parameter("box", .text(bytesMax: textBytesMax), "The box's code."),
    Parameter("endpoint", .text(bytesMax: textBytesMax), "The endpoint's id."),
    Parameter("class", .words(Schemas.personClasses), "What the person is to the site."),
    Parameter("score_min", .number(0...1), "Scores in percent count as their hundredth part; events without a score are left out."),
    Parameter("score_max", .number(0...1), "As score_min."),
    Parameter("form", .words(Schemas.forms), "The generation of what was sent."),
    Parameter("has_warnings", .boolean, "Whether there was anything odd about it."),
  ]

  static let lane = Parameter("lane", .words(Schemas.lanes), "How it came.")

  static let all =
    withoutTime + [
      lane, Parameter("since", .time, "Events from this time on."), Parameter("until", .time, "Events up to this time, inclusive."),
      Parameter("order", .words(["newest", "oldest"]), "Which comes first; newest unless said otherwise."),
    ]

  static let limit = Parameter("limit", .integer(1...500), "The most that is given at once; 100 unless said otherwise.")
  static let cursor = Parameter("cursor", .text(bytesMax: 2_048), "next_cursor of the page before.")
}

extension EventQuery {
  /// - Throws: when a range is empty.
  init(_ request: APIRequest) throws(APIError) {
    self.init()
    personID = request.text("person")
    namePart = request.text("name")
    boxCode = request.text("box")
    endpointID = request.text("endpoint")
    personClass = request.text("class").flatMap(PersonClass.init(word:))
    lane = request.text("lane").flatMap(Lane.init(word:))
    form = request.text("form").flatMap(EventForm.init(rawValue:))
    hasWarnings = request.boolean("has_warnings")
    (scoreMin, scoreMax) = (request.number("score_min"), request.number("score_max"))
    (since, until) = (request.time("since"), request.time("until"))
    order = request.text("order") == "oldest" ? .oldestFirst : .newestFirst
    if let scoreMin, let scoreMax, scoreMin > scoreMax { throw .parameter("score_min", "is greater than score_max; exchange them") }
    if let since, let until, since > until { throw .parameter("since", "is later than until; exchange them") }
  }
}
