import EventCoding
import Testing

@testable import EventReceiver

@Suite("Which paths take what")
struct RouteTableTests {
  private let table = RouteTable(aliases: ["/getRecord": .history, "welcome/": .realtime, "/DeviceStatus": .history])

  struct Case: CustomStringConvertible {
    var path: String
    var kind: RouteKind?

    var description: String { "\(path) \(kind?.rawValue ?? "nothing")" }
  }

  @Test(
    "Paths are known by their end, with or without a slash behind, and case counts",
    arguments: [
      Case(path: "/HistoryEvent", kind: .history),
      Case(path: "/HistoryEvent/", kind: .history),
      Case(path: "/HistoryEvent//", kind: .history),
      Case(path: "/RealTimeEvent", kind: .realtime),
      Case(path: "/SophonFogStatus", kind: .status),
      Case(path: "/EventServer/api/SophonFogHistoryEvent", kind: .history),
      Case(path: "/EventServer/api/HistoryEvent", kind: .history),
      Case(path: "/EventServer/api/SophonFogRelEvent", kind: .realtime),
      Case(path: "/EventServer/api/SophonFogStatus", kind: .status),
      Case(path: "/MonitorServer/api/SophonFogStatus", kind: .status),
      Case(path: "/site/7/EventServer/api/SophonFogRelEvent/", kind: .realtime),
      Case(path: "//HistoryEvent", kind: .history),
      Case(path: "/xHistoryEvent", kind: nil),
      Case(path: "/HistoryEvent/x", kind: nil),
      Case(path: "/historyevent", kind: nil),
      Case(path: "/SophonFogRelEvent", kind: nil),
      Case(path: "/", kind: nil),
      Case(path: "", kind: nil),
      Case(path: String(repeating: "/a", count: 5000) + "/HistoryEvent", kind: nil),
    ])
  func matches(case: Case) {
    #expect(table.kind(of: `case`.path) == `case`.kind)
  }

  @Test("An alias is known as a whole and wins over a built-in path")
  func knowsAliases() {
    #expect(table.kind(of: "/getRecord") == .history)
    #expect(table.kind(of: "/getRecord/") == .history)
    #expect(table.kind(of: "/welcome") == .realtime)
    #expect(table.kind(of: "/x/getRecord") == nil)
    #expect(table.kind(of: "/DeviceStatus") == .history)
  }

  @Test(
    "A path that is nearly right is told the right one",
    arguments: [
      ("/historyevent", "/HistoryEvent"), ("/HistoryEvents", "/HistoryEvent"), ("/RealtimeEvent/", "/RealTimeEvent"),
      ("/HistoryEven", "/HistoryEvent"), ("/eventserver/API/sophonfogrelevent", "/EventServer/api/SophonFogRelEvent"), ("/foo", nil),
      ("/favicon.ico", nil), ("/", nil),
    ] as [(String, String?)])
  func suggests(path: String, meant: String?) {
    #expect(table.nearMiss(of: path) == meant)
  }

  @Test(
    "A request target is cut into path and query",
    arguments: [
      ("/a?b=c", "/a", "b=c"), ("/a", "/a", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"), ("/a?b#c", "/a", "b"), ("", "/", nil),
      ("http://host:9528/HistoryEvent?x=1", "/HistoryEvent", "x=1"), ("http://host", "/", nil), ("http://host?x", "/", "x"),
      ("*", "*", nil),
    ] as [(String, String, String?)])
  func cuts(target: String, path: String, query: String?) {
    let cut = RequestTarget(target)
    #expect(cut.path == path && cut.query == query)
  }

  @Test("Settings that cannot be used say why", arguments: ["/", "/metrics", "/a?b", "/a b"])
  func refusesAliases(path: String) {
    var settings = ReceiverSettings()
    #expect(settings.problems.isEmpty)
    settings.aliases = [path: .history]
    #expect(settings.problems.count == 1)
  }

  @Test("Numbers out of range are each named")
  func refusesNumbers() {
    var settings = ReceiverSettings()
    settings.bodyBytesMax = 100 << 20
    settings.headerReadTimeout = .zero
    settings.connectionsMax = 0
    #expect(settings.problems.count == 3)
    #expect(settings.problems.contains { $0.contains("headerReadTimeout") })
  }
}
