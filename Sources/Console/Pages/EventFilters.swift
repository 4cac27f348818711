import FaceEvents

/// The filters of the query API, read from a page's URL.
struct EventFilters {
  static let names = [
    "person", "name", "box", "endpoint", "class", "lane", "since", "until", "score_min", "score_max", "form", "has_warnings",
  ]
  var query = EventQuery()
  /// Values that mean nothing, by name.
  private(set) var problems: [String] = []

  init(_ request: PageRequest) {
    query.personID = request["person"]
    query.namePart = request["name"]
    query.boxCode = request["box"]
    query.endpointID = request["endpoint"]
    query.personClass = read("class", request) { PersonClass(word: $0) }
    query.lane = read("lane", request) { Lane(word: $0) }
    query.form = read("form", request) { EventForm(rawValue: $0) }
    query.hasWarnings = read("has_warnings", request) { ["true": true, "false": false][$0] }
    query.since = read("since", request) { PageTime.parse($0, request) }
    query.until = read("until", request) { PageTime.parse($0, request) }
    query.scoreMin = read("score_min", request, Self.score)
    query.scoreMax = read("score_max", request, Self.score)
    query.order = request["order"] == "oldest" ? .oldestFirst : .newestFirst
    query.after = read("cursor", request, Self.cursor)
  }

  private mutating func read<Value>(_ name: String, _ request: PageRequest, _ make: (String) -> Value?) -> Value? {
    guard let text = request[name], !(name == "lane" && text == "all") else { return nil }
    let value = make(text)
    if value == nil { problems.append(name) }
    return value
  }

  private static func score(_ text: String) -> Double? { Double(text).flatMap { (0...1).contains($0) ? $0 : nil } }

  private static func cursor(_ text: String) -> EventQuery.Cursor? {
    let halves = text.split(separator: "_")
    guard halves.count == 2, let time = Int64(halves[0]), let sequence = Int64(halves[1]) else { return nil }
    return EventQuery.Cursor(time: Timestamp(milliseconds: time), sequence: sequence)
  }

  static func text(_ cursor: EventQuery.Cursor) -> String { "\(cursor.time.milliseconds)_\(cursor.sequence)" }

  /// The URL with times that name their zone and without what is empty, so that it means the same to everybody; nil when it is that already.
  static func canonical(_ request: PageRequest, raw: String) -> String? {
    var changes: [String: String?] = [:]
    for name in ["since", "until"] {
      guard let text = request[name], let time = PageTime.parse(text, request) else { continue }
      let canonical = RFC3339.text(time)
      if text != canonical { changes[name] = canonical }
    }
    return changes.isEmpty ? nil : request.link(changes)
  }

  /// The query string of the same filters for the API: `?class=…`, or nothing.
  static func apiQuery(_ request: PageRequest, adding more: [(name: String, value: String)] = []) -> String {
    PageRequest.query(request.parameters.filter { names.contains($0.name) && !($0.name == "lane" && $0.value == "all") } + more)
  }

  /// What the form's fields hold.
  static func formView(_ request: PageRequest) -> PageView {
    var view: PageView = [:]
    for name in ["person", "name", "box", "endpoint", "score_min", "score_max"] { view[name] = request[name] ?? "" }
    for name in ["since", "until"] { view[name] = PageTime.input(request[name].flatMap { PageTime.parse($0, request) }, request) }
    view["classes"] = options(PersonClass.allCases.map(\.word), request["class"]) { request.texts["class_" + $0] }
    view["lanes"] = options(Lane.allCases.map(\.word), request["lane"]) { request.texts["lane_" + $0] }
    view["forms"] = options(EventForm.allCases.map(\.rawValue), request["form"]) { $0 }
    view["orders"] = options(["newest", "oldest"], request["order"] ?? "newest") { request.texts["order_" + $0] }
    view["warnings"] = options(["true", "false"], request["has_warnings"]) { request.texts["warnings_" + $0] }
    view["is_filtered"] = request.parameters.contains { names.contains($0.name) }
    let rare = ["endpoint", "person", "score_min", "score_max", "form", "has_warnings"]
    view["is_open"] = request.parameters.contains { rare.contains($0.name) }
    return view
  }

  static func options(_ values: [String], _ chosen: String?, _ label: (String) -> String) -> [PageView] {
    values.map { ["value": $0, "label": label($0), "selected": $0 == chosen] }
  }
}
