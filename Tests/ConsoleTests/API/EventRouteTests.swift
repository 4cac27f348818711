import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SQLiteStorage
import Testing

@testable import Console

@Suite("The query API: events and pictures")
struct EventRouteTests {
  private func withAPI(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      try await Application(router: fixture.router).test(.router) { try await body(fixture, $0) }
    }
  }

  @Test("Pages follow each other by cursor until next_cursor is null, each event once")
  func paging() async throws {
    try await withAPI { fixture, client in
      for number in 0..<7 { try await fixture.keep(ConsoleFixture.json(number)) }
      var seen: [String] = []
      var path = "/events?limit=3"
      for page in 0..<3 {
        let answer = try await client.ask(.get, path).json
        seen += answer["events"]?.list.compactMap { $0["id"]?.text } ?? []
        guard let cursor = answer["next_cursor"]?.text else {
          #expect(page == 2)
          break
        }
        path = "/events?limit=3&cursor=\(cursor)"
      }
      #expect(seen.count == 7 && Set(seen).count == 7 && seen == seen.sorted(by: >))
      let oldest = try await client.ask(.get, "/events?order=oldest&limit=7").json["events"]?.list.compactMap { $0["id"]?.text }
      #expect(oldest == seen.reversed())
    }
  }

  @Test("Every filter reaches the catalog; an empty one, as forms send it, is none")
  func filters() async throws {
    try await withAPI { fixture, client in
      try await fixture.keep(ConsoleFixture.json(0))
      try await fixture.keep(ConsoleFixture.json(1, person: "E-2", name: "Ada Nebel"), lane: .realtime)
      let fitting = [
        "person=E-2", "name=ada+n", "lane=realtime", "since=2026-03-01T08:00:01Z", "since=1772352001000", "person=E-2&box=&class=",
        "since=2026-03-01T16:00:01+08:00", "person=E-2&class=employee&score_min=0.5&score_max=0.5", "person=E-2&box=BOX-A",
        "person=E-2&has_warnings=true",
      ]
      for query in fitting {
        let events = try await client.ask(.get, "/events?" + query).json["events"]?.list ?? []
        #expect(events.count == 1 && events.first?["person"]?["id"]?.text == "E-2", "\(query)")
      }
      #expect(try await client.ask(.get, "/events?score_min=0.51").json["events"]?.list.isEmpty == true)
      #expect(try await client.ask(.get, "/events?endpoint=gate-1").json["events"]?.list.count == 2)
    }
  }

  @Test(
    "What is wrong with a parameter is said with its name, and unknown ones are refused",
    arguments: [
      ("/events?foo=1", "foo"), ("/events?limit=501", "limit"), ("/events?limit=0", "limit"), ("/events?class=boss", "class"),
      ("/events?since=yesterday", "since"), ("/events?cursor=abc", "cursor"), ("/events?limit=1&limit=2", "limit"),
      ("/events?name=%FF", "name"), ("/events?since=2&until=1", "since"), ("/events?score_min=nan", "score_min"),
      ("/events?score_min=0.5&score_max=0.4", "score_min"), ("/events/nonsense", "id"), ("/stats?by=weather", "by"),
      ("/people/E-1?x=1", "x"), ("/export?format=pdf", "format"), ("/export", "format"), ("/stats?utc_offset=8", "utc_offset"),
    ])
  func refusals(path: String, name: String) async throws {
    try await withAPI { _, client in
      let answer = try await client.ask(.get, path)
      #expect(answer.status == 422)
      #expect(try answer.json["message"]?.text?.hasPrefix(name + " ") == true, "\(answer.text)")
      #expect(try answer.json["error"]?["status"]?.text == "PARAM_ERROR")
    }
  }

  @Test("An event has all of its fields, and its original comes back byte for byte")
  func detail() async throws {
    try await withAPI { fixture, client in
      let json = ConsoleFixture.json(3)
      let id = try await fixture.keep(json)
      let event = try await client.ask(.get, "/events/\(id)").json
      #expect(event["time"]?.text == "2026-03-01T08:00:03.000Z" && event["time_ms"] == .integer(1_772_352_003_000))
      #expect(event["fields"]?["own"]?["deep"]?[1] == .number(2.5) && event["fields"]?["reg_pic"]?.text == "")
      #expect(event["pictures"]?[0]?["media_type"]?.text == "image/jpeg" && event["other_lane_url"] == .null)
      #expect(event["source"]?.names == ["address", "path"])
      let original = try await client.ask(.get, "/events/\(id)/original")
      #expect(original.text == json && original.headers[.contentType] == "application/json")
      #expect(try await client.ask(.get, "/events/00000000-0000-8000-8000-000000000000").status == 404)
    }
  }

  @Test("The same id on both lanes: history unless asked for the other, each with the way to the other")
  func lanes() async throws {
    try await withAPI { fixture, client in
      let id = try await fixture.keep(ConsoleFixture.json(3), lane: .realtime)
      #expect(try await client.ask(.get, "/events/\(id)").json["lane"]?.text == "realtime")
      #expect(try await client.ask(.get, "/events/\(id)?lane=history").status == 404)
      #expect(try await fixture.keep(ConsoleFixture.json(3)) == id)
      let event = try await client.ask(.get, "/events/\(id)").json
      #expect(event["lane"]?.text == "history" && event["other_lane_url"]?.text == "/api/v1/events/\(id)?lane=realtime")
    }
  }

  @Test("A picture comes whole, in part, or not again; its head has the same fields")
  func pictures() async throws {
    try await withAPI { fixture, client in
      let id = try await fixture.keep(ConsoleFixture.json(3))
      let path = "/events/\(id)/pictures/reference"
      let whole = try await client.ask(.get, path)
      #expect(whole.status == 200 && whole.body == ConsoleFixture.jpeg && whole.headers[.contentType] == "image/jpeg")
      #expect(whole.headers[.cacheControl] == "private, max-age=31536000, immutable")
      let tag = try #require(whole.headers[.eTag])
      let known = try await client.ask(.get, path, headers: [.ifNoneMatch: tag])
      #expect(known.status == 304 && known.body.isEmpty)
      let part = try await client.ask(.get, path, headers: [.range: "bytes=10-19"])
      #expect(part.status == 206 && part.body == Array(ConsoleFixture.jpeg[10..<20]))
      #expect(part.headers[.contentRange] == "bytes 10-19/204")
      let beyond = try await client.ask(.get, path, headers: [.range: "bytes=204-"])
      #expect(beyond.status == 416 && beyond.headers[.contentRange] == "bytes */204")
      let head = try await client.ask(.head, path)
      #expect(head.status == 200 && head.body.isEmpty && head.headers[.contentLength] == "204" && head.headers[.eTag] == tag)
      #expect(try await client.ask(.get, "/events/\(id)/pictures/infrared").status == 404)
      #expect(try await client.ask(.get, "/people/E-1/picture").body == ConsoleFixture.jpeg)
    }
  }

  @Test("A damaged picture is 410 with the reason, and never other bytes")
  func damage() async throws {
    try await withAPI { fixture, client in
      try await fixture.keep(ConsoleFixture.json(1))
      var event = FaceEvent(
        id: EventID(high: 0x8000, low: 1 << 63), contentDigest: ContentDigest(words: (1, 2, 3, 4)), lane: .history, form: .g2,
        encoding: .json, time: ConsoleFixture.start, hasOwnTime: true, receivedAt: ConsoleFixture.start, person: Person(id: "E-3"),
        box: Box(code: "BOX-A", origin: .field), endpoint: Endpoint(), pictures: [],
        originalText: SharedBytes(Array(#"{"a":""}"#.utf8)), warnings: [], source: RequestSource(address: "192.0.2.10", path: "/x"))
      event.pictures = [
        EventPicture(
          role: .face, field: "a", digest: ContentDigest(words: (9, 9, 9, 9)), byteCount: 204,
          cut: PictureCut(offset: 6, text: .canonical))
      ]
      let stored = try #require(try await fixture.store.events(EventQuery()).first)
      let id = try await fixture.keep(event, locations: [stored.locations[0]])
      for path in ["/events/\(id)/pictures/face", "/events/\(id)/original"] {
        let answer = try await client.ask(.get, path)
        #expect(answer.status == 410 && answer.text.contains("damaged"), "\(answer.text)")
      }
      let picture = try await client.ask(.get, "/events/\(id)").json["pictures"]?[0]
      #expect(picture?["media_type"] == .null && picture?["problem"]?.text?.contains("damaged") == true)
    }
  }

  @Test(
    "Ranges as RFC 9110 has them",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=5-", 5..<10), ("bytes=-3", 7..<10), ("bytes=-99", 0..<10), ("bytes=2-99", 2..<10),
      ("bytes=2-9223372036854775807", 2..<10), ("bytes=4-2", nil), ("bytes=0-1,3-4", nil), ("items=0-1", nil), ("bytes=a-b", nil),
      ("bytes=99999999999999999999-", nil), ("bytes=-", nil),
    ] as [(String, Range<Int>?)])
  func ranges(field: String, range: Range<Int>?) throws {
    #expect(try ByteRange.read(field, byteCount: 10) == range)
  }
}
