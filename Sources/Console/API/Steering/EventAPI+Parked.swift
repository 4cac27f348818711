import FaceEvents
import Hummingbird

extension EventAPI {
  /// Which parked events something is done to.
  private static let parkedChoice = Operation.Body(
    schema: .object([
      .init("target", .text()), .init("sequences", .list(.integer(1...Int64.max)), isRequired: false),
      .init("all", .boolean, "Instead of sequences: all of the target.", isRequired: false),
    ]), isRequired: true)

  var parkedOperations: [Operation] {
    let cursor = EventFilterParameters.cursor
    return [
      Operation(
        .get, "/parked", "list_parked", .forwarding, "Events that targets refused for good",
        parameters: [
          Parameter("target", .text(bytesMax: 64), "The target's id; all unless given."), EventFilterParameters.limit, cursor,
        ], answers: [.json(Schemas.page("parked", .named("ParkedEvent")), "A page, by sequence, then target.")],
        handle: { try await parked($0) }),
      Operation(
        .post, "/parked/replay", "replay_parked", .forwarding, "Has parked events sent again", body: Self.parkedChoice,
        answers: [.json(Self.doneSchema, "So many will be sent again.")], errors: [404],
        handle: { request in
          let choice = try Self.choice(request.body)
          return .counted(try await sources.forwarding.replayParked(target: choice.target, sequences: choice.sequences))
        }),
      Operation(
        .post, "/parked/drop", "drop_parked", .forwarding, "Forgets parked events; they stay stored as events", body: Self.parkedChoice,
        answers: [.json(Self.doneSchema, "So many were forgotten.")], errors: [404],
        handle: { request in
          let choice = try Self.choice(request.body)
          return .counted(try await sources.forwarding.dropParked(target: choice.target, sequences: choice.sequences))
        }),
    ]
  }

  private static func choice(_ body: BodyFields) throws(APIError) -> (target: String, sequences: [Int64]?) {
    (body.text("target") ?? "", try body.chosen("sequences"))
  }

  private func parked(_ request: APIRequest) async throws -> Response {
    let position = try request.text("cursor").map { text throws(APIError) in try ParkedPage.Position(cursor: text) }
    let page = try await ParkedPage(
      target: request.text("target"), after: position, limit: Int(request.integer("limit") ?? 100), of: sources.forwarding)
    return .json { line in
      line.list("parked", page.events) { line, parked in line.object { Self.writeMembers(of: parked, to: &$0) } }
      line.member("next_cursor", page.next?.cursor)
    }
  }

  private static func writeMembers(of parked: ParkedEvent, to line: inout JSONLine) {
    line.member("target", parked.target)
    line.member("sequence", parked.sequence)
    line.member("event_id", parked.eventID?.description)
    line.member("event_url", parked.eventID.map { "\(EventAPI.prefix)/events/\($0)" })
    line.member("http_status", parked.httpStatus.map(Int64.init))
    line.member("reason", parked.reason)
    line.member("excerpt", parked.excerpt)
    line.member("attempts", parked.attempts)
    line.member("parked_at", parked.parkedAt)
    line.member("is_replaying", parked.isReplaying)
  }
}

extension Response {
  static func counted(_ count: Int) -> Response { .json { $0.member("count", count) } }
}

extension BodyFields {
  /// - Returns: nil for all, which nobody gets by leaving something out.
  func chosen(_ name: String) throws(APIError) -> [Int64]? {
    switch (integers(name), boolean("all") ?? false) {
    case (let numbers?, false): return numbers
    case (nil, true): return nil
    default: throw .parameter(name, "or all must be given, and not both: a list, or \"all\": true")
    }
  }
}
