import FaceEvents
import Hummingbird

extension ConsolePages {
  static let parkedOnPage = 50

  func forwarding(_ request: PageRequest) async throws -> Response {
    let targets = try await sources.forwarding.targets()
    let backlogs = Dictionary(try await sources.forwarding.backlog().map { ($0.target, $0) }) { first, _ in first }
    let position = request["after"].flatMap { try? ParkedPage.Position(cursor: $0) }
    let parked = try await ParkedPage(target: request["target"], after: position, limit: Self.parkedOnPage, of: sources.forwarding)
    var view: PageView = [
      "targets": targets.map { targetView($0, backlogs[$0.id], request) }, "is_empty": targets.isEmpty,
      "parked": parked.events.map { parkedView($0, request) }, "has_parked": !parked.events.isEmpty,
    ]
    if let next = parked.next { view["next"] = request.link(["after": next.cursor]) }
    return await render(request, page: "forwarding", template: "forwarding", view)
  }

  private func targetView(_ target: ForwardTarget, _ backlog: TargetBacklog?, _ request: PageRequest) -> PageView {
    let texts = request.texts
    let phase = backlog?.phase ?? (target.pause == nil ? .idle : .paused)
    let kinds: [TargetBacklog.Phase: String] = [.idle: "good", .delivering: "good", .backingOff: "bad", .paused: "warn"]
    let rate = backlog.map { Int(($0.eventsPerSecond * 10).rounded()) } ?? 0
    var view: PageView = [
      "id": target.id, "name": target.name, "lane": texts["target_lane_" + target.lane.rawValue], "format": target.format.rawValue,
      "target_urls": target.urls.map { ["url": TargetURL.masked($0)] }, "state": kinds[phase] ?? "idle",
      "state_word": texts["phase_" + phase.rawValue], "waiting": PageTime.number(backlog?.waitingEvents ?? 0),
      "rate": "\(rate / 10).\(rate % 10)", "forwarded": PageTime.number(backlog?.forwarded ?? 0),
      "parked_count": backlog?.parkedEvents ?? 0, "has_parked_events": (backlog?.parkedEvents ?? 0) > 0,
      "is_paused": target.pause != nil, "pause_reason": target.pause?.reason ?? "", "in_flight": backlog?.inFlight ?? 0,
      "action": "/forwarding/" + PathPart.encoded(target.id), "is_history": target.lane == .history,
    ]
    view["last_answer"] =
      backlog?.lastAnswer.map { answer -> PageView in
        ["text": answer.text, "at": PageTime.view(answer.at, request) as Any? ?? false]
      } as Any? ?? false
    view["next_try"] = PageTime.view(backlog?.nextTryAt, request) as Any? ?? false
    view["oldest"] = PageTime.view(backlog?.oldestReceivedAt, request) as Any? ?? false
    return view
  }

  private func parkedView(_ parked: ParkedEvent, _ request: PageRequest) -> PageView {
    [
      "parked_target": parked.target, "sequence": parked.sequence, "reason": parked.reason, "excerpt": parked.excerpt,
      "has_excerpt": !parked.excerpt.isEmpty, "attempts": parked.attempts, "replaying": parked.isReplaying,
      "status": parked.httpStatus.map { "HTTP \($0)" } ?? "–", "at": PageTime.view(parked.parkedAt, request) as Any? ?? false,
      "event_href": parked.eventID.map { "/events/\($0)" } as Any? ?? false,
    ]
  }

  /// Pause, resume, remove, test.
  func steerTarget(_ request: PageRequest, _ form: PageForm) async throws -> Response {
    let id = request.pathParts[1]
    let done = { (key: String) in PageRenderer.redirect("/forwarding" + PageRequest.query([("done", key), ("n", id)])) }
    switch request.pathParts[2] {
    case "pause":
      try await sources.forwarding.pauseTarget(id, reason: request.texts["paused_by_person"])
      return done("paused")
    case "resume":
      try await sources.forwarding.resumeTarget(id)
      return done("resumed")
    case "remove":
      try await sources.forwarding.removeTarget(id)
      return done("removed")
    case "test": return try await testTarget(id, request)
    default: throw PageFailure(.notFound, "no_such_page")
    }
  }

  private func testTarget(_ id: String, _ request: PageRequest) async throws -> Response {
    guard let target = try await sources.forwarding.targets().first(where: { $0.id == id }) else { throw ForwardingError.noSuchTarget(id) }
    let event = target.lane == .status ? nil : sources.inventEvent(target.lane == .realtime ? .realtime : .history)
    let answers = try await sources.forwarding.testTarget(id, event: event).map { answer -> PageView in
      [
        "url": answer.url, "accepted": answer.isAccepted, "milliseconds": answer.milliseconds,
        "status": answer.httpStatus.map { "HTTP \($0)" } ?? request.texts["no_answer"], "failure": answer.failure as Any? ?? false,
        "headers": answer.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"),
        "body": String(decoding: answer.body.prefix(8_192), as: UTF8.self), "has_body": !answer.body.isEmpty,
      ]
    }
    var view = targetForm(target, request, isNew: false)
    view["answers"] = answers
    view["has_answers"] = true
    return await render(request, page: "forwarding", template: "target", title: target.name, view)
  }

  func steerParked(_ request: PageRequest, _ form: PageForm) async throws -> Response {
    guard let target = form["target"] else { throw PageFailure(.badRequest, "bad_form") }
    let sequences = form["all"] == nil ? form.all("sequence").compactMap { Int64($0) } : nil
    let count: Int
    switch request.pathParts[1] {
    case "replay": count = try await sources.forwarding.replayParked(target: target, sequences: sequences)
    case "drop": count = try await sources.forwarding.dropParked(target: target, sequences: sequences)
    default: throw PageFailure(.notFound, "no_such_page")
    }
    let key = request.pathParts[1] == "replay" ? "replayed" : "dropped"
    return PageRenderer.redirect("/forwarding" + PageRequest.query([("done", key), ("n", String(count))]) + "#parked")
  }
}
