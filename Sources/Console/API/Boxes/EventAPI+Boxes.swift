import FaceEvents
import Hummingbird

extension EventAPI {
  private static let textBytesMax = EventFilterParameters.textBytesMax

  var boxOperations: [Operation] {
    [
      Operation(
        .get, "/boxes", "list_boxes", .boxes, "Boxes by code",
        parameters: [EventFilterParameters.limit, EventFilterParameters.cursor],
        answers: [.json(Schemas.page("boxes", .named("Box")), "A page.")], handle: { try await boxes($0) }),
      Operation(
        .get, "/boxes/{code}", "get_box", .boxes, "One box, its endpoints, its last day, its gaps and its status reports",
        parameters: [Parameter("code", .text(bytesMax: Self.textBytesMax), "The box's code.", in: .path)],
        answers: [.json(BoxDetail.schema, "The box.")], handle: { try await box($0) }),
      Operation(
        .get, "/endpoints", "list_endpoints", .boxes, "Endpoints by box and id",
        parameters: [
          Parameter("box", .text(bytesMax: Self.textBytesMax), "The box's code."), EventFilterParameters.limit,
          EventFilterParameters.cursor,
        ], answers: [.json(Schemas.page("endpoints", .named("Endpoint")), "A page.")], handle: { try await endpoints($0) }),
      statisticsOperation,
    ]
  }

  private func boxes(_ request: APIRequest) async throws -> Response {
    let limit = Int(request.integer("limit") ?? 100)
    let after = try request.text("cursor").map { text throws(APIError) in try Cursor.parts(text, "b", count: 1)[0] ?? "" }
    let boxes = try await sources.catalog.boxes(after: after, limit: limit)
    let activity = try await BoxActivity(sources, box: boxes.count == 1 ? boxes[0].code : nil, byEndpoint: false)
    let now = sources.now()
    return .json { line in
      line.list("boxes", boxes) { line, box in
        line.object { box.writeMembers(eventsLastDay: activity[EndpointKey(box: box.code, id: nil)], now: now, to: &$0) }
      }
      line.member("next_cursor", boxes.count < limit ? nil : boxes.last.map { Cursor.text("b", [$0.code]) })
    }
  }

  private func box(_ request: APIRequest) async throws -> Response {
    guard let code = request.text("code"), let box = try await sources.catalog.box(code) else {
      throw APIError.notFound("no box with this code has sent anything; GET /api/v1/boxes lists those that have")
    }
    let detail = try await BoxDetail(box, sources)
    return .json { detail.writeMembers(to: &$0) }
  }

  private func endpoints(_ request: APIRequest) async throws -> Response {
    let limit = Int(request.integer("limit") ?? 100)
    let box = request.text("box")
    let after = try request.text("cursor").map { text throws(APIError) in try EndpointKey(cursor: text) }
    let endpoints = try await sources.catalog.endpoints(box: box, after: after, limit: limit)
    let activity = try await BoxActivity(sources, box: box, byEndpoint: true)
    let now = sources.now()
    return .json { line in
      line.list("endpoints", endpoints) { line, endpoint in
        line.object { endpoint.writeMembers(eventsLastDay: activity[endpoint.key], now: now, to: &$0) }
      }
      line.member("next_cursor", endpoints.count < limit ? nil : endpoints.last?.key.cursor)
    }
  }
}

extension BoxRecord {
  func writeMembers(eventsLastDay: Int64, now: Timestamp, to line: inout JSONLine) {
    line.member("code", code)
    line.member("origin", origin.word)
    line.member("source_address", sourceAddress)
    line.member("first_seen", firstSeen)
    line.member("last_seen", lastSeen)
    line.member("last_received_at", lastReceivedAt)
    line.member("last_status_at", lastStatusAt)
    line.member("silent_since", PlaceHealth(self, now: now).silentSince)
    line.member("event_count", eventCount)
    line.member("events_last_day", eventsLastDay)
    line.member("clock_difference_ms", clockDifferenceMilliseconds)
    line.member("url", "\(EventAPI.prefix)/boxes/\(PercentCoding.encoded(code))")
  }
}

extension EndpointRecord {
  func writeMembers(eventsLastDay: Int64, now: Timestamp, to line: inout JSONLine) {
    line.member("box", key.box)
    line.member("id", key.id)
    EventJSON.writeMembers(of: endpoint, to: &line)
    line.member("first_seen", firstSeen)
    line.member("last_seen", lastSeen)
    line.member("last_received_at", lastReceivedAt)
    line.member("silent_since", PlaceHealth(self, now: now).silentSince)
    line.member("event_count", eventCount)
    line.member("events_last_day", eventsLastDay)
    line.member("clock_difference_ms", clockDifferenceMilliseconds)
  }
}
