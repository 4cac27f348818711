import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

extension ConsolePages {
  private static let entriesShown = 100
  private static let excerptBytes = 600

  func quarantine(_ request: PageRequest) async throws -> Response {
    let position = request["after"].flatMap { try? QuarantinePosition(cursor: $0) }
    let entries = try await sources.quarantine.quarantineEntries(after: position, limit: Self.entriesShown + 1)
    let page = entries.prefix(Self.entriesShown)
    var views: [PageView] = []
    for entry in page {
      var view: PageView = [
        "id": entry.id, "reason": entry.reason, "type": entry.contentType ?? "–", "size": PageTime.bytes(Int64(entry.byteCount)),
        "source": "\(entry.source.address) → \(entry.source.path)", "times": entry.count, "again": entry.count > 1,
        "excerpt": await excerpt(entry),
      ]
      view["first"] = PageTime.view(entry.firstReceivedAt, request)
      view["last"] = PageTime.view(entry.lastReceivedAt, request)
      views.append(view)
    }
    var view: PageView = ["entries": views, "is_empty": views.isEmpty]
    if entries.count > page.count, let last = page.last { view["next"] = request.link(["after": QuarantinePosition(of: last).cursor]) }
    return await render(request, page: "quarantine", template: "quarantine", view)
  }

  /// Empty when the bytes are gone: they may be, when the entry has just made room, and the others must be seen nevertheless.
  private func excerpt(_ entry: QuarantineEntry) async -> String {
    guard let head = try? await sources.quarantine.quarantinedBody(entry.id, bytesMax: Self.excerptBytes) else { return "" }
    let text = String(decoding: head.array, as: UTF8.self).unicodeScalars.map { scalar in
      scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" ? Character(scalar) : "·"
    }
    return String(text) + (entry.byteCount > head.count ? "…" : "")
  }

  func quarantinedBody(_ request: PageRequest) async throws -> Response {
    guard let id = Int64(request.pathParts[1]), let body = try await sources.quarantine.quarantinedBody(id) else {
      throw PageFailure(.notFound, "no_such_entry")
    }
    var headers = PageRenderer.secured
    // Never shown: it may be a page that somebody sent.
    headers[.contentType] = "application/octet-stream"
    headers[.contentDisposition] = "attachment; filename=\"quarantine-\(id).request\""
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.array)))
  }

  func steerQuarantine(_ request: PageRequest) async throws -> Response {
    guard let id = Int64(request.pathParts[1]) else { throw PageFailure(.notFound, "no_such_entry") }
    switch request.pathParts[2] {
    case "resubmit":
      if try await sources.quarantine.partial(id) != nil {
        return PageRenderer.redirect("/quarantine" + PageRequest.query([("failed", "resubmit_partial"), ("n", String(id))]))
      }
      guard let outcome = try await sources.quarantine.resubmitQuarantined(id, body: nil, contentType: nil) else {
        throw PageFailure(.notFound, "no_such_entry")
      }
      let key = outcome.isKept ? ("done", "resubmitted") : ("failed", "resubmit_refused")
      return PageRenderer.redirect("/quarantine" + PageRequest.query([key, ("n", String(outcome.httpStatus))]))
    case "drop":
      let count = try await sources.quarantine.dropQuarantined([id])
      return PageRenderer.redirect("/quarantine" + PageRequest.query([("done", "dropped"), ("n", String(count))]))
    default: throw PageFailure(.notFound, "no_such_page")
    }
  }
}
