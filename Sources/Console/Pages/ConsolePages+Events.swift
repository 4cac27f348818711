import FaceEvents
import Hummingbird

extension ConsolePages {
  static let rowsOnPage = 50
  /// Pages that came back empty because little of much matched are read on, so many times.
  static let emptyPagesMax = 8

  func events(_ request: PageRequest) async throws -> Response {
    if let canonical = EventFilters.canonical(request, raw: request.path) { return PageRenderer.redirect(canonical) }
    var filters = EventFilters(request)
    filters.query.limit = Self.rowsOnPage
    let page = try await readPage(filters.query)
    let eventView = EventView(request: request)
    var view: PageView = [
      "filter": EventFilters.formView(request), "rows": page.entries.map { eventView.view($0) },
      "is_empty": page.entries.isEmpty && page.next == nil, "is_short": page.entries.isEmpty && page.next != nil,
      "problems": filters.problems.map { ["text": request.texts.text("bad_filter", $0)] }, "has_cursor": request["cursor"] != nil,
      "first_href": request.link(["cursor": nil]), "is_oldest": filters.query.order == .oldestFirst,
      "exports": Self.exportLinks(request),
    ]
    if let next = page.next { view["next"] = request.link(["cursor": EventFilters.text(next), "done": nil]) }
    return await render(request, page: "events", template: "events", module: "events.js", view)
  }

  private func readPage(_ query: EventQuery) async throws -> EventPage {
    var query = query
    var page = try await sources.catalog.page(query)
    var reads = 1
    while page.entries.isEmpty, let next = page.next, reads < Self.emptyPagesMax {
      query.after = next
      page = try await sources.catalog.page(query)
      reads += 1
    }
    return page
  }

  private static func exportLinks(_ request: PageRequest) -> [PageView] {
    [("csv", "CSV"), ("ndjson", "NDJSON"), ("zip", "ZIP")].map { format, label in
      var more = [(name: "format", value: format)]
      if format == "csv", request.offsetMinutes != 0 { more.append((name: "utc_offset", value: PageTime.zone(request.offsetMinutes))) }
      return [
        "href": "/api/v1/export" + EventFilters.apiQuery(request, adding: more), "label": label, "hint": request.texts["export_" + format],
      ]
    }
  }

  /// What stands beside the links to the exports: how far those are that are being written, whoever takes them.
  func exports(_ request: PageRequest) -> Response {
    let lines = exportSlots.running.map { progress in
      request.texts.text("export_running", PageTime.number(progress.events), PageTime.bytes(progress.bytes))
    }
    return PageRenderer.response(renderer.html("exports", ["exports": lines.map { ["text": $0] }]))
  }

  /// One event: the whole page, or what stands in the drawer with `?part=1`.
  func event(_ request: PageRequest) async throws -> Response {
    guard let id = EventID(request.pathParts[1]) else { throw PageFailure(.notFound, "no_such_event") }
    let found = try await sources.catalog.events(id: id)
    let all = found.compactMap { logged -> StoredEvent? in if case .event(let event) = logged { event } else { nil } }
    guard !all.isEmpty else { throw PageFailure(found.isEmpty ? .notFound : .gone, found.isEmpty ? "no_such_event" : "event_damaged") }
    let lane = request["lane"].flatMap(Lane.init(word:))
    let stored = all.first { $0.event.lane == lane } ?? all[0]
    var view = try await detail(stored, request)
    view["others"] = all.filter { $0.event.lane != stored.event.lane }.map { other -> PageView in
      ["href": EventView.path(other.event), "lane": request.texts["lane_" + other.event.lane.word]]
    }
    if request["part"] != nil {
      view.merge(frame(request, page: "events")) { detail, _ in detail }
      view["is_part"] = true
      return PageRenderer.response(renderer.html("detail", view))
    }
    return await render(request, page: "events", template: "event", title: view["name"] as? String, view)
  }

