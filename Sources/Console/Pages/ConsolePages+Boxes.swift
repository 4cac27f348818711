import FaceEvents
import Hummingbird

extension ConsolePages {
  private static let boxesOnPage = 100

  func boxes(_ request: PageRequest) async throws -> Response {
    let boxes = try await sources.catalog.boxes(after: request["after"], limit: Self.boxesOnPage)
    let sparks = try await sparklines(box: nil)
    var view: PageView = [
      "boxes": boxes.map { boxView($0, request, sparks[$0.code]) }, "is_empty": boxes.isEmpty, "urls": await urlGroups(request),
    ]
    if boxes.count == Self.boxesOnPage, let last = boxes.last { view["next"] = request.link(["after": last.code]) }
    return await render(request, page: "boxes", template: "boxes", view)
  }

  private func boxView(_ box: BoxRecord, _ request: PageRequest, _ counts: [Int64]?) -> PageView {
    let texts = request.texts
    let health = BoxHealth(box, now: sources.now())
    let counts = counts ?? Array(repeating: 0, count: 24)
    let warnings = [health.silence(texts), health.clock(texts)].compactMap { $0 }
    var view: PageView = [
      "code": box.code, "href": "/boxes/" + PathPart.encoded(box.code), "events": PageTime.number(box.eventCount),
      "address": box.sourceAddress ?? "–", "state": health.isSilent ? "warn" : "good",
      "state_word": texts[health.isSilent ? "state_silent" : "state_speaking"], "warnings": warnings.map { ["text": $0] },
      "spark": Sparkline.svg(counts, title: texts.text("last_24_hours", String(counts.reduce(0, +)))),
      "day_count": PageTime.number(counts.reduce(0, +)), "events_href": "/events" + PageRequest.query([("box", box.code)]),
      "clock": box.clockDifferenceMilliseconds.map { ($0 < 0 ? "−" : "+") + PageTime.span($0, texts) } ?? "–",
      "origin": texts["origin_\(box.origin)"],
    ]
    view["last_received"] = PageTime.view(box.lastReceivedAt, request) as Any? ?? false
    view["last_status"] = PageTime.view(box.lastStatusAt, request) as Any? ?? false
    view["last_seen"] = PageTime.view(box.lastSeen, request) as Any? ?? false
    view["first_seen"] = PageTime.view(box.firstSeen, request) as Any? ?? false
    return view
  }

  /// Events by hour of the last 24, by box.
  private func sparklines(box: String?) async throws -> [String: [Int64]] {
    let hour: Int64 = 3_600_000
    let now = sources.now()
    let firstHour = now.milliseconds / hour - 23
    var query = StatisticsQuery(since: Timestamp(milliseconds: firstHour * hour), until: now)
    query.dimensions = [.box]
    query.boxCode = box
    var counts: [String: [Int64]] = [:]
    for row in try await sources.catalog.statistics(query) {
      let index = Int(row.start.milliseconds / hour - firstHour)
      guard let box = row.box, (0..<24).contains(index) else { continue }
      counts[box, default: Array(repeating: 0, count: 24)][index] += row.eventCount
    }
    return counts
  }

  func box(_ request: PageRequest) async throws -> Response {
    let code = request.pathParts[1]
    guard let box = try await sources.catalog.box(code) else { throw PageFailure(.notFound, "no_such_box") }
    let endpoints = try await sources.catalog.endpoints(box: code, after: nil, limit: 500)
    let report = try await sources.catalog.statusReports(box: code, limit: 1).first
    var view = boxView(box, request, try await sparklines(box: code)[code])
    view["endpoints"] = endpoints.map { endpointView($0, request) }
    view["has_endpoints"] = !endpoints.isEmpty
    view["urls"] = await urlGroups(request)
    if let report {
      view["report"] = JSONTree.html(report.originalText, texts: request.texts)
      view["report_time"] = PageTime.view(report.receivedAt, request)
      view["report_form"] = report.form.rawValue
    }
    return await render(request, page: "boxes", template: "box", title: code, view)
  }

  private func endpointView(_ record: EndpointRecord, _ request: PageRequest) -> PageView {
    let endpoint = record.endpoint
    let name = [endpoint.name, endpoint.address, record.key.id].compactMap { $0 }.first { !$0.isEmpty }
    let place = [("box", record.key.box)] + (record.key.id.map { [("endpoint", $0)] } ?? [])
    var view: PageView = [
      "name": name ?? request.texts["no_endpoint"], "id": record.key.id ?? "–", "address": endpoint.address ?? "–",
      "kind": endpoint.kind ?? "–", "events": PageTime.number(record.eventCount), "href": "/events" + PageRequest.query(place),
    ]
    view["last"] = PageTime.view(record.lastSeen, request) as Any? ?? false
    return view
  }
}
