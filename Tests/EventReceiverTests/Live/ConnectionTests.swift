import FaceEvents
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import EventReceiver

@Suite("Connections, on a socket")
struct ConnectionTests {
  private func with<Value: Sendable>(
    _ fixture: ReceiverFixture = ReceiverFixture(), _ body: @Sendable (inout RawConnection) async throws -> Value
  ) async throws -> Value {
    try await withLiveReceiver(fixture) { live in try await RawConnection.with(port: live.port) { try await body(&$0) } }
  }

  @Test("Requests that are sent ahead are answered in order")
  func pipelines() async throws {
    let fixture = ReceiverFixture()
    try await with(fixture) { connection in
      try await connection.send((0..<20).map { post("/HistoryEvent", eventJSON($0)) }.joined())
      for _ in 0..<20 {
        let answer = try await connection.answer()
        #expect(answer.status == 200 && answer.headers["connection"] == nil)
      }
    }
    #expect(fixture.events.events.map(\.person.id) == (0..<20).map { "E-\($0)" })
  }

  @Test("Requests sent ahead in pieces of any size are answered in order", arguments: [1, 2, 7, 64, 1000])
  func pipelinesInPieces(size: Int) async throws {
    let fixture = ReceiverFixture()
    try await with(fixture) { connection in
      let bytes = Array((0..<5).map { post("/HistoryEvent", eventJSON($0, padding: 1500)) }.joined().utf8)
      // One byte at a time is slow: only the seams are.
      for start in stride(from: 0, to: bytes.count, by: size == 1 ? 97 : size) {
        try await connection.send(Array(bytes[start..<min(start + (size == 1 ? 97 : size), bytes.count)]))
      }
      for _ in 0..<5 {
        let answer = try await connection.answer()
        #expect(answer.status == 200)
      }
    }
    #expect(fixture.events.events.map(\.person.id) == (0..<5).map { "E-\($0)" })
  }

  @Test("Who has sent everything and shuts its side down still gets its answers")
  func answersHalfClosed() async throws {
    try await with { connection in
      try await connection.send(post("/HistoryEvent", eventJSON(1)) + post("/HistoryEvent", eventJSON(2)))
      connection.finish()
      for _ in 0..<2 {
        let answer = try await connection.answer()
        #expect(answer.status == 200)
      }
      #expect(await connection.endsQuietly())
    }
  }

