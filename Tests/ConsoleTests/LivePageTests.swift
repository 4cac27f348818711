import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Console

@Suite("The live page")
struct LivePageTests {
  private func withPages(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      let router = fixture.router
      ConsolePages(fixture.sources, api: EventAPI(fixture.sources, feed: fixture.feed)).addRoutes(to: router)
      try await Application(router: router).test(.router) { try await body(fixture, $0) }
    }
  }

  private static func html(_ path: String, _ client: any TestClientProtocol) async throws -> String {
    String(buffer: try await client.execute(uri: path, method: .get).body)
  }

  @Test(
    "It asks the stream for what the stream takes and nothing else, and chooses the first cards by the same",
    arguments: [
      ("/", "", ""), ("/?class=employee", "?class=employee", ""), ("/?lane=all", "?lane=all", ""),
      ("/?score_min=0.5", "?score_min=0.5", ""), ("/?class=foo", "", "class"), ("/?lane=foo", "", "lane"),
      ("/?name=lin&since=2030-01-01&order=oldest", "?name=lin", "since"), ("/?score_min=0.9&score_max=0.1", "", "score_min"),
      ("/?endpoint=gate-1&has_warnings=maybe", "?endpoint=gate-1", "has_warnings"),
      ("/?name=" + String(repeating: "x", count: 600), "", "name"),
    ])
  func filters(path: String, query: String, leftOut: String) async throws {
    try await withPages { fixture, client in
      try await fixture.keep(ConsoleFixture.json(1), lane: .realtime)
      let html = try await Self.html(path, client)
      #expect(html.contains("data-stream=\"/api/v1/stream\(query)\"") && html.contains("data-sequence="))
      #expect(html.contains("means nothing") == !leftOut.isEmpty && html.contains("The value of \(leftOut)") == !leftOut.isEmpty)
      // A closed feed answers 503 to what it would have streamed, and 422 to what it does not take.
      fixture.feed.close()
      #expect(try await client.ask(.get, "/stream" + query).status == 503)
    }
  }

  @Test(
    "At the first start it waits for both lanes, unless it was asked for one",
    arguments: [("/", "?lane=all"), ("/?lane=realtime", ""), ("/?lane=history", "?lane=history")])
  func firstStart(path: String, query: String) async throws {
    try await withPages { _, client in
      let html = try await Self.html(path, client)
      #expect(html.contains("data-stream=\"/api/v1/stream\(query)\"") && html.contains("data-first=\"true\""))
    }
  }
}
