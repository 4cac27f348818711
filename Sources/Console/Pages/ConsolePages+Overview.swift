import FaceEvents
import Hummingbird

extension ConsolePages {
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 86_400_000
  private static let endpointsShown = 8

  func overview(_ request: PageRequest) async throws -> Response {
    let now = sources.now()
    let today = PageTime.startOfDay(now, request)
    let weekStart = Timestamp(milliseconds: today.milliseconds - 6 * Self.day)
    let totals = try await sources.catalog.totals()
    let facts = await sources.node()
    let week = try await statistics(request, since: weekStart, step: .day, [.personClass, .lane])
    let lane = Self.lane(request, week)
    let hours = try await statistics(request, since: today, step: .hour, [.personClass, .lane])
      // Hours are those of UTC: in a zone of half hours one of them begins yesterday.
      .filter { $0.lane == lane && $0.start >= today }
    let view: PageView = [
      "total": PageTime.number(totals.events), "people": PageTime.number(Int64(totals.people)),
      "boxes": PageTime.number(Int64(totals.boxes)), "endpoints": PageTime.number(Int64(totals.endpoints)),
      "today": PageTime.number(hours.reduce(0) { $0 + $1.eventCount }), "lane": request.texts["lane_" + lane.word],
      "stored": PageTime.bytes(facts.pictureBytes + totals.databaseBytes),
      "free": facts.diskFreeBytes.map(PageTime.bytes) ?? "–", "version": facts.version,
      "problems": try await problems(request, facts),
      "lanes": Lane.allCases.map { other -> PageView in
        ["href": "/overview?lane=\(other.word)", "label": request.texts["lane_" + other.word], "current": other == lane]
      }, "today_chart": todayChart(hours, request), "week_chart": weekChart(week.filter { $0.lane == lane }, weekStart, request),
      "endpoint_rows": try await topEndpoints(request, weekStart, lane), "classes": Self.classWords(request),
    ]
    return await render(request, page: "overview", template: "overview", view)
  }

  private func statistics(
    _ request: PageRequest, since: Timestamp, step: StatisticsQuery.Step, _ dimensions: Set<StatisticsQuery.Dimension>
  ) async throws -> [StatisticsRow] {
    var query = StatisticsQuery(since: since, until: sources.now())
    query.step = step
    query.dimensions = dimensions
    query.utcOffsetSeconds = request.offsetMinutes * 60
    return try await sources.catalog.statistics(query)
  }

  /// The lane that was asked for, else history, which is the boxes' record, where there is any. A passage that came on both counts once so.
  private static func lane(_ request: PageRequest, _ rows: [StatisticsRow]) -> Lane {
    if let lane = request["lane"].flatMap(Lane.init(word:)) { return lane }
    let counts = Dictionary(rows.map { ($0.lane, $0.eventCount) }, uniquingKeysWith: +)
    return counts[.history, default: 0] * 2 >= counts[.realtime, default: 0] && counts[.history, default: 0] > 0 ? .history : .realtime
  }

  private func todayChart(_ rows: [StatisticsRow], _ request: PageRequest) -> PageView {
    var columns = (0..<24).map { BarChart.Column(label: $0 < 10 ? "0\($0)" : "\($0)", counts: [:]) }
    for row in rows {
      guard let personClass = row.personClass else { continue }
      columns[PageTime.hour(row.start, request)].counts[personClass, default: 0] += row.eventCount
    }
    return chartView(columns, request.texts["today_by_hour"], labelStep: 2, request)
  }

  private func weekChart(_ rows: [StatisticsRow], _ start: Timestamp, _ request: PageRequest) -> PageView {
    var columns = (0..<7).map { index in
      let day = Timestamp(milliseconds: start.milliseconds + Int64(index) * Self.day)
      return BarChart.Column(label: String(PageTime.day(day, request).dropFirst(5)), counts: [:])
    }
    for row in rows {
      let index = Int((row.start.milliseconds - start.milliseconds + Self.hour) / Self.day)
      guard let personClass = row.personClass, columns.indices.contains(index) else { continue }
      columns[index].counts[personClass, default: 0] += row.eventCount
    }
    return chartView(columns, request.texts["week_by_day"], labelStep: 1, request)
  }

