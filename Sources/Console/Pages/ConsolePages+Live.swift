import FaceEvents
import Hummingbird

extension ConsolePages {
  static let cardsAtFirst = 60

  /// The wall of cards, newest first. What comes later is added by `live.js` from the stream, from where this page ends.
  func live(_ request: PageRequest) async throws -> Response {
    var filters = EventFilters(request)
    filters.query.limit = Self.cardsAtFirst
    filters.query.order = .newestFirst
    filters.query.after = nil
    // Before the page is read: an event in between is on the page and comes by the stream, rather than by neither; `live.js` shows it once.
    let last = try await sources.log.latestSequence()
    var lane = request["lane"] ?? "realtime"
    filters.query.lane = lane == "all" ? nil : Lane(word: lane) ?? .realtime
    var page = try await sources.catalog.page(filters.query)
    var onlyHistory = false
    if page.entries.isEmpty, page.next == nil, request["lane"] == nil, last > 0 {
      // Boxes that only send history would leave the wall empty for ever.
      filters.query.lane = nil
      page = try await sources.catalog.page(filters.query)
      onlyHistory = !page.entries.isEmpty
      if onlyHistory { lane = "all" }
    }
    let isFirstStart = last == 0 && page.entries.isEmpty
    // The page promises whatever a box sends first, and that may be history; late cards are marked.
    if isFirstStart, request["lane"] == nil { lane = "all" }
    let eventView = EventView(request: request)
    let streamFilters = request.parameters.filter { ["class", "box", "name", "endpoint", "person"].contains($0.name) }
    var view: PageView = [
      "filter": EventFilters.formView(request), "last": last, "is_first": isFirstStart, "only_history": onlyHistory,
      "cards": page.entries.map { eventView.view($0) }.filter { $0["damaged"] == nil },
      "stream": "/api/v1/stream" + PageRequest.query(streamFilters + (lane == "realtime" ? [] : [(name: "lane", value: lane)])),
      "lane_options": EventFilters.options(["realtime", "history", "all"], lane) { request.texts["lane_" + $0] },
      "class_words": Self.classWords(request),
      "densities": EventFilters.options(["compact", "normal", "large"], request.density) {
        request.texts["density_" + $0]
      }, "is_quiet": !isFirstStart && page.entries.isEmpty,
    ]
    if isFirstStart { view["urls"] = await urlGroups(request) }
    return await render(request, page: "live", template: "live", module: "live.js", view)
  }

  static func classWords(_ request: PageRequest) -> [PageView] {
    PersonClass.allCases.map { ["class": $0.word, "word": request.texts["class_" + $0.word]] }
  }

  /// The URLs that people paste into a box, by address of the node.
  func urlGroups(_ request: PageRequest, addressesMax: Int = 4) async -> [PageView] {
    let facts = await sources.node()
    let bases = facts.baseURLs.isEmpty ? ["http://\(request.host)"] : facts.baseURLs
    return bases.prefix(addressesMax).enumerated().map { index, base in
      let urls = ["history", "realtime", "status"].compactMap { kind -> PageView? in
        guard let path = Self.bestPath(kind, facts) else { return nil }
        return ["label": request.texts["kind_" + kind], "url": base + path]
      }
      return ["base": base, "urls": urls, "is_first": index == 0]
    }
  }

  /// Of the paths of a kind the one that boxes of today have in their settings.
  static func bestPath(_ kind: String, _ facts: NodeFacts) -> String? {
    let usual = ["history": "/HistoryEvent", "realtime": "/RealTimeEvent", "status": "/DeviceStatus"]
    let paths = facts.receivePaths.filter { $0.kind == kind }.map(\.path)
    return paths.first { $0 == usual[kind] } ?? paths.first
  }

  /// One invented event through the receiver's own way, so that what appears is what a box would have made appear.
  func sendTestEvent(_ request: PageRequest, _ form: PageForm) async throws -> Response {
    let facts = await sources.node()
    guard let path = Self.bestPath("realtime", facts) else { throw PageFailure(.serviceUnavailable, "no_realtime_path") }
    let outcome = await sources.submit(sources.inventEvent(.realtime), path)
    let key = (200..<300).contains(outcome.httpStatus) ? "done=test_event" : "failed=test_event_failed&n=\(outcome.httpStatus)"
    return PageRenderer.redirect(form.back + (form.back.contains("?") ? "&" : "?") + key)
  }
}
