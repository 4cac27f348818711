import FaceEvents
import Hummingbird

extension ConsolePages {
  static let cardsAtFirst = 60

  /// The wall of cards, newest first. What comes later is added by `live.js` from the stream, from where this page ends.
  func live(_ request: PageRequest) async throws -> Response {
    let filters = Self.streamFilters(request)
    let askedLanes = request["lane"].flatMap(FeedFilter.Lanes.init(rawValue:))
    var understood = request
    understood.parameters = filters + (askedLanes.map { [(name: "lane", value: $0.rawValue)] } ?? [])
    var query = EventFilters(understood).query
    query.limit = Self.cardsAtFirst
    // Before the page is read: an event in between is on the page and comes by the stream, rather than by neither; `live.js` shows it once.
    let last = try await sources.log.latestSequence()
    var lanes = askedLanes ?? .realtime
    query.lane = Lane(word: lanes.rawValue)
    var page = try await sources.catalog.page(query)
    var onlyHistory = false
    if page.entries.allSatisfy(Self.isTest), page.next == nil, askedLanes == nil, last > 0 {
      // Boxes that only send history would leave the wall empty for ever.
      query.lane = nil
      page = try await sources.catalog.page(query)
      onlyHistory = page.entries.contains { $0.event?.lane == .history }
      if !page.entries.isEmpty { lanes = .all }
    }
    let isFirstStart = last == 0 && page.entries.isEmpty
    // The page promises whatever a box sends first, and that may be history; late cards are marked.
    if isFirstStart, askedLanes == nil { lanes = .all }
    let leftOut = EventFilters.names.filter { request[$0] != nil && understood[$0] == nil }
    let eventView = EventView(request: request)
    var view: PageView = [
      "filter": EventFilters.formView(understood), "last": last, "is_first": isFirstStart, "only_history": onlyHistory,
      "cards": page.entries.map { eventView.view($0) }.filter { $0["damaged"] == nil },
      "stream": "/api/v1/stream" + PageRequest.query(filters + (lanes == .realtime ? [] : [(name: "lane", value: lanes.rawValue)])),
      // Whatever comes first is shown; with the first realtime event of a box it is the wall of realtime.
      "is_undecided": askedLanes == nil && lanes == .all, "test_person": Person.testID,
      "problems": leftOut.map { ["text": request.texts.text("bad_filter", $0)] },
      "lane_options": EventFilters.options(["realtime", "history", "all"], lanes.rawValue) { request.texts["lane_" + $0] },
      "class_words": Self.classWords(request),
      "densities": EventFilters.options(["compact", "normal", "large"], request.density) {
        request.texts["density_" + $0]
      }, "is_quiet": !isFirstStart && page.entries.isEmpty,
    ]
    if isFirstStart { view["urls"] = await urlGroups(request) }
    return await render(request, page: "live", template: "live", module: "live.js", view)
  }

  /// What the page's URL asks for and the stream takes, for the first cards as well: the wall shows one choice. The stream knows no time,
  /// and refuses all when it does not understand one value.
  static func streamFilters(_ request: PageRequest) -> [(name: String, value: String)] {
    let filters = EventFilterParameters.withoutTime.compactMap { parameter -> (name: String, value: String)? in
      guard let text = request[parameter.name], parameter.kind.read(text) != nil else { return nil }
      return (name: parameter.name, value: text)
    }
    let scores = filters.filter { $0.name.hasPrefix("score_") }.compactMap { Double($0.value) }
    return scores == scores.sorted() ? filters : filters.filter { !$0.name.hasPrefix("score_") }
  }

  private static func isTest(_ logged: LoggedEvent) -> Bool { logged.event?.person.id == Person.testID }

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
