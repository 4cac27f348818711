import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Console

@Suite("The query API: what changes something")
struct SteeringRouteTests {
  private func withAPI(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      try await Application(router: fixture.router).test(.router) { try await body(fixture, $0) }
    }
  }

  private static let target = """
    {"id":"cloud","lane":"history","urls":["http://user:pass@192.0.2.7/HistoryEvent?key=tell"],"headers":[{"name":"X-Token","value":"s3cret"}],\
    "classes":["vip"],"score_min":0.5,"timeout_ms":1000}
    """

  @Test("A target is added, shown without its secrets, and the masks sent back leave them as they are")
  func targets() async throws {
    try await withAPI { fixture, client in
      let added = try await client.ask(.post, "/targets", Self.target)
      #expect(added.status == 201 && !added.text.contains("s3cret") && !added.text.contains("pass") && !added.text.contains("tell"))
      #expect(try await client.ask(.post, "/targets", Self.target).status == 409)
      let shown = try await client.ask(.get, "/targets/cloud").json
      let url = try #require(shown["urls"]?[0]?.text)
      let changed = try await client.ask(
        .put, "/targets/cloud",
        #"{"name":"other","lane":"history","urls":["\#(url)"],"headers":[{"name":"X-Token","value":"***"}]}"#)
      #expect(changed.status == 200, "\(changed.text)")
      let target = try #require(try await fixture.forwarding.targets().first)
      #expect(target.urls == ["http://user:pass@192.0.2.7/HistoryEvent?key=tell"] && target.headers.first?.value == "s3cret")
      let moved = try await client.ask(
        .put, "/targets/cloud", #"{"lane":"history","urls":["\#(url.replacing("HistoryEvent", with: "elsewhere"))"]}"#)
      #expect(moved.status == 422 && moved.text.contains("urls[0]"), "a mask would be the new password: \(moved.text)")
      #expect(target.name == "other" && target.classes == nil && target.scoreMin == nil)
      #expect(fixture.forwarding.starts == ["cloud": .end])
      #expect(try await client.ask(.delete, "/targets/cloud").status == 204)
      #expect(try await client.ask(.delete, "/targets/cloud").status == 404)
    }
  }

  @Test("Pause, resume and test work on one target; the test event is of nobody")
  func actions() async throws {
    try await withAPI { fixture, client in
      _ = try await client.ask(.post, "/targets", Self.target)
      let paused = try await client.ask(.post, "/targets/cloud/pause", #"{"reason":"works on the roof"}"#).json
      #expect(paused["pause"]?["reason"]?.text == "works on the roof")
      #expect(try await client.ask(.post, "/targets/cloud/resume").json["pause"] == .null)
      #expect(try await client.ask(.post, "/targets/cloud/test").status == 200)
      let sent = try #require(fixture.forwarding.tested["cloud"] ?? nil)
      #expect(String(decoding: sent, as: UTF8.self).contains("fogcatcher-test"))
      #expect(try await client.ask(.post, "/targets/nobody/test").status == 404)
    }
  }

  @Test(
    "A body is refused with the member, what is wrong with it, and what to do",
    arguments: [
      (#"{"id":"a","lane":"history","urls":["ftp://x"]}"#, 422, "urls[0]"), (#"{"id":"a","lane":"later","urls":[]}"#, 422, "lane"),
      (#"{"lane":"history","urls":[]}"#, 422, "id"), (#"{"id":"a","lane":"history","urls":["http://a"],"speed":1}"#, 422, "speed"),
      (#"{"id":"a","lane":"history","urls":["http://a"],"batch":101}"#, 422, "batch"),
      (#"{"id":"a","lane":"history","urls":["http://a"],"headers":[{"name":"A","value":"***"}]}"#, 422, "headers"),
      (#"{"id":"a","lane":"history","urls":"http://a"}"#, 422, "urls"), ("[]", 422, "the body"), ("{", 400, "the body"),
      ("", 400, "the body"),
    ])
  func bodies(body: String, status: Int, name: String) async throws {
    try await withAPI { _, client in
      let answer = try await client.ask(.post, "/targets", body)
      #expect(answer.status == status)
      let message = try answer.json["message"]?.text
      #expect(message?.hasPrefix(name) == true, "\(answer.text)")
    }
  }

  @Test("Pages of other sites can change nothing, and neither can forms")
  func crossSite() async throws {
    try await withAPI { fixture, client in
      let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
      for fields in [[site: "cross-site"], [site: "same-site"], [.origin: "http://evil.example"], [.origin: "null"]] as [HTTPFields] {
        #expect(try await client.ask(.post, "/test-event", headers: fields).status == 403)
      }
      for type in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
        #expect(try await client.ask(.post, "/test-event", "{}", headers: [.contentType: type]).status == 415)
      }
      #expect(fixture.submitted.withLock { $0.isEmpty })
      #expect(try await client.ask(.post, "/test-event", headers: [site: "same-origin"]).status == 200)
      let got = fixture.submitted.withLock { $0.map(\.path) }
      #expect(got == ["/RealTimeEvent"])
    }
  }

  @Test("A body of more than a MiB is 413")
  func large() async throws {
    try await withAPI { _, client in
      let fits = #"{"lane":"history"}"# + String(repeating: " ", count: (1 << 20) - 18)
      let (exact, more) = (try await client.ask(.post, "/test-event", fits), try await client.ask(.post, "/test-event", fits + " "))
      #expect(exact.status == 200 && more.status == 413)
    }
  }

  @Test("Methods that a path does not take are 405 with those that it takes")
  func methods() async throws {
    try await withAPI { _, client in
      let answer = try await client.ask(.delete, "/events")
      #expect(answer.status == 405 && answer.headers[.allow] == "GET, HEAD")
      #expect(try await client.ask(.get, "/parked/replay").headers[.allow] == "POST")
    }
  }

  @Test("Of the quarantine: list, download, resubmit, drop; everything goes only when asked for by name")
  func quarantine() async throws {
    try await withAPI { fixture, client in
      for text in ["{a", "{b", "{c"] { _ = try await fixture.desk.store.quarantine(SampleRecords.request(text)) }
      let page = try await client.ask(.get, "/quarantine?limit=2").json
      #expect(page["entries"]?.list.count == 2)
      let cursor = try #require(page["next_cursor"]?.text)
      let rest = try await client.ask(.get, "/quarantine?limit=2&cursor=\(cursor)").json
      #expect(rest["entries"]?.list.count == 1 && rest["entries"]?[0]?["sha256"]?.text != page["entries"]?[1]?["sha256"]?.text)
      #expect(rest["next_cursor"]?.text == nil)
      #expect(try await client.ask(.get, "/quarantine?cursor=x").status == 422)
      #expect(try await client.ask(.get, "/quarantine/3").json["byte_count"] != nil)
      let body = try await client.ask(.get, "/quarantine/2/body")
      #expect(body.text == "{b" && body.headers[.contentDisposition] == #"attachment; filename="quarantine-2.request""#)
      let kept = try await client.ask(.post, "/quarantine/2/resubmit")
      #expect(kept.text.contains(#""is_kept":false"#))
      let mended = try await client.ask(.post, "/quarantine/2/resubmit", #"{"body_base64":"e30="}"#)
      #expect(mended.text.contains(#""is_kept":true"#))
      #expect(try await client.ask(.post, "/quarantine/2/resubmit", #"{"body_base64":"!"}"#).status == 422)
      #expect(try await client.ask(.delete, "/quarantine/2").status == 204)
      #expect(try await client.ask(.get, "/quarantine/2/body").status == 404)
      #expect(try await client.ask(.post, "/quarantine/drop", "{}").status == 422)
      #expect(try await client.ask(.post, "/quarantine/drop", #"{"ids":[1],"all":true}"#).status == 422)
      for choice in [#"{"ids":[1]}"#, #"{"all":true}"#] {
        let dropped = try await client.ask(.post, "/quarantine/drop", choice)
        #expect(dropped.text == #"{"count":1}"#)
      }
    }
  }

  @Test("Pages of parked events skip and repeat nothing, also when several targets have parked the same event", arguments: 1...7)
  func parkedPages(_ limit: Int) async throws {
    let parked = (1...4).flatMap { sequence in
      ["a", "b", "c"].map { target in
        ParkedEvent(
          target: target, sequence: Int64(sequence), eventID: nil, httpStatus: 400, reason: "no", excerpt: "", attempts: 1,
          parkedAt: ConsoleFixture.start)
      }
    }
    let forwarding = MemoryForwarding(parked: parked)
    for id in ["a", "b", "c"] { try await forwarding.save(ForwardTarget(id: id, lane: .history, urls: ["http://h/\(id)"]), start: .end) }
    var found: [ParkedEvent] = []
    var position: ParkedPage.Position?
    repeat {
      let page = try await ParkedPage(target: nil, after: position, limit: limit, of: forwarding)
      #expect(page.events.count <= limit)
      found += page.events
      position = try page.next.map { try ParkedPage.Position(cursor: $0.cursor) }
    } while position != nil && found.count <= parked.count
    #expect(found == parked)
  }
}
