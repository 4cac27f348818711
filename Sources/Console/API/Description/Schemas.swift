import FaceEvents

/// The shapes that answers are made of, by the names that the description calls them.
enum Schemas {
  static let all: [(name: String, schema: Schema)] =
    [("Error", error), ("Picture", picture), ("Event", event), ("DamagedEvent", damagedEvent), ("EventDetail", eventDetail)]
    + [("Person", person), ("Box", box), ("Endpoint", .object(endpointMembers)), ("Target", target), ("ParkedEvent", parkedEvent)]
    + [("QuarantineEntry", quarantineEntry)]

  static let personClasses = PersonClass.allCases.map(\.word)
  static let lanes = Lane.allCases.map(\.word)
  static let roles = PictureRole.allCases.map(\.word)
  static let forms = EventForm.allCases.map(\.rawValue)

  /// Both members of a time that is always there.
  static func time(_ name: String, _ help: String) -> [Schema.Member] {
    [.init(name, .text(format: "date-time"), help), .init(name + "_ms", .integer())]
  }

  /// Both members of a time that may be null.
  static func timeOrNull(_ name: String, _ help: String) -> [Schema.Member] {
    [.init(name, .nullable(.text(format: "date-time")), help), .init(name + "_ms", .nullable(.integer()))]
  }

  /// A page of a list.
  static func page(_ name: String, _ element: Schema) -> Schema {
    .object([.init(name, .list(element)), .init("next_cursor", .nullable(.text()), "Null on the last page.")])
  }

  private static let optionalText = Schema.nullable(.text())

  private static let error = Schema.object([
    .init("status", .integer(), "As error.code."), .init("message", .text(), "What was wrong, and what to do."),
    .init("error", .object([.init("code", .integer()), .init("message", .text()), .init("status", .text())])),
  ])

  private static let picture = Schema.object([
    .init("role", .words(roles)), .init("index", .integer(), "Among those of the same role, from 0."), .init("url", .text()),
    .init("byte_count", .integer()), .init("sha256", .text()), .init("field", .text(), "What the box called it."),
    .init("media_type", .nullable(.text()), "Null when the picture is damaged.", isRequired: false),
    .init("problem", .text(), "Why the picture cannot be given out.", isRequired: false),
  ])

  private static let whoAndWhere: [Schema.Member] = [
    .init(
      "person",
      .object([
        .init("id", optionalText), .init("name", optionalText), .init("class", .words(personClasses)), .init("group", optionalText),
      ])),
    .init(
      "score",
      .nullable(
        .object([
          .init("value", .number(), "As sent."), .init("scale", .words(["unit", "percent"]), "unit: 0 to 1; percent: 0 to 100."),
        ]))),
    .init(
      "box",
      .object([
        .init("code", .text()),
        .init("origin", .words(["field", "endpoint-prefix", "query", "source-address"]), "Where the code was found."),
      ])),
    .init(
      "endpoint",
      .object([
        .init("id", optionalText), .init("uuid", optionalText), .init("address", optionalText), .init("name", optionalText),
        .init("kind", optionalText),
      ])),
    .init("action", optionalText),
  ]

  private static let eventMembers: [Schema.Member] =
    [.init("id", .text(format: "uuid")), .init("sequence", .integer(), "Place in the order in which the node stored its events.")]
    + [.init("lane", .words(lanes)), .init("form", .words(forms)), .init("encoding", .words(BodyEncoding.allCases.map(\.word)))]
    + time("time", "When it happened; when it arrived, if it does not say (has_own_time).") + [.init("has_own_time", .boolean)]
    + time("received_at", "When it arrived.") + whoAndWhere
    + [.init("warning_count", .integer()), .init("pictures", .list(.named("Picture"))), .init("url", .text(), "The whole event.")]

  private static let event = Schema.object(eventMembers)

  private static let damagedEvent = Schema.object([
    .init("sequence", .integer()), .init("damaged", .boolean), .init("reason", .text()),
  ])

