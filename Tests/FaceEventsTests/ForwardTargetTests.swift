import FaceEvents
import Foundation
import Testing

@Suite struct ForwardTargetTests {
  private static func target(_ change: (inout ForwardTarget) -> Void = { _ in }) -> ForwardTarget {
    var target = ForwardTarget(id: "cloud", lane: .history, urls: ["http://192.0.2.7:9528/HistoryEvent"])
    change(&target)
    return target
  }

  @Test func theDefaultsAreThoseOfABox() throws {
    let history = Self.target()
    #expect(history.periodSeconds == 5 && history.batch == 100 && history.format == .json && history.offPicture == .empty)
    #expect(history.pictures == Set(PictureRole.allCases) && history.concurrency == 24 && history.timeoutMilliseconds == 30_000)
    #expect(ForwardTarget(id: "r", lane: .realtime, urls: []).timeoutMilliseconds == 500)
    #expect(ForwardTarget(id: "s", lane: .status, urls: []).periodSeconds == 20)
    try history.validate()
  }

  @Test func aTargetOfFewWordsHasTheDefaults() throws {
    let text = #"{"id":"cloud","lane":"history","urls":["http://192.0.2.7:9528/HistoryEvent"],"a_later_field":1}"#
    #expect(try JSONDecoder().decode(ForwardTarget.self, from: Data(text.utf8)) == Self.target())
    let unknown = text.replacingOccurrences(of: "\"a_later_field\":1", with: "\"pictures\":[\"selfie\"]")
    #expect(throws: Swift.DecodingError.self) { try JSONDecoder().decode(ForwardTarget.self, from: Data(unknown.utf8)) }
  }

  private static let refusals: [(String, @Sendable (inout ForwardTarget) -> Void)] = [
    ("id", { $0.id = "" }), ("id", { $0.id = "Cloud" }), ("id", { $0.id = String(repeating: "a", count: 65) }),
    ("name", { $0.name = "a\nb" }),
    ("urls", { $0.urls = [] }), ("urls", { $0.urls += $0.urls }), ("urls[0]", { $0.urls = ["192.0.2.7:9528/x"] }),
    ("urls[0]", { $0.urls = ["ftp://192.0.2.7/x"] }), ("urls[0]", { $0.urls = ["http:///x"] }), ("urls[0]", { $0.urls = ["http://h/a b"] }),
    ("urls[0]", { $0.urls = ["http://h:99999/"] }), ("urls[0]", { $0.urls = ["http://h/#top"] }),
    ("periodSeconds", { $0.periodSeconds = 0 }),
    ("batch", { $0.batch = 101 }), ("batch", { $0.batch = 0 }), ("concurrency", { $0.concurrency = 65 }),
    ("timeoutMilliseconds", { $0.timeoutMilliseconds = 99 }),
    ("headers", { $0.headers = [TargetHeader(name: "Content-Length", value: "1")] }),
    ("headers", { $0.headers = [TargetHeader(name: "X Y", value: "1")] }),
    ("headers", { $0.headers = [TargetHeader(name: "X", value: "***")] }), ("urls[0]", { $0.urls = ["http://u:***@h:80/"] }),
    ("urls[0]", { $0.urls = ["http://h/?a=1&token=***"] }),
    ("headers", { $0.headers = [TargetHeader(name: "X", value: "a\r\nEvil: 1")] }), ("scoreMin", { $0.scoreMin = 82 }),
    ("scoreMin", { $0.scoreMin = .nan }), ("classes", { $0.classes = [] }), ("tls", { $0.tls.keyFile = "/k" }),
    (
      "format",
      {
        $0 = ForwardTarget(id: "s", lane: .status, urls: $0.urls); $0.format = .formData
      }
    ),
  ]

  @Test(arguments: refusals.indices)
  func whatIsWrongIsSaidWithItsField(_ index: Int) {
    let (field, change) = Self.refusals[index]
    do {
      try Self.target(change).validate()
      Issue.record("taken: \(field)")
    } catch {
      #expect(error.field == field && error.message.count > 10)
    }
  }

  @Test func secretsAreNeverShown() {
    let target = Self.target {
      $0.urls = ["https://box:s3cret@cloud.example/in?token=t0ken&plain"]
      $0.headers = [TargetHeader(name: "Authorization", value: "Bearer abc")]
    }
    #expect(target.masked.urls == ["https://box:***@cloud.example:443/in?token=***&plain"])
    #expect(target.masked.headers == [TargetHeader(name: "Authorization", value: "***")])
    var dumped = ""
    dump([target], to: &dumped)
    for text in ["\(target)", "\([target])", dumped, "\(target.headers)", "\(target.masked)"] {
      for secret in ["s3cret", "t0ken", "Bearer"] { #expect(!text.contains(secret)) }
    }
  }

  @Test(
    "Odd queries are masked too",
    arguments: [("?=", "?=***"), ("?a=1&=", "?a=***&=***"), ("?=s", "?=***"), ("?", "?"), ("?&&", "?"), ("?a=b=c", "?a=***")])
  func oddQueries(_ query: String, _ masked: String) {
    #expect(TargetURL.masked("http://h/x\(query)") == "http://h:80/x\(masked)")
  }

  @Test func theURLForTheClientHasNoUser() throws {
    let url = try #require(TargetURL("http://a:b@[::1]:8080/p?q=1"))
    #expect(url.text == "http://[::1]:8080/p?q=1" && url.host == "::1" && url.user == "a" && url.password == "b")
    #expect(TargetURL("https://h")?.text == "https://h:443/")
  }

  @Test func classScoreAndLaneDecideWhatATargetWants() {
    func wants(_ event: FaceEvent, _ change: (inout ForwardTarget) -> Void = { _ in }) -> Bool { Self.target(change).wants(event) }
    var event = FaceEvent(
      id: EventID(high: 1, low: 1), contentDigest: ContentDigest(words: (0, 0, 0, 0)), lane: .history, form: .g1, encoding: .json,
      time: Timestamp(milliseconds: 1), hasOwnTime: true, receivedAt: Timestamp(milliseconds: 1), person: Person(personClass: .vip),
      score: Score(value: 81.9, scale: .percent), box: Box(code: "B", origin: .field), endpoint: Endpoint(), pictures: [],
      originalText: .empty, warnings: [], source: RequestSource(address: "192.0.2.1", path: "/"))
    #expect(wants(event))
    #expect(!wants(event) { $0.scoreMin = 0.82 })
    #expect(wants(event) { $0.scoreMin = 0.81 })
    #expect(!wants(event) { $0.classes = [.employee] })
    event.score = nil
    #expect(wants(event) { $0.scoreMin = 0.82 })
    event.lane = .realtime
    #expect(!wants(event))
  }
}
