import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension EventAPI {
  static let eventParameters = [
    Parameter("id", .eventID, "The event's id.", in: .path),
    Parameter("lane", .words(Schemas.lanes), "Which of both, when it came on both; history if it came there, unless said otherwise."),
  ]

  var eventOperations: [Operation] {
    [
      Operation(
        .get, "/events", "list_events", .events, "Events that fit all filters",
        parameters: EventFilterParameters.all + [EventFilterParameters.limit, EventFilterParameters.cursor],
        answers: [
          .json(
            Schemas.page("events", .either([.named("Event"), .named("DamagedEvent")])),
            "A page. Where little fits it may be shorter than its limit, even empty, although there is more.")
        ], handle: { try await events($0) }),
      Operation(
        .get, "/events/{id}", "get_event", .events, "Everything about one event", parameters: Self.eventParameters,
        answers: [.json(.named("EventDetail"), "The event.")], errors: [410], handle: { try await event($0) }),
      Operation(
        .get, "/events/{id}/original", "get_original", .events, "What the box sent",
        help: "The bytes that came, when they came as JSON; otherwise the JSON that says the same.", parameters: Self.eventParameters,
        answers: [
          Operation.Answer(status: 200, help: "The JSON, with the pictures in it.", content: [("application/json", .anything)])
        ], errors: [410], handle: { try await original($0) }),
    ]
  }

  private func events(_ request: APIRequest) async throws -> Response {
    var query = try EventQuery(request)
    query.limit = Int(request.integer("limit") ?? 100)
    query.after = try request.text("cursor").map { text throws(APIError) in try EventQuery.Cursor(text) }
    let page = try await sources.catalog.page(query)
    return .json { line in
      line.list("events", page.entries) { EventJSON.write($1, to: &$0) }
      line.member("next_cursor", page.next?.text)
    }
  }

  private func event(_ request: APIRequest) async throws -> Response {
    let found = try await lanes(of: request)
    let stored = try Self.chosen(found, by: request)
    let detail = try await EventDetail(stored, others: found, sources)
    var line = JSONLine()
    detail.write(to: &line)
    return .json(line.bytes)
  }

  private func original(_ request: APIRequest) async throws -> Response {
    let stored = try Self.chosen(try await lanes(of: request), by: request)
    var pictures: [SharedBytes] = []
    for (picture, location) in zip(stored.event.pictures, stored.locations) {
      pictures.append(try await sources.picture(picture, at: location))
    }
    let bytes = sources.restoreOriginal(stored.event, pictures)
    var response = Response.json(bytes)
    response.headers[.contentDisposition] = "inline; filename=\"\(stored.event.id).json\""
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }

  // MARK: One event

  private func lanes(of request: APIRequest) async throws -> [LoggedEvent] {
    guard let id = request.text("id").flatMap({ EventID($0) }) else { throw APIError.notFound("there is no such event") }
    return try await sources.catalog.events(id: id)
  }

  /// - Throws: ``APIError`` when there is none, or what is there is damaged.
  func storedEvent(_ request: APIRequest) async throws -> StoredEvent {
    try Self.chosen(try await lanes(of: request), by: request)
  }

  private static func chosen(_ found: [LoggedEvent], by request: APIRequest) throws(APIError) -> StoredEvent {
    let lane = request.text("lane").flatMap(Lane.init(word:))
    var damage: String?
    for logged in found {
      switch logged {
      case .event(let stored) where lane == nil || stored.event.lane == lane: return stored
      case .event: break
      case .damaged(_, let reason): damage = reason
      }
    }
    if let damage { throw .damaged("the event's row is damaged and is not given out: \(damage)") }
    throw .notFound(
      found.isEmpty
        ? "there is no such event" : "the event did not come on this lane; leave lane out to get the other"
    )
  }
}

extension ConsoleSources {
  /// - Throws: ``APIError`` with 410 for a picture that is not what was sent.
  func picture(_ picture: EventPicture, at location: PictureLocation) async throws -> SharedBytes {
    do {
      return try await pictures.picture(at: location, digest: picture.digest)
    } catch .damaged(let reason) {
      throw APIError.damaged("the \(picture.role.word) picture is damaged and is not given out: \(reason)")
    }
  }
}
