import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

extension ConsolePages {
  private static let entriesShown = 100
  private static let excerptBytes = 600

  func quarantine(_ request: PageRequest) async throws -> Response {
    let entries = try await sources.quarantine.quarantineEntries(limit: Self.entriesShown)
    var views: [PageView] = []
    for entry in entries {
      var view: PageView = [
        "id": entry.id, "reason": entry.reason, "type": entry.contentType ?? "–", "size": PageTime.bytes(Int64(entry.byteCount)),
        "source": "\(entry.source.address) → \(entry.source.path)", "times": entry.count, "again": entry.count > 1,
        "excerpt": try await excerpt(entry.id),
      ]
      view["first"] = PageTime.view(entry.firstReceivedAt, request)
      view["last"] = PageTime.view(entry.lastReceivedAt, request)
      views.append(view)
    }
    return await render(
      request, page: "quarantine", template: "quarantine",
      ["entries": views, "is_empty": views.isEmpty, "is_full": views.count == Self.entriesShown])
  }

  private func excerpt(_ id: Int64) async throws -> String {
    guard let body = try await sources.quarantine.quarantinedBody(id) else { return "" }
    let head = body[0..<min(Self.excerptBytes, body.count)].array
    let text = String(decoding: head, as: UTF8.self).unicodeScalars.map { scalar in
      scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" ? Character(scalar) : "·"
    }
    return String(text) + (body.count > head.count ? "…" : "")
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
