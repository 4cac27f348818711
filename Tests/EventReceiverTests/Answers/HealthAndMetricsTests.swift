import EventCoding
import EventKeeping
import FaceEvents
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import EventReceiver

@Suite("Health, readiness and metrics")
struct HealthAndMetricsTests {
  @Test("The process is alive while it answers")
  func isAlive() async throws {
    try await withRouter(ReceiverFixture()) { client in
      let response = try await client.send("/healthz", .get)
      #expect(response.text == #"{"status":"alive"}"#)
    }
  }

  @Test("Ready means that events can be stored")
  func isReady() async throws {
    try await withRouter(ReceiverFixture()) { client in
      let response = try await client.send("/readyz", .get)
      #expect(response.status == .ok && response.text == #"{"status":"ready","reasons":[]}"#)
    }
  }

  @Test("Below the disk reserve it is not ready", arguments: [(999, false), (1000, true)])
  func needsSpace(free: Int64, isReady: Bool) async throws {
    let fixture = ReceiverFixture(pictures: MemoryPictureStore(free: free)) { $0.diskReserveBytes = 1000 }
    try await withRouter(fixture) { client in
      let response = try await client.send("/readyz", .get)
      #expect(response.status.code == (isReady ? 200 : 503))
      #expect(response.text.contains("999 bytes of disk are free") == !isReady)
      #expect((response.headers[.retryAfter] != nil) == !isReady)
    }
  }

  @Test("After a commit that failed it is not ready, after one that went well it is")
  func needsCommits() async throws {
    let pictures = MemoryPictureStore()
    let fixture = ReceiverFixture(pictures: pictures)
    try await withRouter(fixture) { client in
      pictures.setFree(.failure(.failed("cannot look")))
      _ = try await client.post("/HistoryEvent", eventJSON())
      let response = try await client.send("/readyz", .get)
      #expect(response.status == .serviceUnavailable && response.text.contains("the last commit failed: cannot look"))
      pictures.setFree(.success(1 << 40))
      _ = try await client.post("/HistoryEvent", eventJSON())
      let recovered = try await client.send("/readyz", .get)
      #expect(recovered.status == .ok)
    }
  }

  @Test("Before the keeper runs it is not ready")
  func needsTheKeeper() async throws {
    let fixture = ReceiverFixture()
    let application = Application(responder: fixture.receiver.makeRouter().buildResponder(), logger: fixture.log.logger)
    try await application.test(.router) { client in
      let response = try await client.send("/readyz", .get)
      #expect(response.status == .serviceUnavailable && response.text.contains("not open yet"))
    }
  }

  @Test("The metrics page can be parsed and counts what happened")
  func counts() async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      _ = try await client.post("/HistoryEvent", eventJSON(1))
      _ = try await client.post("/HistoryEvent", eventJSON(1))
      _ = try await client.post("/RealTimeEvent", eventJSON(2))
      _ = try await client.post("/HistoryEvent", "{\"a\":")
      _ = try await client.send("/nowhere", .get)
      let response = try await client.send("/metrics", .get)
      #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
      let page = try PrometheusPage(response.text)
      #expect(page.value("fogcatcher_events_received_total", ["lane": "history"]) == 2)
      #expect(page.value("fogcatcher_events_stored_total", ["lane": "history"]) == 1)
      #expect(page.value("fogcatcher_events_duplicate_total", ["lane": "history"]) == 1)
      #expect(page.value("fogcatcher_events_stored_total", ["lane": "realtime"]) == 1)
      #expect(page.value("fogcatcher_refused_total", ["reason": "malformed"]) == 1)
      #expect(page.value("fogcatcher_refused_total", ["reason": "not_found"]) == 1)
      #expect(page.value("fogcatcher_quarantined_total") == 1)
      #expect(page.value("fogcatcher_quarantine_entries") == 1)
      #expect(page.value("fogcatcher_requests_in_flight") == 1)
      #expect(page.value("fogcatcher_answer_seconds_count", ["lane": "history"]) == 3)
      #expect(page.value("fogcatcher_answer_seconds_bucket", ["lane": "history", "le": "+Inf"]) == 3)
      #expect(page.value("fogcatcher_commit_batch_items_sum") == 3)
      #expect(page.value("fogcatcher_disk_free_bytes") == 1_099_511_627_776)
      #expect(page.value("fogcatcher_bodies_in_flight_bytes") == 0)
      #expect(page.value("process_resident_memory_bytes") ?? 0 > 1_000_000)
      #expect(page.value("process_open_fds") ?? 0 > 2)
      #expect(page.value("process_start_time_seconds") ?? 0 > 1.6e9)
      #expect(page.types["fogcatcher_commit_seconds"] == "histogram")
    }
  }

  @Test("Figures that cannot be had are left out")
  func leavesOut() async throws {
    let pictures = MemoryPictureStore()
    pictures.setFree(.failure(.failed("x")))
    try await withRouter(ReceiverFixture(pictures: pictures)) { client in
      let page = try PrometheusPage(try await client.send("/metrics", .get).text)
      #expect(page.value("fogcatcher_disk_free_bytes") == nil)
    }
  }

  @Test("A histogram counts each value once, at its bound", arguments: [(1.0, 0), (1.5, 1), (2.0, 1), (256.0, 8), (257.0, 9)])
  func buckets(value: Double, index: Int) {
    var histogram = Histogram.items
    histogram.observe(value)
    #expect(histogram.counts.firstIndex(of: 1) == index && histogram.count == 1 && histogram.sum == value)
  }

  @Test("A request has one entry in the access log with its id, lane, box, bytes, time, outcome and status")
  func logsAccess() async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      _ = try await client.post("/HistoryEvent?token=secret", eventJSON())
      let record = try #require(fixture.log.requests.first)
      let id = try #require(fixture.events.events.first).id
      #expect(record.ids == [id] && record.boxCode == "BOX-1" && record.kind == .history)
      #expect(record.outcome == "stored" && record.httpStatus == 200 && record.byteCount == eventJSON().utf8.count)
      #expect(fixture.log.requests.count == 1)
    }
  }

  @Test("The access log can be switched off")
  func logsNothing() async throws {
    let fixture = ReceiverFixture { $0.accessLog = false }
    try await withRouter(fixture) { client in
      _ = try await client.post("/HistoryEvent", eventJSON())
      #expect(fixture.log.requests.isEmpty)
    }
  }
}
