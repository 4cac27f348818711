import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension EventAPI {
  private static let entryID = Parameter("id", .integer(1...Int64.max), "The entry's id.", in: .path)

  var quarantineOperations: [Operation] {
    [
      Operation(
        .get, "/quarantine", "list_quarantine", .quarantine, "Requests that could not be understood, the newest first",
        parameters: [EventFilterParameters.limit, EventFilterParameters.cursor],
        answers: [.json(Schemas.page("entries", .named("QuarantineEntry")), "A page.")], handle: { try await quarantineEntries($0) }),
      Operation(
        .get, "/quarantine/{id}", "get_quarantined", .quarantine, "One request that could not be understood", parameters: [Self.entryID],
        answers: [.json(.named("QuarantineEntry"), "The entry.")], handle: { try await quarantineEntry($0) }),
      Operation(
        .get, "/quarantine/{id}/body", "get_quarantined_body", .quarantine, "The bytes that came", parameters: [Self.entryID],
        answers: [
          Operation.Answer(status: 200, help: "As they came, or the first of them.", content: [("application/octet-stream", nil)])
        ], errors: [410], handle: { try await quarantinedBody($0) }),
    ] + quarantineActions
  }

  private var quarantineActions: [Operation] {
    let body = Schema.object([
      .init(
        "body_base64", .text(),
        "Mended bytes; what came unless given. The whole request may have 1 MiB; `fogcatcher quarantine resubmit --file` takes more.",
        isRequired: false),
      .init("content_type", .text(), "What was said unless given.", isRequired: false),
    ])
    let choice = Schema.object([
      .init("ids", .list(.integer(1...Int64.max)), isRequired: false),
      .init("all", .boolean, "Instead of ids: everything.", isRequired: false),
    ])
    return [
      Operation(
        .delete, "/quarantine/{id}", "drop_quarantined", .quarantine, "Forgets one", parameters: [Self.entryID],
        answers: [Operation.Answer(status: 204, help: "It is gone.", content: [])], handle: { try await dropQuarantined($0) }),
      Operation(
        .post, "/quarantine/drop", "drop_many_quarantined", .quarantine, "Forgets several, or everything",
        body: Operation.Body(schema: choice, isRequired: true), answers: [.json(Self.doneSchema, "So many were forgotten.")],
        handle: { request in .counted(try await sources.quarantine.dropQuarantined(try request.body.chosen("ids"))) }),
      Operation(
        .post, "/quarantine/{id}/resubmit", "resubmit_quarantined", .quarantine, "Has one understood and kept as if it were sent now",
        help: "It leaves the quarantine when everything in it is kept.", parameters: [Self.entryID],
        body: Operation.Body(schema: body, isRequired: false),
        answers: [.json(Self.answerSchema, "What its sender would have been answered.")], errors: [410],
        handle: { try await resubmit($0) }),
    ]
  }

  private func quarantineEntries(_ request: APIRequest) async throws -> Response {
    let limit = Int(request.integer("limit") ?? 100)
    let position = try request.text("cursor").map { text throws(APIError) in try QuarantinePosition(cursor: text) }
    // One more says whether there is a next page.
    let entries = try await sources.quarantine.quarantineEntries(after: position, limit: limit + 1)
    let page = entries.prefix(limit)
    return .json { line in
      line.list("entries", page) { line, entry in line.object { Self.writeMembers(of: entry, to: &$0) } }
      line.member("next_cursor", entries.count > limit ? page.last.map { QuarantinePosition(of: $0).cursor } : nil)
    }
  }

  private func quarantineEntry(_ request: APIRequest) async throws -> Response {
    guard let entry = try await sources.quarantine.quarantineEntry(request.integer("id") ?? 0) else { throw Self.noEntry }
    return .json { Self.writeMembers(of: entry, to: &$0) }
  }

  private func quarantinedBody(_ request: APIRequest) async throws -> Response {
    let id = request.integer("id") ?? 0
    guard let body = try await sources.quarantine.quarantinedBody(id) else { throw Self.noEntry }
    // Nobody knows what it is, so a browser must not guess.
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/octet-stream", .contentDisposition: "attachment; filename=\"quarantine-\(id).request\"",
        .xContentTypeOptions: "nosniff", .cacheControl: "no-store",
      ], body: ResponseBody(byteBuffer: body.withUnsafeBytes { ByteBuffer(bytes: $0) }))
  }

  private func dropQuarantined(_ request: APIRequest) async throws -> Response {
    guard try await sources.quarantine.dropQuarantined([request.integer("id") ?? 0]) > 0 else { throw Self.noEntry }
    return Response(status: .noContent)
  }

  private func resubmit(_ request: APIRequest) async throws -> Response {
    var body: [UInt8]?
    if let text = request.body.text("body_base64") {
      guard let data = Data(base64Encoded: text) else { throw APIError.parameter("body_base64", "is not base64") }
      body = Array(data)
    }
    let id = request.integer("id") ?? 0
    if body == nil, let partial = try await sources.quarantine.partial(id) {
      throw APIError.parameter("body_base64", "is needed: only the first \(partial.kept) of \(partial.sent) bytes were kept")
    }
    guard let done = try await sources.quarantine.resubmitQuarantined(id, body: body, contentType: request.body.text("content_type")) else {
      throw Self.noEntry
    }
    return .json { line in
      line.member("is_kept", done.isKept)
      line.member("http_status", done.httpStatus)
      line.key("answer")
      line.raw(done.answer)
    }
  }

  private static let noEntry = APIError.notFound("there is no such entry in the quarantine; GET /api/v1/quarantine lists those there are")

  private static func writeMembers(of entry: QuarantineEntry, to line: inout JSONLine) {
    line.member("id", entry.id)
    line.member("sha256", entry.digest.description)
    line.member("reason", entry.reason)
    line.member("content_type", entry.contentType)
    line.object("source") { line in
      line.member("address", entry.source.address)
      line.member("path", entry.source.path)
    }
    line.member("byte_count", entry.byteCount)
    line.member("count", entry.count)
    line.member("first_received_at", entry.firstReceivedAt)
    line.member("last_received_at", entry.lastReceivedAt)
    line.member("body_url", "\(EventAPI.prefix)/quarantine/\(entry.id)/body")
  }
}

extension QuarantineDesk {
  /// Of what was too large to be kept whole: how much of it there is. Nil for everything else.
  func partial(_ id: Int64) async throws(StorageError) -> (kept: Int, sent: Int)? {
    guard let entry = try await quarantineEntry(id), let body = try await quarantinedBody(id), body.count < entry.byteCount else {
      return nil
    }
    return (body.count, entry.byteCount)
  }
}