  private static let eventDetail = Schema.object(
    eventMembers + timeOrNull("entered_at", "When the person came into view.") + timeOrNull("left_at", "When the person left.") + [
      .init("content_sha256", .text(), "Of the canonical form: the same for the same event, however it was sent."),
      .init("warnings", .list(.text()), "What was odd about it when it came."),
      .init(
        "source", .object([.init("address", .text()), .init("path", .text())]), "Who brought it, and to which path."),
      .init("original_url", .text()), .init("fields", .anything, "What the box sent, without the pictures."),
      .init("other_lane_url", .nullable(.text()), "The same event on the other lane, if it came there too.", isRequired: false),
    ])

  private static let person = Schema.object(
    [
      .init("id", .text()), .init("name", optionalText), .init("class", .words(personClasses)), .init("group", optionalText),
      .init("event_count", .integer()),
    ] + time("first_seen", "Time of the first event.") + time("last_seen", "Time of the last event.") + [
      .init("picture_url", .nullable(.text()), "The newest reference picture."), .init("url", .text()),
    ])

  private static let box = Schema.object(
    [.init("code", .text()), .init("origin", .words(["field", "endpoint-prefix", "query", "source-address"]))]
      + [.init("source_address", optionalText, "From where it sent last.")] + timeOrNull("first_seen", "Time of its first event.")
      + timeOrNull("last_seen", "Time of its last event.") + timeOrNull("last_received_at", "When anything of it arrived last.")
      + timeOrNull("last_status_at", "When its last status report arrived.")
      + timeOrNull("silent_since", "Set when nothing has come for longer than is usual: 5 minutes with status reports, else a day.") + [
        .init("event_count", .integer()), .init("events_last_day", .integer(), "Of the last 24 hours."),
        clockDifference, .init("url", .text()),
      ])

  static let endpointMembers: [Schema.Member] =
    [
      .init("box", .text()), .init("id", optionalText, "Null stands for all events of the box that name no endpoint."),
      .init("uuid", optionalText), .init("address", optionalText), .init("name", optionalText), .init("kind", optionalText),
    ] + timeOrNull("first_seen", "Time of its first event.") + timeOrNull("last_seen", "Time of its last event.")
    + timeOrNull("last_received_at", "When its last event arrived.")
    + timeOrNull("silent_since", "Set when nothing has come for longer than a day.") + [
      .init("event_count", .integer()), .init("events_last_day", .integer(), "Of the last 24 hours."), clockDifference,
    ]

  private static let clockDifference = Schema.Member(
    "clock_difference_ms", .nullable(.integer()),
    "Arrival minus event time, the smallest of a few newest events: how far its clock is behind, or how late it sends; negative when ahead."
  )

  private static let target: Schema = {
    let settings = TargetJSON.members.map { member in
      var member = member
      member.isRequired = true
      return member
    }
    return .object(
      [.init("id", .text()), .init("group", optionalText, "What made it together with others.")] + settings + [
        .init("pause", TargetJSON.pause), .init("backlog", BacklogJSON.schema), .init("url", .text()),
      ])
  }()

  private static let parkedEvent = Schema.object(
    [
      .init("target", .text()), .init("sequence", .integer()), .init("event_id", .nullable(.text(format: "uuid"))),
      .init("event_url", optionalText), .init("http_status", .nullable(.integer())), .init("reason", .text()),
      .init("excerpt", .text(), "The beginning of the target's answer."), .init("attempts", .integer()),
    ] + time("parked_at", "When it was parked.") + [.init("is_replaying", .boolean, "Asked for again, and not yet accepted.")])

  private static let quarantineEntry = Schema.object(
    [
      .init("id", .integer()), .init("sha256", .text()), .init("reason", .text(), "What the sender was told."),
      .init("content_type", optionalText), .init("source", .object([.init("address", .text()), .init("path", .text())])),
      .init("byte_count", .integer()), .init("count", .integer(), "How often these bytes came."),
    ] + time("first_received_at", "When they came first.") + time("last_received_at", "When they came last.") + [
      .init("body_url", .text())
    ])
}