  @Test("A body that breaks off is incomplete, and nothing of it is stored")
  func refusesIncomplete() async throws {
    let fixture = ReceiverFixture()
    try await with(fixture) { connection in
      try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"identity_id\":\"E-1\"}")
      connection.finish()
      let answer = try await connection.answer()
      #expect(answer.status == 400 && answer.contains("before the body was complete"))
    }
    #expect(fixture.events.events.isEmpty)
  }

  @Test(
    "What is not HTTP is 400 and the connection ends",
    arguments: [
      "GARBAGE\r\n\r\n", "POST /HistoryEvent HTTP/1.1\r\nContent-Length: ten\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
      "POST /HistoryEvent HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST /HistoryEvent HTTP/1.1\r\nBad Header: x\r\n\r\n",
      "POST /HistoryEvent HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
    ])
  func rejectsGarbage(text: String) async throws {
    try await with { connection in
      try await connection.send(text)
      let answer = try await connection.answer()
      #expect(answer.status == 400 && answer.headers["connection"] == "close")
      #expect(answer.body.hasPrefix(#"{"status":40000,"message":"#))
      connection.finish()
      #expect(await connection.endsQuietly())
    }
  }

  @Test("A chunked body that is not is refused")
  func rejectsBadChunks() async throws {
    try await with { connection in
      try await connection.send("POST /HistoryEvent HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc")
      let answer = try await connection.answer()
      #expect(answer.status == 400)
    }
  }

  @Test("Garbage behind a good request does not cost the good one its answer")
  func answersBeforeGarbage() async throws {
    try await with { connection in
      try await connection.send(post("/HistoryEvent", eventJSON()) + "GARBAGE\r\n\r\n")
      let good = try await connection.answer()
      let bad = try await connection.answer()
      #expect(good.status == 200 && bad.status == 400)
      connection.finish()
      #expect(await connection.endsQuietly())
    }
  }

  @Test("The number of header fields is bounded", arguments: [(255, 200), (256, 200), (257, 431), (10_000, 431)])
  func boundsHeaderCount(count: Int, status: Int) async throws {
    try await with { connection in
      // One of them is the content length.
      let fields = (1..<count).map { "X-\($0): 1" }.joined(separator: "\r\n")
      let body = eventJSON()
      try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\r\n\(body)")
      let answer = try await connection.answer()
      #expect(answer.status == status)
    }
  }

  @Test("The size of the header is bounded", arguments: [(60_000, 200), (66_000, 431), (5_000_000, 431)])
  func boundsHeaderSize(bytes: Int, status: Int) async throws {
    try await with { connection in
      let body = eventJSON()
      try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\nX-Long: ")
      try await connection.send([UInt8](repeating: 120, count: bytes))
      try await connection.send("\r\n\r\n\(body)")
      let answer = try await connection.answer()
      #expect(answer.status == status)
    }
  }

  @Test("The connection ends after the answer when the sender says so or speaks HTTP/1.0", arguments: ["1.1", "1.0"])
  func closesOnRequest(version: String) async throws {
    try await with { connection in
      let body = eventJSON()
      let field = version == "1.1" ? "Connection: Close\r\n" : ""
      try await connection.send("POST /HistoryEvent HTTP/\(version)\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      let answer = try await connection.answer()
      #expect(answer.status == 200 && answer.headers["connection"] == "close")
      #expect(await connection.endsQuietly())
    }
  }

  @Test("HTTP/1.0 with keep-alive goes on")
  func keepsOldAlive() async throws {
    try await with { connection in
      for number in 0..<2 {
        let body = eventJSON(number)
        try await connection.send(
          "POST /HistoryEvent HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = try await connection.answer()
        #expect(answer.status == 200 && answer.headers["connection"] == "keep-alive")
      }
    }
  }

  @Test("A request that asks for another protocol is served in this one, and the connection ends")
  func declinesUpgrade() async throws {
    let fixture = ReceiverFixture()
    try await with(fixture) { connection in
      let fields = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk"]
      try await connection.send(post("/HistoryEvent", eventJSON(), headers: fields))
      let answer = try await connection.answer()
      #expect(answer.status == 200 && answer.headers["connection"] == "close")
      #expect(await connection.endsQuietly())
    }
    #expect(fixture.events.events.count == 1)
  }

  @Test("Far too much sent ahead ends the connection after the answer")
  func boundsAhead() async throws {
    let gate = Gate()
    let fixture = ReceiverFixture(events: MemoryEventStore(beforeAppend: { _ in await gate.pass() }))
    try await with(fixture) { connection in
      try await connection.send(post("/HistoryEvent", eventJSON(1)))
      await gate.arrivals(1)
      try await connection.send((0..<2000).map { post("/HistoryEvent", eventJSON($0)) }.joined())
      connection.finish()
      gate.open()
      let answer = try await connection.answer()
      #expect(answer.status == 200)
    }
  }

  @Test("Bodies of other routes reach them whole")
  func passesBodies() async throws {
    let fixture = ReceiverFixture()
    let router = fixture.receiver.makeRouter()
    router.post("/echo") { request, _ in String(buffer: try await request.body.collect(upTo: 100_000)) }
    try await withLiveReceiver(fixture, router: router) { live in
      try await RawConnection.with(port: live.port) { connection in
        for text in ["short", String(repeating: "long ", count: 10_000), ""] {
          try await connection.send(post("/echo", text))
          let answer = try await connection.answer()
          #expect(answer.status == 200 && answer.body == text)
        }
      }
      try await eventually { fixture.receiver.admission.bytesInUse == 0 }
    }
  }

  @Test("More connections than the limit wait until one ends")
  func boundsConnections() async throws {
    let fixture = ReceiverFixture(settings: { $0.connectionsMax = 2 })
    try await withLiveReceiver(fixture) { live in
      let connected = Gate(isOpen: true)
      let bothIn = Gate()
      async let third = {
        await bothIn.pass()
        return try await RawConnection.with(port: live.port) { connection in
          try await connection.send(post("/HistoryEvent", eventJSON(3)))
          await connected.pass()
          return try await connection.answer().status
        }
      }()
      try await RawConnection.with(port: live.port) { first in
        try await RawConnection.with(port: live.port) { second in
          try await eventually { fixture.metrics.current.connectionsOpen == 2 }
          bothIn.open()
          await connected.arrivals(1)
          // Many rounds on the two that are in, while the third has sent its request.
          for number in 10..<40 {
            try await first.send(post("/HistoryEvent", eventJSON(number)))
            try await second.send(post("/HistoryEvent", eventJSON(100 + number)))
            let answers = (try await first.answer(), try await second.answer())
            #expect(answers.0.status == 200 && answers.1.status == 200)
          }
          #expect(fixture.metrics.current.connectionsOpen == 2)
          #expect(!fixture.events.events.contains { $0.person.id == "E-3" })
        }
      }
      #expect(try await third == 200)
    }
  }
}
