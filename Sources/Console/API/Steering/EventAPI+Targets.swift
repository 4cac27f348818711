import FaceEvents
import HTTPTypes
import Hummingbird

extension EventAPI {
  static let targetID = Parameter("id", .text(bytesMax: 64), "The target's id.", in: .path)
  static let doneSchema = Schema.object([.init("count", .integer(), "How many it was done to.")])

  var targetOperations: [Operation] {
    let body = Operation.Body(schema: .object(TargetJSON.members), isRequired: true)
    let start = Schema.Member(
      "start", .words(["end", "beginning"]), "With the next event that is stored (end, unless said otherwise), or with the first there is.",
      isRequired: false)
    let new = Operation.Body(schema: .object([.init("id", .text())] + TargetJSON.members + [start]), isRequired: true)
    let target = [Operation.Answer.json(.named("Target"), "The target as it is now.")]
    return [
      Operation(
        .get, "/targets", "list_targets", .forwarding, "Where events are forwarded to, and how each target is doing",
        answers: [.json(.object([.init("targets", .list(.named("Target")))]), "In the order in which they were made.")],
        handle: { _ in try await targets() }),
      Operation(
        .post, "/targets", "add_target", .forwarding, "Adds a target", body: new,
        answers: [.json(.named("Target"), "The target.", status: 201)], errors: [409], handle: { try await addTarget($0) }),
      Operation(
        .get, "/targets/{id}", "get_target", .forwarding, "One target", parameters: [Self.targetID], answers: target,
        handle: { try await targetAnswer($0) }),
      Operation(
        .put, "/targets/{id}", "replace_target", .forwarding, "Changes a target",
        help: "What is left out gets its default. *** for a secret means the one that is there.", parameters: [Self.targetID], body: body,
        answers: target, handle: { try await replaceTarget($0) }),
      Operation(
        .delete, "/targets/{id}", "remove_target", .forwarding, "Removes a target, with its cursor and its parked events",
        parameters: [Self.targetID], answers: [Operation.Answer(status: 204, help: "It is gone.", content: [])],
        handle: { request in
          try await sources.forwarding.removeTarget(request.text("id") ?? "")
          return Response(status: .noContent)
        }),
    ] + targetActions(answers: target)
  }

  private func targetActions(answers: [Operation.Answer]) -> [Operation] {
    let reason = Schema.object([.init("reason", .text(), "Shown to people.", isRequired: false)])
    return [
      Operation(
        .post, "/targets/{id}/pause", "pause_target", .forwarding, "Sends a target nothing until it is resumed",
        parameters: [Self.targetID], body: Operation.Body(schema: reason, isRequired: false), answers: answers,
        handle: { request in
          try await sources.forwarding.pauseTarget(request.text("id") ?? "", reason: request.body.text("reason") ?? "paused by hand")
          return try await targetAnswer(request)
        }),
      Operation(
        .post, "/targets/{id}/resume", "resume_target", .forwarding, "Goes on with a target that is paused", parameters: [Self.targetID],
        answers: answers,
        handle: { request in
          try await sources.forwarding.resumeTarget(request.text("id") ?? "")
          return try await targetAnswer(request)
        }),
      Operation(
        .post, "/targets/{id}/test", "test_target", .forwarding, "Sends a target one event of nobody and shows its answer",
        help: "Also while it is paused. A status target gets the node's own state.", parameters: [Self.targetID],
        body: Operation.Body(
          schema: .object([.init("event", .anyObject, "Send this event instead, as a box would.", isRequired: false)]), isRequired: false),
        answers: [.json(TargetTestJSON.schema, "What came back from each URL.")], handle: { try await testTarget($0) }),
    ]
  }

  private func targets() async throws -> Response {
    let targets = try await sources.forwarding.targets()
    let backlogs = try await sources.forwarding.backlog()
    return .json { line in
      line.list("targets", targets) { line, target in
        TargetJSON.write(target, backlogs.first { $0.target == target.id }, to: &line)
      }
    }
  }

  private func addTarget(_ request: APIRequest) async throws -> Response {
    let id = request.body.text("id") ?? ""
    guard try await sources.target(id) == nil else {
      throw APIError.conflict("there is a target with this id; choose another, or change that one with PUT")
    }
    let target = try TargetJSON.target(request.body, id: id, existing: nil)
    try await sources.forwarding.save(target, start: request.body.text("start") == "beginning" ? .beginning : .end)
    return try await targetAnswer(id, status: .created)
  }

  private func replaceTarget(_ request: APIRequest) async throws -> Response {
    let id = request.text("id") ?? ""
    guard let existing = try await sources.target(id) else { throw ForwardingError.noSuchTarget(id) }
    try await sources.forwarding.save(try TargetJSON.target(request.body, id: id, existing: existing), start: .end)
    return try await targetAnswer(request)
  }

  private func testTarget(_ request: APIRequest) async throws -> Response {
    let event = request.body.value("event").map { value -> [UInt8] in
      var line = JSONLine()
      value.write(to: &line)
      return line.bytes
    }
    let answers = try await sources.testTarget(request.text("id") ?? "", event: event)
    return .json { TargetTestJSON.writeMembers(of: answers, to: &$0) }
  }

  private func targetAnswer(_ request: APIRequest) async throws -> Response { try await targetAnswer(request.text("id") ?? "") }

  private func targetAnswer(_ id: String, status: HTTPResponse.Status = .ok) async throws -> Response {
    guard let target = try await sources.target(id) else { throw ForwardingError.noSuchTarget(id) }
    let backlog = try await sources.forwarding.backlog().first { $0.target == id }
    var line = JSONLine()
    TargetJSON.write(target, backlog, to: &line)
    return .json(line.bytes, status: status)
  }
}

extension ConsoleSources {
  func target(_ id: String) async throws(ForwardingError) -> ForwardTarget? {
    try await forwarding.targets().first { $0.id == id }
  }

  /// - Parameter event: nil for one of nobody.
  func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer] {
    guard let target = try await target(id) else { throw .noSuchTarget(id) }
    let lane = Lane(word: target.lane.rawValue)
    return try await forwarding.testTarget(id, event: lane.map { event ?? inventEvent($0) })
  }
}
