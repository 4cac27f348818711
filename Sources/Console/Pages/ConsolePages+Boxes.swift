import FaceEvents
import Hummingbird

extension ConsolePages {
  private static let boxesOnPage = 100

  func boxes(_ request: PageRequest) async throws -> Response {
    let boxes = try await sources.catalog.boxes(after: request["after"], limit: Self.boxesOnPage)
    let hours = try await lastHours(box: nil)
    var view: PageView = [
      "boxes": boxes.map { boxView($0, request, hours[EndpointKey(box: $0.code, id: nil)]) }, "is_empty": boxes.isEmpty,
      "urls": await urlGroups(request),
    ]
    if boxes.count == Self.boxesOnPage, let last = boxes.last { view["next"] = request.link(["after": last.code]) }
    return await render(request, page: "boxes", template: "boxes", view)
  }

  private func boxView(_ box: BoxRecord, _ request: PageRequest, _ counts: [Int64]?) -> PageView {
    let texts = request.texts
    var view = stateView(PlaceHealth(box, now: sources.now()), counts, texts)
    view.merge([
      "code": box.code, "href": "/boxes/" + PathPart.encoded(box.code), "events": PageTime.number(box.eventCount),
      "address": box.sourceAddress ?? "–", "events_href": "/events" + PageRequest.query([("box", box.code)]),
      "clock": box.clockDifferenceMilliseconds.map { ($0 < 0 ? "−" : "+") + PageTime.span($0, texts) } ?? "–",
      "origin": texts["origin_\(box.origin)"],
    ]) { $1 }
    view["last_received"] = PageTime.view(box.lastReceivedAt, request) as Any? ?? false
    view["last_status"] = PageTime.view(box.lastStatusAt, request) as Any? ?? false
    view["last_seen"] = PageTime.view(box.lastSeen, request) as Any? ?? false
    view["first_seen"] = PageTime.view(box.firstSeen, request) as Any? ?? false
    return view
  }

  /// Whether it speaks, what is odd about it, and its events by hour.
  private func stateView(_ health: PlaceHealth, _ hours: [Int64]?, _ texts: PageTexts) -> PageView {
    let hours = hours ?? Array(repeating: 0, count: 24)
    let isSilent = health.silentSince != nil
    return [
      "state": isSilent ? "warn" : "good", "state_word": texts[isSilent ? "state_silent" : "state_speaking"],
      "warnings": health.warnings(texts).map { ["text": $0] },
      "spark": Sparkline.svg(hours, title: texts.text("last_24_hours", String(hours.reduce(0, +)))),
      "day_count": PageTime.number(hours.reduce(0, +)),
    ]
  }

  /// Events by hour of the last 24.
  /// - Parameter box: whose endpoints are told apart; nil for all boxes, each as a whole.
  private func lastHours(box: String?) async throws -> [EndpointKey: [Int64]] {
    let hour: Int64 = 3_600_000
    let now = sources.now()
    let firstHour = now.milliseconds / hour - 23
    var query = StatisticsQuery(since: Timestamp(milliseconds: firstHour * hour), until: now)
    query.dimensions = box == nil ? [.box] : [.box, .endpoint]
    query.boxCode = box
    var counts: [EndpointKey: [Int64]] = [:]
    try await query.eachRow(of: sources.catalog) { row in
      let index = Int(row.start.milliseconds / hour - firstHour)
      guard let box = row.box, (0..<24).contains(index) else { return }
      counts[EndpointKey(box: box, id: row.endpoint), default: Array(repeating: 0, count: 24)][index] += row.eventCount
    }
    return counts
  }

  func box(_ request: PageRequest) async throws -> Response {
    let code = request.pathParts[1]
    guard let box = try await sources.catalog.box(code) else { throw PageFailure(.notFound, "no_such_box") }
    let endpoints = try await sources.catalog.endpoints(box: code, after: nil, limit: 500)
    let report = try await sources.catalog.statusReports(box: code, limit: 1).first
    let hours = try await lastHours(box: code)
    let sums = (0..<24).map { hour in hours.values.reduce(0) { $0 + $1[hour] } }
    var view = boxView(box, request, sums)
    view["endpoints"] = endpoints.map { endpointView($0, request, hours[$0.key]) }
    view["has_endpoints"] = !endpoints.isEmpty
    view["urls"] = await urlGroups(request)
    if let report {
      view["report"] = JSONTree.html(report.originalText, texts: request.texts)
      view["report_time"] = PageTime.view(report.receivedAt, request)
      view["report_form"] = report.form.rawValue
    }
    return await render(request, page: "boxes", template: "box", title: code, view)
  }

  private func endpointView(_ record: EndpointRecord, _ request: PageRequest, _ hours: [Int64]?) -> PageView {
    let endpoint = record.endpoint
    let name = [endpoint.name, endpoint.address, record.key.id].compactMap { $0 }.first { !$0.isEmpty }
    let place = [("box", record.key.box)] + (record.key.id.map { [("endpoint", $0)] } ?? [])
    var view = stateView(PlaceHealth(record, now: sources.now()), hours, request.texts)
    view.merge([
      "name": name ?? request.texts["no_endpoint"], "id": record.key.id ?? "–", "address": endpoint.address ?? "–",
      "kind": endpoint.kind ?? "–", "events": PageTime.number(record.eventCount), "href": "/events" + PageRequest.query(place),
    ]) { $1 }
    view["last"] = PageTime.view(record.lastSeen, request) as Any? ?? false
    return view
  }
}

extension PlaceHealth {
  func warnings(_ texts: PageTexts) -> [String] {
    var warnings: [String] = []
    if silentSince != nil { warnings.append(texts.text("box_silent", PageTime.span(silentMilliseconds, texts))) }
    if let difference = clockDifferenceMilliseconds {
      warnings.append(texts.text(difference < 0 ? "clock_ahead" : "clock_behind", PageTime.span(difference, texts)))
    }
    return warnings
  }
}