  private func chartView(_ columns: [BarChart.Column], _ title: String, labelStep: Int, _ request: PageRequest) -> PageView {
    let shown = PersonClass.allCases.filter { personClass in columns.contains { ($0.counts[personClass] ?? 0) > 0 } }
    return [
      "svg": BarChart(columns: columns, title: title, labelStep: labelStep).svg,
      "legend": shown.map { ["class": $0.word, "word": request.texts["class_" + $0.word]] },
      "head": shown.map { request.texts["class_" + $0.word] },
      "rows": columns.filter { $0.total > 0 }.map { column -> PageView in
        [
          "label": column.label, "cells": shown.map { PageTime.number(column.counts[$0] ?? 0) }, "sum": PageTime.number(column.total),
        ]
      }, "has_rows": columns.contains { $0.total > 0 },
    ]
  }

  private func topEndpoints(_ request: PageRequest, _ since: Timestamp, _ lane: Lane) async throws -> [PageView] {
    let rows = try await statistics(request, since: since, step: .day, [.box, .endpoint, .lane]).filter { $0.lane == lane }
    var counts: [EndpointKey: Int64] = [:]
    for row in rows { counts[EndpointKey(box: row.box ?? "", id: row.endpoint), default: 0] += row.eventCount }
    let top = counts.sorted { ($1.value, $0.key.box) < ($0.value, $1.key.box) }.prefix(Self.endpointsShown)
    let most = top.first?.value ?? 1
    var names: [EndpointKey: String] = [:]
    for box in Set(top.map(\.key.box)) {
      for record in try await sources.catalog.endpoints(box: box, after: nil, limit: 500) {
        names[record.key] = record.endpoint.name ?? record.endpoint.address
      }
    }
    return top.map { key, count in
      let place = [("box", key.box)] + (key.id.map { [("endpoint", $0)] } ?? [])
      return [
        "name": names[key].flatMap { $0.isEmpty ? nil : $0 } ?? key.id ?? request.texts["no_endpoint"], "box": key.box,
        "count": PageTime.number(count), "width": Int(count * 100 / max(1, most)), "href": "/events" + PageRequest.query(place),
      ]
    }
  }

  /// What a person should look at now.
  private func problems(_ request: PageRequest, _ facts: NodeFacts) async throws -> [PageView] {
    let texts = request.texts
    var found: [(String, String, String)] = []
    if let problem = facts.storageProblem { found.append(("bad", texts.text("problem_storage", problem), "/settings")) }
    for box in try await sources.catalog.boxes(after: nil, limit: 500) {
      for warning in PlaceHealth(box, now: sources.now()).warnings(texts) {
        found.append(("warn", "\(box.code): \(warning)", "/boxes/" + PathPart.encoded(box.code)))
      }
    }
    for backlog in try await sources.forwarding.backlog() {
      if backlog.parkedEvents > 0 {
        found.append(("warn", texts.text("problem_parked", backlog.target, String(backlog.parkedEvents)), "/forwarding#parked"))
      }
      if let pause = backlog.pause, pause.isAutomatic { found.append(("bad", texts.text("problem_paused", backlog.target), "/forwarding")) }
      if backlog.phase == .backingOff {
        found.append(("bad", texts.text("problem_backing_off", backlog.target, PageTime.number(backlog.waitingEvents)), "/forwarding"))
      }
    }
    let quarantined = try await sources.quarantine.quarantineEntries(limit: 100).count
    let count = quarantined > 99 ? "99+" : String(quarantined)
    if quarantined > 0 { found.append(("warn", texts.text("problem_quarantine", count), "/quarantine")) }
    let most = 12
    var views: [PageView] = found.prefix(most).map { ["kind": $0.0, "text": $0.1, "href": $0.2] }
    if found.count > most { views.append(["kind": "idle", "text": texts.text("and_more", String(found.count - most)), "href": "/boxes"]) }
    return views
  }
}
