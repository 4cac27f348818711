import EventCoding
import EventKeeping
import FaceEvents
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import TestSupport
import Testing

@testable import EventReceiver

/// Runs `body` with a client of the receiver's router; the keeper runs, there is no socket.
func withRouter<Value: Sendable>(
  _ fixture: ReceiverFixture, router: Router<ReceiverContext>? = nil,
  _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
) async throws -> Value {
  let application = Application(
    responder: (router ?? fixture.receiver.makeRouter()).buildResponder(), services: [fixture.keeper], logger: fixture.log.logger)
  return try await application.test(.router) { client in
    try await eventually { fixture.keeper.health.phase == .running }
    return try await body(client)
  }
}

extension TestClientProtocol {
  func send(_ uri: String, _ method: HTTPRequest.Method, body: String? = nil) async throws -> TestResponse {
    try await executeRequest(uri: uri, method: method, headers: [:], body: body.map { ByteBuffer(string: $0) })
  }

  func post(_ uri: String, _ body: String, headers: HTTPFields = [:]) async throws -> TestResponse {
    try await executeRequest(uri: uri, method: .post, headers: headers, body: ByteBuffer(string: body))
  }
}

extension TestResponse {
  var text: String { String(buffer: body) }
}

@Suite("The receiver's answers")
struct RouterAnswerTests {
  @Test("Each path stores in its lane; the body decides when it disagrees about status", arguments: RouteTable.builtIn.map(\.path))
  func stores(path: String) async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      let response = try await client.post(path + "/?token=secret", eventJSON(), headers: [.contentType: "application/json"])
      #expect(response.status == .ok)
      #expect(response.headers[.contentType] == "application/json")
      let event = try #require(fixture.events.events.first)
      #expect(event.source.path == path + "/" && event.source.query == "token=secret")
      #expect(response.text.contains(#""id":"\#(event.id)""#))
      if path.hasSuffix("RealTimeEvent") || path.hasSuffix("RelEvent") { #expect(event.lane == .realtime) }
      #expect(fixture.log.lines.allSatisfy { line in !"\(line)".contains("secret") && !"\(line)".contains("Lin Muster") })
    }
  }

  @Test("An array is answered element by element: what is good is stored, what is not is quarantined")
  func answersArrays() async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      let response = try await client.post("/HistoryEvent", "[\(eventJSON(1)),{\"odd\":1},\(eventJSON(2)),\(eventJSON(1))]")
      #expect(response.status.code == 207)
      let ids = fixture.events.events.map(\.id)
      #expect(ids.count == 2 && fixture.quarantine.received.count == 1)
      #expect(fixture.quarantine.received.first?.body.array == Array(#"{"odd":1}"#.utf8))
      let repeated = #"{"status":0,"message":"SUCCESS","id":"\#(ids[0])","duplicate":true"#
      #expect(response.text.contains(repeated))
    }
  }

  struct Refusal: CustomStringConvertible {
    var body: String
    var status: Int
    var code: Int
    var name: String

    var description: String { "\(status) \(name) for \(body.prefix(20))" }
  }

  @Test(
    "What cannot be understood is quarantined and refused with its code",
    arguments: [
      Refusal(body: "", status: 400, code: 40002, name: "EMPTY_REQUEST_JSON"),
      Refusal(body: "{\"a\":", status: 400, code: 40000, name: "BAD_REQUEST"),
      Refusal(body: "{\"odd\":1}", status: 422, code: 40091, name: "PARAM_ERROR"),
    ])
  func refuses(refusal: Refusal) async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      let response = try await client.post("/HistoryEvent", refusal.body, headers: [.contentType: "application/json"])
      #expect(response.status.code == refusal.status)
      #expect(response.text.hasPrefix(#"{"status":\#(refusal.code),"message":""#))
      #expect(response.text.hasSuffix(#""status":"\#(refusal.name)"}}"#))
      let kept = try #require(fixture.quarantine.received.first)
      #expect(kept.body.array == Array(refusal.body.utf8))
      #expect(kept.contentType == "application/json" && kept.source.path == "/HistoryEvent")
      #expect(response.text.contains(kept.reason) || kept.reason.contains("\""))
      #expect(kept.digest == SampleRecords.digest(refusal.body))
    }
  }

  @Test(
    "Every reason of the decoder has its code",
    arguments: [
      (.empty, 400, 40002), (.malformed, 400, 40000), (.notAnEvent, 422, 40091), (.tooMany, 413, 41300), (.missingField, 422, 40091),
      (.badPicture, 422, 40003),
    ] as [(EventCoding.DecodingError.Code, Int, Int)])
  func mapsReasons(reason: EventCoding.DecodingError.Code, status: Int, code: Int) async throws {
    let fixture = ReceiverFixture(decode: { request in
      let body = request.body.share(0..<request.body.count)
      return DecodedRequest(isArray: false, elements: [.failure(.init(code: reason, message: "why", body: body))])
    })
    try await withRouter(fixture) { client in
      let response = try await client.post("/HistoryEvent", "x")
      #expect(response.status.code == status)
      #expect(response.text.hasPrefix(#"{"status":\#(code),"message":"why","#))
    }
  }

  @Test("Where the settings accept what is unreadable, it is answered 200 and quarantined")
  func accepts() async throws {
    let fixture = ReceiverFixture { $0.onUnreadable = .accept }
    try await withRouter(fixture) { client in
      let response = try await client.post("/HistoryEvent", "{\"a\":")
      #expect(response.status == .ok)
      #expect(response.text.hasPrefix(#"{"status":0,"message":"SUCCESS","data":{"quarantined":true,"reason":""#))
      #expect(fixture.quarantine.received.count == 1)
      let array = try await client.post("/HistoryEvent", "[{\"odd\":1},\(eventJSON())]")
      #expect(array.status == .ok)
      #expect(array.text.hasPrefix(#"{"status":0,"message":"SUCCESS","data":[{"status":0,"message":"SUCCESS","quarantined":true"#))
    }
  }

  @Test("When the quarantine cannot keep it, the sender is told to come again", arguments: [true, false])
  func needsTheQuarantine(isFull: Bool) async throws {
    let quarantine = MemoryQuarantineStore(failure: isFull ? .diskFull("x") : .failed("x"))
    let fixture = ReceiverFixture(quarantine: quarantine) { $0.onUnreadable = .accept }
    try await withRouter(fixture) { client in
      let response = try await client.post("/HistoryEvent", "{\"a\":")
      #expect(response.status.code == (isFull ? 507 : 503))
      #expect(response.headers[.retryAfter] == "5")
    }
  }

  @Test(
    "When nothing can be stored, the answer says so and when to come again",
    arguments: [(.diskFull("x"), 507, 400005), (.failed("secret cause"), 503, 50072), (.closed, 503, 50072)] as [(StorageError, Int, Int)])
  func saysWhenFull(error: StorageError, status: Int, code: Int) async throws {
    let fixture = ReceiverFixture(events: MemoryEventStore(beforeAppend: { _ throws(StorageError) in throw error }))
    try await withRouter(fixture) { client in
      for body in [eventJSON(), "[\(eventJSON(1)),\(eventJSON(2))]"] {
        let response = try await client.post("/HistoryEvent", body)
        #expect(response.status.code == status)
        #expect(response.text.hasPrefix(#"{"status":\#(code),"#))
        #expect(response.headers[.retryAfter] == "5")
        #expect(!response.text.contains("secret"))
      }
      // Once for the operator, however many requests fail.
      #expect(fixture.log.lines.filter { $0.level == .error }.count == 1)
    }
  }

  @Test("A status report is answered without an id")
  func takesStatus() async throws {
    let fixture = ReceiverFixture(decode: { _ in
      DecodedRequest(isArray: false, elements: [.success(.status(SampleRecords.status("up")))])
    })
    try await withRouter(fixture) { client in
      let response = try await client.post("/DeviceStatus", "{}")
      #expect(response.text == #"{"status":0,"message":"SUCCESS","data":{"kind":"status","warnings":[]}}"#)
      #expect(fixture.events.reports.count == 1)
    }
  }

  @Test("The id that a reporter sends reaches the decoder, anything else does not", arguments: [true, false])
  func passesIdempotencyKey(isID: Bool) async throws {
    let id = EventID(high: 0x018e_0f3a_2b4c_8123, low: 0x8abc_def0_1234_5678)
    let fixture = ReceiverFixture(decode: { request in
      #expect(request.idempotencyKey == (isID ? id : nil))
      return DecodedRequest(isArray: false, elements: [])
    })
    try await withRouter(fixture) { client in
      _ = try await client.post("/HistoryEvent", "{}", headers: [.idempotencyKey: isID ? id.description : "anything"])
    }
  }

  // MARK: Methods and paths

  @Test("GET says what a path takes, HEAD the same without saying it")
  func helps() async throws {
    try await withRouter(ReceiverFixture()) { client in
      let get = try await client.send("/EventServer/api/HistoryEvent", .get)
      #expect(get.status == .ok && get.headers[.contentType] == "application/json")
      #expect(get.text.contains(#""kind":"history""#) && get.text.contains("http://localhost/EventServer/api/HistoryEvent"))
      let head = try await client.send("/EventServer/api/HistoryEvent", .head)
      #expect(head.status == .ok && head.text.isEmpty)
      #expect(head.headers[.contentLength] == String(get.body.readableBytes))
    }
  }

  @Test("Other methods are refused with the ones that are allowed", arguments: [HTTPRequest.Method.put, .delete, .patch])
  func refusesMethods(method: HTTPRequest.Method) async throws {
    try await withRouter(ReceiverFixture()) { client in
      let response = try await client.send("/HistoryEvent", method, body: "{}")
      #expect(response.status == .methodNotAllowed)
      #expect(response.headers[.allow] == "GET, HEAD, OPTIONS, POST")
      #expect(response.text.contains(#""error":{"code":40000"#))
      let options = try await client.send("/HistoryEvent", .options)
      #expect(options.status == .noContent && options.headers[.allow] == "GET, HEAD, OPTIONS, POST")
    }
  }

  @Test("A path that is nearly right is answered with the right one, and logged")
  func suggestsPaths() async throws {
    let fixture = ReceiverFixture()
    try await withRouter(fixture) { client in
      let near = try await client.post("/historyevent", "{}")
      #expect(near.status == .notFound && near.text.contains("did you mean /HistoryEvent?"))
      #expect(fixture.log.lines.contains { $0.level == .warning && $0.metadata["meant"] == "/HistoryEvent" })
      let far = try await client.send("/favicon.ico", .get)
      #expect(far.status == .notFound && far.text.hasPrefix(#"{"status":40400,"#))
    }
  }

  @Test("Aliases from the settings take events")
  func takesAliases() async throws {
    let fixture = ReceiverFixture { $0.aliases = ["/getRecord": .realtime] }
    try await withRouter(fixture) { client in
      let response = try await client.post("/getRecord/", eventJSON())
      #expect(response.status == .ok)
      #expect(fixture.events.events.first?.lane == .realtime)
    }
  }

  // MARK: Other routes

  struct Unexpected: Error {}

  @Test("An unexpected error is an internal error outside and complete in the log")
  func hidesCauses() async throws {
    let fixture = ReceiverFixture()
    let router = fixture.receiver.makeRouter()
    router.get("/broken") { _, _ -> String in throw Unexpected() }
    router.get("/teapot") { _, _ -> String in throw HTTPError(.conflict, message: "already there") }
    try await withRouter(fixture, router: router) { client in
      let broken = try await client.send("/broken", .get)
      #expect(broken.status == .internalServerError)
      #expect(broken.text.contains(#""message":"internal error""#) && !broken.text.contains("Unexpected"))
      let line = try #require(fixture.log.lines.first { $0.level == .error })
      #expect(line.metadata["cause"]?.contains("Unexpected") == true && line.metadata["route"] == "/broken")
      let known = try await client.send("/teapot", .get)
      #expect(known.status == .conflict && known.text.contains(#""message":"already there""#))
    }
  }
}
