import FaceEvents
import Hummingbird

extension ConsolePages {
  private static let daysOnMap = 371
  private static let dayMilliseconds: Int64 = 86_400_000

  func people(_ request: PageRequest) async throws -> Response {
    var query = PeopleQuery()
    query.text = request["q"]
    query.personClass = request["class"].flatMap(PersonClass.init(word:))
    query.limit = 60
    if let cursor = request["cursor"], let bar = cursor.firstIndex(of: "_"), let time = Int64(cursor[..<bar]) {
      query.after = PeopleQuery.Cursor(lastSeen: Timestamp(milliseconds: time), id: String(cursor[cursor.index(after: bar)...]))
    }
    let page = try await sources.catalog.people(query)
    let classes = PersonClass.allCases.filter { $0 != .stranger }.map(\.word)
    var view: PageView = [
      "q": request["q"] ?? "", "people": page.people.map { personView($0, request) }, "is_empty": page.people.isEmpty,
      "classes": EventFilters.options(classes, request["class"]) { request.texts["class_" + $0] },
      "is_filtered": request["q"] != nil || request["class"] != nil,
    ]
    if let next = page.next { view["next"] = request.link(["cursor": "\(next.lastSeen.milliseconds)_\(next.id)"]) }
    return await render(request, page: "people", template: "people", view)
  }

  private func personView(_ person: PersonRecord, _ request: PageRequest) -> PageView {
    var view: PageView = [
      "name": person.name.flatMap { $0.isEmpty ? nil : $0 } ?? person.id, "id": person.id, "href": EventView.personPath(person.id),
      "class": person.personClass.word, "class_word": request.texts["class_" + person.personClass.word],
      "group": person.group as Any? ?? false,
      "events": PageTime.number(person.eventCount), "picture": false,
    ]
    view["last"] = PageTime.view(person.lastSeen, request)
    view["first"] = PageTime.view(person.firstSeen, request)
    if person.picture != nil {
      view["picture"] = "/api/v1/people/\(PathPart.encoded(person.id))/picture"
    }
    return view
  }

  func person(_ request: PageRequest) async throws -> Response {
    let id = request.pathParts[1]
    guard let person = try await sources.catalog.person(id) else { throw PageFailure(.notFound, "no_such_person") }
    let today = PageTime.startOfDay(sources.now(), request)
    let since = Timestamp(milliseconds: today.milliseconds - Int64(Self.daysOnMap - 1) * Self.dayMilliseconds)
    let until = Timestamp(milliseconds: today.milliseconds + Self.dayMilliseconds - 1)
    let visits = try await sources.catalog.visits(
      VisitQuery(personID: id, since: since, until: until, utcOffsetSeconds: request.offsetMinutes * 60))
    var query = EventQuery()
    query.personID = id
    query.limit = 20
    let events = try await sources.catalog.page(query).entries
    let eventView = EventView(request: request)
    var view = personView(person, request)
    view["heat"] = heat(visits, since: since, request)
    view["days"] = days(visits, request)
    view["has_days"] = !visits.isEmpty
    view["rows"] = events.map { eventView.view($0) }
    view["events_href"] = "/events" + PageRequest.query([("person", id)])
    let offset = request.offsetMinutes == 0 ? [] : [("utc_offset", PageTime.zone(request.offsetMinutes))]
    view["export_href"] = "/api/v1/export" + PageRequest.query([("format", "csv"), ("person", id)] + offset)
    return await render(request, page: "people", template: "person", title: view["name"] as? String, view)
  }

  private func heat(_ visits: [DayVisit], since: Timestamp, _ request: PageRequest) -> String {
    let counts = Dictionary(visits.map { ($0.day, $0.eventCount) }, uniquingKeysWith: +)
    let days = (0..<Self.daysOnMap).map { index -> (date: String, count: Int) in
      let day = Timestamp(milliseconds: since.milliseconds + Int64(index) * Self.dayMilliseconds)
      return (PageTime.day(day, request), counts[day] ?? 0)
    }
    // 1970-01-01 was a Thursday, which is 3 counted from Monday.
    let localDay = (since.milliseconds + Int64(request.offsetMinutes) * 60_000) / Self.dayMilliseconds
    return HeatMap.svg(days, firstWeekday: Int((localDay + 3) % 7), title: request.texts["heat_title"])
  }

  /// Newest first: the day's first and last event over all endpoints, and those of each.
  private func days(_ visits: [DayVisit], _ request: PageRequest) -> [PageView] {
    Dictionary(grouping: visits, by: \.day).sorted { $0.key > $1.key }.prefix(60).map { day, visits in
      let clock = { (time: Timestamp?) in PageTime.view(time, request)?["clock"] ?? "–" }
      let places = visits.sorted { $0.first < $1.first }.map { visit in
        let times = visit.first == visit.last ? "\(clock(visit.first))" : "\(clock(visit.first)) – \(clock(visit.last))"
        return "\(visit.endpoint ?? visit.box) · \(times)"
      }
      return [
        "day": PageTime.day(day, request), "first": clock(visits.map(\.first).min()), "last": clock(visits.map(\.last).max()),
        "visits": visits.reduce(0) { $0 + $1.eventCount }, "places": places,
      ]
    }
  }
}
