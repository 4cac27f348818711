import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import Console

@Suite("The box configuration API")
struct BoxConfigurationTests {
  private let forwarding = MemoryForwarding()

  private func withClient(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    let router = Router()
    BoxConfiguration(forwarding: forwarding).addRoutes(to: router)
    try await Application(router: router).test(.router) { try await body($0) }
  }

  /// Status and body of a request.
  private func exchange(
    _ client: any TestClientProtocol, _ name: String, _ body: String? = nil, type: String? = "application/json"
  ) async throws -> (Int, String) {
    var headers = HTTPFields()
    if let type, body != nil { headers[.contentType] = type }
    let response = try await client.execute(
      uri: "/SophonFogSys/api/\(name)", method: body == nil ? .get : .post, headers: headers, body: body.map { ByteBuffer(string: $0) })
    return (response.status.code, String(buffer: response.body))
  }

  private static let vendorExample = """
    {"history_upload_event_url":["http://127.0.0.1:9528/HistoryEvent"],"history_need_reg_pic":true,"content-type":"json","reported_peroid":5}
    """

  @Test("Before anything is set, GET has the defaults of the protocol")
  func defaults() async throws {
    try await withClient { client in
      let history = try await exchange(client, "HistoryEventUrl")
      #expect(
        history == (
          200,
          #"{"data":{"content-type":"json","history_need_recognize_face":true,"history_need_reg_pic":true,"history_need_spot_pic":true,"#
            + #""history_upload_event_url":[],"reported_peroid":5}}"#
        ))
      let realtime = try await exchange(client, "EventServerUrl")
      #expect(realtime.1.contains(#""event_server_url":[]"#) && realtime.1.contains(#""real_need_send_all_person_type":true"#))
      let shown = try await exchange(client, "MonitorServerUrl")
      #expect(shown == (200, #"{"data":{"monitor_server_url":"","reported_peroid":20}}"#))
    }
  }

  @Test("Of requests at the same time the last one holds, whole")
  func simultaneous() async throws {
    let configuration = BoxConfiguration(forwarding: forwarding)
    var servers = HistoryServers([])
    let lists = (0..<20).map { list in (0..<3).map { "http://127.0.0.1:\(9_000 + list)/\($0)" } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for list in lists {
        servers.urls = list
        group.addTask { [servers] in _ = try await configuration.replace(servers) }
      }
      try await group.waitForAll()
    }
    let urls = try await configuration.current(HistoryServers.self).urls
    #expect(lists.map(Set.init).contains(Set(urls)) && urls.count == 3, "\(urls)")
  }

  @Test("The vendor's example makes a target, POST echoes with a message, GET shows it without one")
  func vendorSequence() async throws {
    try await withClient { client in
      let posted = try await exchange(client, "HistoryEventUrl", Self.vendorExample)
      #expect(posted.0 == 200 && posted.1.contains(#""message":"ok""#))
      let shown = try await exchange(client, "HistoryEventUrl")
      #expect(shown.1 == posted.1.replacing(#""message":"ok","#, with: ""))
      #expect(shown.1.contains(#""history_upload_event_url":["http://127.0.0.1:9528/HistoryEvent"]"#))
    }
    let targets = try await forwarding.targets()
    #expect(targets.map(\.id) == ["box-history-1"] && targets[0].group == "box")
    #expect(targets[0].urls == ["http://127.0.0.1:9528/HistoryEvent"] && targets[0].periodSeconds == 5)
    #expect(targets[0].pictures == Set(PictureRole.allCases) && targets[0].format == .json)
    #expect(forwarding.starts == ["box-history-1": .end])
  }

  @Test("A POST replaces the list; a URL that stays keeps its target, a new one takes over a target of one that went")
  func replacing() async throws {
    try await forwarding.save(ForwardTarget(id: "mine", lane: .history, urls: ["http://a/x"]), start: .end)
    try await withClient { client in
      let body = { (urls: String) in
        #"{"history_upload_event_url":\#(urls),"content-type":"form-data","reported_peroid":9,"history_need_spot_pic":false}"#
      }
      _ = try await exchange(client, "HistoryEventUrl", body(#"["http://a/1","http://a/2"]"#))
      try await forwarding.pauseTarget("box-history-2", reason: "by hand")
      _ = try await exchange(client, "HistoryEventUrl", body(#"["http://a/3","http://a/2","http://a/2"]"#))
      let targets = try await forwarding.targets()
      #expect(targets.map(\.id).sorted() == ["box-history-1", "box-history-2", "mine"])
      #expect(targets.first { $0.id == "box-history-1" }?.urls == ["http://a/3"])
      let kept = try #require(targets.first { $0.id == "box-history-2" })
      #expect(kept.urls == ["http://a/2"] && kept.pause?.reason == "by hand" && kept.format == .formData)
      #expect(!kept.pictures.contains(.scene) && kept.pictures.contains(.infrared))
      let emptied = try await exchange(client, "HistoryEventUrl", body("[]"))
      #expect(emptied.0 == 200)
      let left = try await forwarding.targets()
      #expect(left.map(\.id) == ["mine"])
    }
  }

  @Test("Another server in a target's place gets what waits, and neither the pause nor the headers of the one before")
  func takeover() async throws {
    try await withClient { client in
      let body = { (url: String) in #"{"history_upload_event_url":["\#(url)"],"content-type":"json","reported_peroid":5}"# }
      _ = try await exchange(client, "HistoryEventUrl", body("http://a/1"))
      var target = try #require(try await forwarding.targets().first)
      target.headers = [TargetHeader(name: "X-Token", value: "for a")]
      try await forwarding.save(target, start: .end)
      try await forwarding.pauseTarget(target.id, reason: "by hand")
      _ = try await exchange(client, "HistoryEventUrl", body("http://a/2"))
      let moved = try #require(try await forwarding.targets().first)
      #expect(moved.id == target.id && moved.urls == ["http://a/2"] && moved.pause == nil && moved.headers == target.headers)
      _ = try await exchange(client, "HistoryEventUrl", body("http://a:81/2"))
      let handed = try #require(try await forwarding.targets().first)
      #expect(handed.id == target.id && handed.urls == ["http://a:81/2"] && handed.headers.isEmpty && handed.periodSeconds == 5)
      #expect(forwarding.starts == [target.id: .end])
    }
  }

  @Test("What the forwarder refuses changes nothing, also when it is not the first of the list")
  func refused() async throws {
    try await withClient { client in
      let body = { (urls: String) in #"{"history_upload_event_url":\#(urls),"content-type":"json","reported_peroid":5}"# }
      _ = try await exchange(client, "HistoryEventUrl", body(#"["http://a/1"]"#))
      let before = try await forwarding.targets()
      let answer = try await exchange(client, "HistoryEventUrl", body(#"["http://a/2","\#(MemoryForwarding.ownURL)"]"#))
      #expect(answer.0 == 400 && answer.1.contains("history_upload_event_url[1] is this node itself"))
      #expect(try await forwarding.targets() == before)
    }
  }

  @Test("Ids that somebody else's targets have are left to them")
  func othersIDs() async throws {
    let others = ["box-realtime", "box-status", "box-history-1"].map { ForwardTarget(id: $0, lane: .history, urls: ["http://other/\($0)"]) }
    for target in others { try await forwarding.save(target, start: .end) }
    try await withClient { client in
      _ = try await exchange(client, "HistoryEventUrl", Self.vendorExample)
      _ = try await exchange(client, "EventServerUrl", #"{"event_server_url":["http://b/1"],"content-type":"json"}"#)
      _ = try await exchange(
        client, "MonitorServerUrl", #"{"monitor_server_url":"http://a/DeviceStatus","content-type":"json","reported_peroid":30}"#)
    }
    let targets = try await forwarding.targets()
    #expect(targets.prefix(3) == others[...])
    #expect(targets.dropFirst(3).map(\.id) == ["box-history-2", "box-realtime-1", "box-status-1"])
  }

  @Test("Realtime URLs are one target in the order of the list; strangers can be left out")
  func realtime() async throws {
    try await withClient { client in
      let posted = try await exchange(
        client, "EventServerUrl",
        #"{"event_server_url":["http://b/1","http://a/2"],"real_need_reg_pic":false,"content-type":"json","real_need_send_all_person_type":false}"#
      )
      #expect(posted.0 == 200 && !posted.1.contains("message"))
      let target = try #require(try await forwarding.targets().first)
      #expect(target.id == "box-realtime" && target.lane == .realtime && target.urls == ["http://b/1", "http://a/2"])
      #expect(target.classes?.contains(.stranger) == false && target.classes?.contains(.employee) == true)
      #expect(!target.pictures.contains(.reference) && target.timeoutMilliseconds == 500)
      let shown = try await exchange(client, "EventServerUrl")
      #expect(shown.1.contains(#""real_need_send_all_person_type":false"#) && shown.1.contains(#"["http://b/1","http://a/2"]"#))
    }
  }

  @Test("The status target is one URL, and the answer of its POST is a text")
  func status() async throws {
    try await withClient { client in
      let body = #"{"monitor_server_url":"http://a:9528/DeviceStatus","content-type":"json","reported_peroid":"30"}"#
      let posted = try await exchange(client, "MonitorServerUrl", body)
      #expect(posted == (200, #"{"data":"ok"}"#))
      let shown = try await exchange(client, "MonitorServerUrl")
      #expect(shown == (200, #"{"data":{"monitor_server_url":"http://a:9528/DeviceStatus","reported_peroid":30}}"#))
      let targets = try await forwarding.targets()
      #expect(targets.map(\.periodSeconds) == [30])
      let removed = try await exchange(client, "MonitorServerUrl", #"{"monitor_server_url":"","content-type":"json","reported_peroid":30}"#)
      #expect(removed.0 == 200)
      let left = try await forwarding.targets()
      #expect(left.isEmpty)
    }
  }

  struct Notation: Sendable, CustomTestStringConvertible {
    var name: String
    var type: String?
    var body: String

    var testDescription: String { name }
  }

  private static let multipart =
    [
      ("history_upload_event_url", "http://a/1, ,http://a/2,"), ("content-type", "json"), ("reported_peroid", "7"),
      ("history_need_reg_pic", "False"),
    ].map { "--cut\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n" }.joined() + "--cut--\r\n"

  private static let notations = [
    Notation(
      name: "JSON with text", type: "application/json",
      body:
        #"{"history_upload_event_url":" http://a/1 ,, http://a/2 ,","content-type":"JSON","reported_peroid":7.0,"history_need_reg_pic":0}"#),
    Notation(
      name: "JSON without a type", type: nil,
      body:
        #"{"history_upload_event_url":["http://a/1",""," ",null,"http://a/2"],"content-type":"json","reported_peroid":7,"history_need_reg_pic":"false","x":{"y":[]}}"#
    ),
    Notation(
      name: "urlencoded", type: "application/x-www-form-urlencoded",
      body:
        "history_upload_event_url=http%3A%2F%2Fa%2F1&history_upload_event_url=http://a/2&content-type=json&reported_peroid=7&history_need_reg_pic=false"
    ),
    Notation(
      name: "urlencoded with brackets", type: nil,
      body:
        "history_upload_event_url[]=http://a/1&history_upload_event_url[]=http://a/2&content-type=json&reported_peroid=7&history_need_reg_pic=0"
    ),
    Notation(
      name: "urlencoded with JSON", type: "application/x-www-form-urlencoded",
      body:
        #"history_upload_event_url=["http://a/1","http://a/2"]&content-type=json&reported_peroid=7&history_need_reg_pic=false"#),
    Notation(name: "multipart", type: "multipart/form-data; boundary=cut", body: multipart),
    Notation(name: "multipart without a type", type: nil, body: multipart),
  ]

  @Test("The same configuration in each notation", arguments: notations)
  func everyNotation(notation: Notation) async throws {
    try await withClient { client in
      let answer = try await exchange(client, "HistoryEventUrl", notation.body, type: notation.type)
      #expect(answer.0 == 200, "\(answer.1)")
    }
    let targets = try await forwarding.targets()
    #expect(targets.flatMap(\.urls) == ["http://a/1", "http://a/2"])
    #expect(targets.allSatisfy { $0.periodSeconds == 7 && !$0.pictures.contains(.reference) && $0.pictures.contains(.scene) })
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var body: String
    var status = 400
    var code = 40091
    var says: String
    var type: String? = "application/json"
    var name = "HistoryEventUrl"

    var testDescription: String { says }
  }

  private static let refusals = [
    Refusal(body: #"{"content-type":"json","reported_peroid":5}"#, says: "history_upload_event_url is required"),
    Refusal(
      body: #"{"history_upload_event_url":null,"content-type":"json","reported_peroid":5}"#, says: "history_upload_event_url is required"),
    Refusal(body: #"{"history_upload_event_url":[],"reported_peroid":5}"#, says: "content-type is required"),
    Refusal(body: #"{"history_upload_event_url":[],"content-type":"json"}"#, says: "reported_peroid is required"),
    Refusal(
      body: #"{"history_upload_event_url":[],"content-type":"xml","reported_peroid":5}"#, says: "content-type must be json or form-data"),
    Refusal(body: #"{"history_upload_event_url":[],"content-type":"json","reported_peroid":0}"#, says: "reported_peroid must be"),
    Refusal(body: #"{"history_upload_event_url":[],"content-type":"json","reported_peroid":"soon"}"#, says: "reported_peroid must be"),
    Refusal(
      body: #"{"history_upload_event_url":["http://a/1","ftp://a"],"content-type":"json","reported_peroid":5}"#,
      says: "history_upload_event_url[1] is not a URL"),
    Refusal(
      body: #"{"history_upload_event_url":"secret","content-type":"json","reported_peroid":5}"#,
      says: "history_upload_event_url is not a URL"),
    Refusal(
      body: #"{"history_upload_event_url":[7],"content-type":"json","reported_peroid":5}"#, says: "history_upload_event_url must be a list"),
    Refusal(
      body: #"{"history_upload_event_url":[],"content-type":"json","reported_peroid":5,"history_need_reg_pic":"maybe"}"#, code: 40005,
      says: "history_need_reg_pic must be true or false"),
    Refusal(body: "", code: 40002, says: "empty"),
    Refusal(body: "{broken", code: 40000, says: "not a JSON object"),
    Refusal(body: "nothing", code: 40000, says: "neither a JSON object nor a form", type: nil),
    Refusal(body: "--x", code: 40000, says: "form can't be read", type: "multipart/form-data"),
    Refusal(body: "<a/>", status: 415, code: 41591, says: "text/xml is not supported", type: "text/xml"),
    Refusal(
      body: #"{"monitor_server_url":"http://a","content-type":"form-data","reported_peroid":5}"#, says: "content-type must be json",
      name: "MonitorServerUrl"),
    Refusal(
      body: #"{"monitor_server_url":["http://a","http://b"],"content-type":"json","reported_peroid":5}"#, says: "must be one URL",
      name: "MonitorServerUrl"),
    Refusal(body: #"{"content-type":"json"}"#, says: "event_server_url is required", name: "EventServerUrl"),
  ]

  @Test("What is wrong is refused in the box's envelope with field and remedy, and nothing is changed", arguments: refusals)
  func refused(refusal: Refusal) async throws {
    try await withClient { client in
      _ = try await exchange(client, "HistoryEventUrl", Self.vendorExample)
      let before = try await forwarding.targets()
      let answer = try await exchange(client, refusal.name, refusal.body, type: refusal.type)
      #expect(answer.0 == refusal.status)
      #expect(answer.1.hasPrefix(#"{"error":{"code":\#(refusal.code),"message":""#) && answer.1.contains(refusal.says), "\(answer.1)")
      #expect(!answer.1.contains("secret"))
      let after = try await forwarding.targets()
      #expect(after == before)
    }
  }

  @Test(
    "What a page of another site makes a browser send changes nothing",
    arguments: [(HTTPField.Name.origin, "http://elsewhere.example"), (.origin, "null"), (HTTPField.Name("Sec-Fetch-Site"), "cross-site")])
  func otherSite(_ name: HTTPField.Name?, _ value: String) async throws {
    try await withClient { client in
      let name = try #require(name)
      let response = try await client.execute(
        uri: "/SophonFogSys/api/HistoryEventUrl", method: .post, headers: [.contentType: "text/plain", name: value],
        body: ByteBuffer(string: Self.vendorExample))
      #expect(response.status.code == 403 && String(buffer: response.body).contains("another site"))
      let targets = try await forwarding.targets()
      #expect(targets.isEmpty)
    }
  }

  @Test("Too many URLs are refused; the most that are allowed are taken")
  func many() async throws {
    try await withClient { client in
      let body = { (count: Int) in
        let urls = (0..<count).map { "http://a/\($0)" }.joined(separator: ",")
        return #"{"history_upload_event_url":"\#(urls)","content-type":"json","reported_peroid":5}"#
      }
      let refused = try await exchange(client, "HistoryEventUrl", body(17))
      #expect(refused.1.contains("history_upload_event_url has more than 16 URLs"))
      let taken = try await exchange(client, "HistoryEventUrl", body(16))
      #expect(taken.0 == 200)
    }
  }

  @Test("A password in a URL is not told to everybody, and writing back what was read keeps it")
  func secrets() async throws {
    let url = "http://me:secret@a:9528/HistoryEvent?token=hidden"
    try await withClient { client in
      let body = { (url: String) in #"{"history_upload_event_url":["\#(url)"],"content-type":"json","reported_peroid":5}"# }
      let posted = try await exchange(client, "HistoryEventUrl", body(url))
      let shown = try await exchange(client, "HistoryEventUrl")
      for text in [posted.1, shown.1] { #expect(!text.contains("secret") && !text.contains("hidden") && text.contains("***")) }
      _ = try await exchange(client, "HistoryEventUrl", body(TargetURL.masked(url)))
      let targets = try await forwarding.targets()
      #expect(targets.map(\.urls) == [[url]])
    }
  }

  @Test("When the configuration cannot be kept, the answer says so")
  func storage() async throws {
    for (failure, code) in [(StorageError.diskFull("x"), 400_005), (.failed("/secret/path"), 50072)] {
      let router = Router()
      BoxConfiguration(forwarding: MemoryForwarding(failure: .storage(failure))).addRoutes(to: router)
      try await Application(router: router).test(.router) { client in
        let answer = try await exchange(client, "HistoryEventUrl", Self.vendorExample)
        #expect(answer.0 >= 500 && answer.1.contains("\(code)") && !answer.1.contains("secret"))
      }
    }
  }
}
