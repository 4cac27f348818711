import EventForwarder
import FaceEvents
import Foundation
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@Suite struct OtherLaneTests {
  @Test("Realtime events go to every URL in list order, once; one that fails does not keep the next from getting them")
  func realtime() async throws {
    let (first, second) = (try await FakeTarget { _, _ in .status(500) }, try await FakeTarget())
    let fixture = ForwarderFixture()
    var target = ForwardTarget(
      id: "door", lane: .realtime, urls: [first.url, "http://127.0.0.1:1/dead", second.url])
    target.classes = [.employee]
    // Half a second is not much on a machine that tests other things as well.
    target.timeoutMilliseconds = 300_000
    try await fixture.keep(0..<3, lane: .realtime)
    try await fixture.forwarder.save(target, start: .end)
    try await fixture.running {
      try await eventually { try await fixture.backlog("door") != nil }
      try await fixture.keep(3..<6, lane: .realtime)
      try await fixture.keep(6..<8)
      try await eventually { second.requests.count == 3 }
    }
    #expect(Set(second.requests.map(\.key)).count == 3 && first.requests.count == 3)
    for server in [first, second] { await server.stop() }
  }

  @Test("A status target gets the node's state as form S2, at once and then once a period")
  func status() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    var target = ForwardTarget(id: "monitor", lane: .status, urls: [server.url])
    target.periodSeconds = 1
    try await fixture.forwarder.save(target, start: .end)
    try await fixture.running { try await eventually { server.requests.count >= 2 } }
    let report = try #require(try JSONSerialization.jsonObject(with: Data(server.requests[0].body)) as? [String: Any])
    #expect(report["dev_sno"] as? String == "TEST-1" && report["gateway_status"] as? String == "online")
    let figures = try #require(report["gateway_ext_data"] as? [String: Any])
    for name in ["cpu_usage", "memory_size", "memory_usage", "disk_size", "disk_free_size", "temperature"] {
      #expect(figures[name] is NSNumber, "\(name)")
    }
    #expect(report["sub_devices"] is [Any])
    await server.stop()
  }

  @Test("Neither a removal nor a stop waits for a receiver that does not answer a status report or a test", .timeLimit(.minutes(5)))
  func silent() async throws {
    let server = try await FakeTarget { _, _ in .nothing }
    let fixture = ForwarderFixture()
    var target = ForwardTarget(id: "monitor", lane: .status, urls: [server.url])
    target.timeoutMilliseconds = 600_000
    try await fixture.forwarder.save(target, start: .end)
    try await fixture.running { [target] in
      try await eventually { server.requests.count == 1 }
      try await fixture.forwarder.removeTarget("monitor")
      try await fixture.forwarder.save(target, start: .end)
      try await eventually { server.requests.count == 2 }
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: Asking(forwarder: fixture.forwarder))], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    async let running: Void = group.run()
    try await eventually { server.requests.count == 3 }
    await group.triggerGracefulShutdown()
    try await running
    await server.stop()
  }

  /// A program's answer to somebody who wants a target tested.
  private struct Asking: Service {
    let forwarder: EventForwarder

    func run() async throws {
      let answers = try await forwarder.testTarget("monitor", event: nil)
      #expect(answers[0].httpStatus == nil && answers[0].failure == "cancelled")
    }
  }

  @Test("What waits for its turn when a realtime target is paused is not sent after the pause")
  func pausedRealtime() async throws {
    let server = try await FakeTarget { _, _ in .nothing }
    let fixture = ForwarderFixture()
    var target = ForwardTarget(id: "door", lane: .realtime, urls: [server.url])
    target.concurrency = 1
    target.timeoutMilliseconds = 60_000
    try await fixture.forwarder.save(target, start: .end)
    try await fixture.running {
      try await eventually { try await fixture.backlog("door") != nil }
      try await fixture.keep(0..<5, lane: .realtime)
      try await eventually { server.requests.count == 1 }
      try await fixture.forwarder.pauseTarget("door", reason: "by hand")
      try await fixture.keep(5..<8, lane: .realtime)
      server.say { _, _ in .status(200) }
      try await fixture.forwarder.resumeTarget("door")
      let news = try await fixture.keep(8..<10, lane: .realtime)
      try await eventually { server.requests.contains { $0.key == news[1].id.description } }
      let late = server.requests.dropFirst().map(\.key)
      #expect(late.allSatisfy { key in news.contains { $0.id.description == key } }, "\(late.count)")
    }
    await server.stop()
  }

  @Test("The node itself is refused as a target, whatever it is called", arguments: ["127.0.0.1", "localhost", "0.0.0.0"])
  func loop(_ host: String) async throws {
    let fixture = ForwarderFixture()
    fixture.forwarder.listening(on: [(host: "0.0.0.0", port: 4_711)])
    let url = "http://\(host):4711/HistoryEvent"
    do {
      try await fixture.forwarder.save(ForwardTarget(id: "me", lane: .history, urls: [url]), start: .end)
      Issue.record("taken")
    } catch ForwardingError.invalid(let problem) {
      #expect(problem.field == "urls[0]" && problem.message.contains("this node itself"))
    }
    try await fixture.forwarder.save(
      ForwardTarget(id: "other", lane: .history, urls: [url.replacingOccurrences(of: "4711", with: "4712")]), start: .end)
  }

  @Test("A test says everything that came back, and changes nothing")
  func test() async throws {
    let server = try await FakeTarget { _, _ in .status(418, headers: [("X-Kind", "teapot")], body: "short and stout") }
    let fixture = ForwarderFixture()
    try await fixture.keep(0..<1)
    var target = ForwardTarget(id: "cloud", lane: .history, urls: [server.url])
    target.pause = TargetPause(reason: "not yet", at: Timestamp(milliseconds: 1), isAutomatic: false)
    try await fixture.forwarder.save(target, start: .beginning)
    let answers = try await fixture.forwarder.testTarget("cloud", event: Array(#"{"identity_id":"T"}"#.utf8))
    #expect(answers.count == 1 && answers[0].httpStatus == 418 && !answers[0].isAccepted)
    #expect(answers[0].headers.contains(TargetHeader(name: "X-Kind", value: "teapot")))
    #expect(answers[0].body == Array("short and stout".utf8))
    #expect(server.requests.map(\.text) == [#"{"identity_id":"T"}"#])
    #expect(try await fixture.targets.cursors() == ["cloud": 0])
    await server.stop()
    let failed = try await fixture.forwarder.testTarget("cloud", event: nil)
    #expect(failed[0].httpStatus == nil && failed[0].failure != nil)
  }

  @Test("Every figure of a target stands on the metrics page")
  func metrics() async throws {
    let fixture = ForwarderFixture()
    let before = await fixture.forwarder.metricsText()
    #expect(before == "")
    try await fixture.keep(0..<2)
    try await fixture.forwarder.save(ForwardTarget(id: "dead", lane: .history, urls: ["http://127.0.0.1:1/"]), start: .beginning)
    try await fixture.running {
      try await eventually {
        let text = await fixture.forwarder.metricsText()
        return text.contains(#"fogcatcher_forward_retries_total{target="dead",reason="network"}"#)
          && text.contains(#"fogcatcher_forward_backlog_events{target="dead"} 2"#)
      }
    }
    let text = await fixture.forwarder.metricsText()
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.wholeMatch(of: /[a-z_]+\{[^}]+\} [-0-9.e]+/) != nil, "\(line)")
    }
  }
}
