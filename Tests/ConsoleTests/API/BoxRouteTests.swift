import FaceEvents
import Hummingbird
import HummingbirdTesting
import SQLiteStorage
import TestSupport
import Testing

@testable import Console

@Suite("The query API: boxes and endpoints")
struct BoxRouteTests {
  private static let hour: Int64 = 3_600_000
  /// ``ConsoleFixture``'s clock.
  private static let now = ConsoleFixture.start.milliseconds + hour

  /// - Parameters:
  ///   - hoursAgo: when it happened.
  ///   - late: ms until it arrived.
  private static func event(_ seed: String, hoursAgo: Int64, late: Int64 = 500, endpoint: String) -> FaceEvent {
    var event = SampleRecords.event(seed, at: now - hoursAgo * hour - SampleRecords.start, endpoint: endpoint)
    event.receivedAt = Timestamp(milliseconds: event.time.milliseconds + late)
    return event
  }

  private func withAPI(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      try await Application(router: fixture.router).test(.router) { try await body(fixture, $0) }
    }
  }

  @Test("An endpoint says when it fell silent, how far its clock is off, and what came in its last day")
  func endpointStates() async throws {
    try await withAPI { fixture, client in
      for event in [
        Self.event("a", hoursAgo: 30, late: 200, endpoint: "gate-1"), Self.event("b", hoursAgo: 23, endpoint: "gate-2"),
        Self.event("c", hoursAgo: 1, late: -90_000, endpoint: "gate-2"),
      ] { try await fixture.keep(event) }
      let endpoints = try await client.ask(.get, "/endpoints?box=BOX-A").json["endpoints"]?.list ?? []
      #expect(endpoints.map { $0["id"]?.text } == ["gate-1", "gate-2"])
      #expect(endpoints.first?["silent_since"]?.text == "2026-02-28T03:00:00.200Z")
      #expect(endpoints.first?["last_received_at"]?.text == "2026-02-28T03:00:00.200Z")
      #expect(endpoints.first?["clock_difference_ms"] == .integer(200))
      #expect(endpoints.first?["events_last_day"] == .integer(0))
      #expect(endpoints.last?["silent_since"] == .null)
      #expect(endpoints.last?["clock_difference_ms"] == .integer(-90000), "the clock is ahead")
      #expect(endpoints.last?["events_last_day"] == .integer(2))
    }
  }

  @Test("The gaps of a box are those that all of its endpoints share; each endpoint has its own")
  func gaps() async throws {
    try await withAPI { fixture, client in
      for (index, (hoursAgo, endpoint)) in [(9, "gate-1"), (8, "gate-2"), (4, "gate-2"), (3, "gate-1"), (1, "gate-1")].enumerated() {
        try await fixture.keep(Self.event("e\(index)", hoursAgo: Int64(hoursAgo), endpoint: endpoint))
      }
      let answer = try await client.ask(.get, "/boxes/BOX-A").json
      func gaps(_ value: JSONValue?) -> [String] {
        (value?["gaps"]?.list ?? []).compactMap { gap in
          guard let start = gap["start"]?.text, let end = gap["end"]?.text else { return nil }
          return "\(start.prefix(13))/\(end.prefix(13))"
        }
      }
      #expect(gaps(answer) == ["2026-03-01T02/2026-03-01T05", "2026-03-01T07/2026-03-01T08"])
      let endpoints = answer["endpoints"]?.list ?? []
      #expect(gaps(endpoints.first) == ["2026-03-01T01/2026-03-01T06", "2026-03-01T07/2026-03-01T08"])
      #expect(gaps(endpoints.last) == ["2026-03-01T02/2026-03-01T05"])
      #expect(endpoints.first?["events_last_day"] == .integer(3) && answer["box"]?["events_last_day"] == .integer(5))
    }
  }

  @Test(
    "The last day is one row a box wherever in it midnight is, so that thousands of boxes fit into one answer",
    arguments: [0, 7, 23] as [Int64])
  func lastDay(hoursLater: Int64) async throws {
    try await ConsoleFixture.with { fixture in
      let now = Timestamp(milliseconds: Self.now + hoursLater * Self.hour + 1)
      for hoursAgo in [24, 23, 12, 1, 0] as [Int64] {
        var event = Self.event("e\(hoursAgo)", hoursAgo: hoursAgo - hoursLater, endpoint: "gate-1")
        event.receivedAt = now
        try await fixture.keep(event)
      }
      var query = BoxActivity.lastDay(until: now)
      query.dimensions = [.box]
      #expect(try await fixture.store.statistics(query).map(\.eventCount) == [4])
    }
  }

  @Test("Statistics that are cut are gone on with, each row once")
  func cutStatistics() async throws {
    let boxes = StatisticsQuery.rowsMax / 5 * 2
    let hours = (0..<4).map { Timestamp(milliseconds: $0 * Self.hour) }
    let query = StatisticsQuery(since: hours[0], until: hours[3])
    var (questions, counts) = (0, [Timestamp: Int]())
    try await query.eachRow(
      { query async throws(StorageError) in
        questions += 1
        let left = hours.filter { $0 >= query.since }.lazy.flatMap { hour in
          (0..<boxes).lazy.map { StatisticsRow(start: hour, personClass: nil, box: "\($0)", endpoint: nil, lane: nil, eventCount: 1) }
        }
        return Array(left.prefix(StatisticsQuery.rowsMax))
      }, { counts[$0.start, default: 0] += 1 })
    #expect(questions == 2 && counts == Dictionary(uniqueKeysWithValues: hours.map { ($0, boxes) }))
  }
}
