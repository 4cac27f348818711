import FaceEvents
import Hummingbird

extension EventAPI {
  var nodeOperations: [Operation] {
    [
      Operation(
        .get, "/node", "get_node", .node, "The node: how much it has, how to reach it, how it is set",
        answers: [.json(Self.nodeSchema, "The node.")], handle: { _ in try await node() }),
      Operation(
        .post, "/test-event", "send_test_event", .node, "Has the node receive one event of nobody",
        help: "The person's id is fogcatcher-test. It goes the way of every other event.",
        body: Operation.Body(
          schema: .object([.init("lane", .words(Schemas.lanes), "realtime unless said otherwise.", isRequired: false)]), isRequired: false),
        answers: [.json(Self.answerSchema, "What a box would have been answered.")], handle: { try await sendTestEvent($0) }),
    ]
  }

  static let answerSchema = Schema.object([
    .init("is_kept", .boolean), .init("http_status", .integer(), "What the sender would have got."),
    .init("answer", .anything, "The body that the sender would have got."),
  ])

  private static let nodeSchema: Schema = {
    let path = Schema.object([.init("path", .text()), .init("kind", .words(["history", "realtime", "status"]))])
    let setting = Schema.object([.init("name", .text()), .init("value", .text()), .init("origin", .text()), .init("help", .text())])
    let totals = Schema.object(
      ["events", "status_reports", "people", "boxes", "endpoints", "database_bytes"].map { Schema.Member($0, .integer()) })
    return .object(
      [.init("version", .text())] + Schemas.time("started_at", "When the node was started.") + Schemas.time("time", "The node's clock.") + [
        .init("data_directory", .text()), .init("base_urls", .list(.text()), "Those that other machines can use come first."),
        .init("receive_paths", .list(path), "Behind a base URL: what to paste into a box."), .init("totals", totals),
        .init("picture_bytes", .integer()), .init("disk_free_bytes", .nullable(.integer())),
        .init("storage_problem", .nullable(.text()), "Why the node cannot keep events now."), .init("settings", .list(setting)),
      ])
  }()

  private func node() async throws -> Response {
    let facts = await sources.node()
    let totals = try await sources.catalog.totals()
    return .json { line in
      line.member("version", facts.version)
      line.member("started_at", facts.startedAt)
      line.member("time", sources.now())
      line.member("data_directory", facts.dataDirectory)
      line.member("base_urls", facts.baseURLs)
      line.list("receive_paths", facts.receivePaths) { line, path in
        line.object { line in
          line.member("path", path.path)
          line.member("kind", path.kind)
        }
      }
      line.object("totals") { totals.writeMembers(to: &$0) }
      line.member("picture_bytes", facts.pictureBytes)
      line.member("disk_free_bytes", facts.diskFreeBytes)
      line.member("storage_problem", facts.storageProblem)
      line.list("settings", facts.settings) { line, setting in
        line.object { line in
          line.member("name", setting.name)
          line.member("value", setting.value)
          line.member("origin", setting.origin)
          line.member("help", setting.help)
        }
      }
    }
  }

  private func sendTestEvent(_ request: APIRequest) async throws -> Response {
    let lane = request.body.text("lane").flatMap(Lane.init(word:)) ?? .realtime
    let (status, answer) = await sources.sendTestEvent(lane)
    return .json { line in
      line.member("is_kept", status == 200)
      line.member("http_status", status)
      line.key("answer")
      line.raw(answer)
    }
  }
}

extension ConsoleSources {
  /// Has the node receive an invented event on this lane.
  func sendTestEvent(_ lane: Lane) async -> (httpStatus: Int, answer: String) {
    await submit(inventEvent(lane), lane == .history ? "/HistoryEvent" : "/RealTimeEvent")
  }
}

extension CatalogTotals {
  fileprivate func writeMembers(to line: inout JSONLine) {
    line.member("events", events)
    line.member("status_reports", statusReports)
    line.member("people", people)
    line.member("boxes", boxes)
    line.member("endpoints", endpoints)
    line.member("database_bytes", databaseBytes)
  }
}