  private func detail(_ stored: StoredEvent, _ request: PageRequest) async throws -> PageView {
    let event = stored.event
    var view = EventView(request: request).view(stored)
    let api = "/api/v1/events/\(event.id)"
    view["permalink"] = EventView.path(event)
    view["original_href"] = "\(api)/original?lane=\(event.lane.word)"
    view["json_href"] = "\(api)?lane=\(event.lane.word)"
    view["pictures"] = Self.pictures(event, request)
    view["has_pictures"] = !event.pictures.isEmpty
    view["facts"] = Self.facts(stored, request)
    view["tree"] = JSONTree.html(event.originalText, texts: request.texts)
    view["warnings"] = event.warnings.map { ["text": $0] }
    view["neighbours"] = try await neighbours(stored, request)
    return view
  }

  private static func pictures(_ event: FaceEvent, _ request: PageRequest) -> [PageView] {
    var seen: [PictureRole: Int] = [:]
    return event.pictures.map { picture in
      let index = seen[picture.role, default: 0]
      seen[picture.role] = index + 1
      return [
        "src": EventView.pictureURL(event, picture.role, index), "label": request.texts["role_" + picture.role.word],
        "field": picture.field, "size": PageTime.bytes(Int64(picture.byteCount)), "digest": picture.digest.description,
      ]
    }
  }

  private static func facts(_ stored: StoredEvent, _ request: PageRequest) -> [PageView] {
    let event = stored.event
    let time = { (time: Timestamp?) in PageTime.view(time, request)?["text"].map { "\($0) \(PageTime.zoneName(request.offsetMinutes))" } }
    let pairs: [(String, String?)] = [
      ("fact_person_id", event.person.id), ("fact_group", event.person.group), ("fact_received", time(event.receivedAt)),
      ("fact_entered", time(event.enteredAt)), ("fact_left", time(event.leftAt)),
      ("fact_box", event.box.code), ("fact_endpoint", event.endpoint.id), ("fact_endpoint_name", event.endpoint.name),
      ("fact_endpoint_address", event.endpoint.address), ("fact_endpoint_kind", event.endpoint.kind), ("fact_action", event.action),
      ("fact_form", "\(event.form.rawValue), \(event.encoding.word)"),
      ("fact_source", "\(event.source.address) → \(event.source.path)"), ("fact_id", event.id.description),
      ("fact_sequence", String(stored.sequence)),
    ]
    return pairs.compactMap { key, value in value.flatMap { $0.isEmpty ? nil : ["label": request.texts[key], "value": $0] } }
  }

  /// Events of the same person and of the same endpoint, around this one.
  private func neighbours(_ stored: StoredEvent, _ request: PageRequest) async throws -> [PageView] {
    let event = stored.event
    var groups: [PageView] = []
    var byPerson = EventQuery()
    byPerson.personID = event.person.id
    if let id = event.person.id, !id.isEmpty {
      groups.append(try await group(byPerson, stored, request, "same_person", "/events" + PageRequest.query([("person", id)])))
    }
    var byPlace = EventQuery()
    (byPlace.boxCode, byPlace.endpointID) = (event.box.code, event.endpoint.id)
    let place = [("box", event.box.code)] + (event.endpoint.id.map { [("endpoint", $0)] } ?? [])
    groups.append(try await group(byPlace, stored, request, "same_endpoint", "/events" + PageRequest.query(place)))
    return groups
  }

  private func group(
    _ query: EventQuery, _ stored: StoredEvent, _ request: PageRequest, _ title: String, _ href: String
  ) async throws -> PageView {
    var query = query
    query.limit = 4
    query.lane = stored.event.lane
    query.after = EventQuery.Cursor(time: stored.event.time, sequence: stored.sequence)
    query.order = .oldestFirst
    let later = try await sources.catalog.page(query).entries.reversed()
    query.order = .newestFirst
    let earlier = try await sources.catalog.page(query).entries
    let eventView = EventView(request: request)
    let rows = (later + earlier).map { eventView.view($0) }
    return ["title": request.texts[title], "href": href, "rows": rows, "has_rows": !rows.isEmpty]
  }
}
