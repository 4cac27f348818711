import FaceEvents
import TestSupport
import Testing

@testable import EventReceiver

@Suite("Bodies and their limits, on a socket")
struct BodyLimitTests {
  private static let limit = 10_000

  private func fixture() -> ReceiverFixture {
    ReceiverFixture(settings: {
      $0.bodyBytesMax = Self.limit
      $0.otherBodyBytesMax = 2000
    })
  }

  /// An event of exactly `bytes` bytes.
  private func event(bytes: Int) -> String {
    let bare = eventJSON(1, padding: 1)
    return eventJSON(1, padding: bytes - bare.utf8.count + 1)
  }

  /// `body` in pieces of `size` bytes, as chunked transfer coding has it.
  private func chunked(_ body: String, size: Int, path: String = "/HistoryEvent") -> String {
    let bytes = Array(body.utf8)
    var text = "POST \(path) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = bytes[start..<min(start + size, bytes.count)]
      text += String(piece.count, radix: 16) + "\r\n" + String(decoding: piece, as: UTF8.self) + "\r\n"
    }
    return text + "0\r\n\r\n"
  }

  private func exchange(_ requests: String...) async throws -> (RawConnection.Answer, ReceiverFixture) {
    let fixture = fixture()
    let answer = try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        for request in requests { try await connection.send(request) }
        return try await connection.answer()
      }
    }
    return (answer, fixture)
  }

  @Test("A body of the limit is taken, one byte more is 413", arguments: [(9_999, 200), (10_000, 200), (10_001, 413)])
  func limitsLength(bytes: Int, status: Int) async throws {
    let (answer, fixture) = try await exchange(post("/HistoryEvent", event(bytes: bytes)))
    #expect(answer.status == status)
    #expect(fixture.events.events.count == (status == 200 ? 1 : 0))
    if status == 413 {
      #expect(answer.contains(#""code":41300"#) && answer.contains("10000 bytes") && answer.headers["connection"] == "close")
    }
  }

  @Test(
    "A chunked body of the limit is taken, one byte more is 413",
    arguments: [(9_999, 200, 700), (10_000, 200, 10_000), (10_000, 200, 1), (10_001, 413, 700), (10_001, 413, 10_001), (10_001, 413, 1)])
  func limitsChunked(bytes: Int, status: Int, piece: Int) async throws {
    let (answer, fixture) = try await exchange(chunked(event(bytes: bytes), size: piece))
    #expect(answer.status == status)
    #expect(fixture.events.events.count == (status == 200 ? 1 : 0))
  }

  @Test("Other paths take less", arguments: [(2000, 404), (2001, 413)])
  func limitsOthers(bytes: Int, status: Int) async throws {
    let (answer, _) = try await exchange(post("/elsewhere", String(repeating: "x", count: bytes)))
    #expect(answer.status == status)
  }

  @Test("Compressed bodies are decompressed", arguments: Compression.allCases)
  func inflates(compression: Compression) async throws {
    let fixture = fixture()
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        for (index, bytes) in [300, 9000].enumerated() {
          let json = eventJSON(index, padding: bytes)
          let body = compression.compressed(Array(json.utf8))
          try await connection.send(
            "POST /HistoryEvent HTTP/1.1\r\nContent-Encoding: \(compression.name)\r\nContent-Length: \(body.count)\r\n\r\n")
          try await connection.send(body)
          let answer = try await connection.answer()
          #expect(answer.status == 200)
          #expect(fixture.events.events.last?.originalText.array == Array(json.utf8))
        }
      }
    }
  }

  @Test("The limit holds for what comes out of a compressed body", arguments: [(10_000, 200), (10_001, 413), (3_000_000, 413)])
  func limitsInflated(bytes: Int, status: Int) async throws {
    let body = Compression.gzip.compressed(Array(event(bytes: bytes).utf8))
    let fixture = fixture()
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: body.count, by: 5000) {
          let piece = Array(body[start..<min(start + 5000, body.count)])
          try await connection.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
        }
        try await connection.send("0\r\n\r\n")
        let answer = try await connection.answer()
        #expect(answer.status == status)
      }
    }
    try await eventually { fixture.receiver.admission.bytesInUse == 0 }
  }

  @Test("A compressed body that is damaged or cut is 400 and goes to the quarantine as it came", arguments: [true, false])
  func refusesDamaged(isCut: Bool) async throws {
    var body = Compression.gzip.compressed(Array(eventJSON(1, padding: 500).utf8))
    if isCut { body.removeLast(9) } else { body[20] ^= 0xFF }
    let sent = body
    let fixture = fixture()
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: \(sent.count)\r\n\r\n")
        try await connection.send(sent)
        let answer = try await connection.answer()
        #expect(answer.status == 400 && answer.contains("not valid gzip data"))
        #expect(fixture.quarantine.received.map(\.body.array) == [sent])
      }
    }
  }

  @Test("An encoding that is not known is 415, and the body goes to the quarantine")
  func refusesUnknownEncoding() async throws {
    let (answer, fixture) = try await exchange(post("/HistoryEvent", eventJSON(), headers: ["Content-Encoding: br"]))
    #expect(answer.status == 415 && answer.contains(#""code":41591"#) && answer.contains("CONTENT_TYPE_ERROR"))
    #expect(fixture.quarantine.received.map(\.body.array) == [Array(eventJSON().utf8)])
  }

  // MARK: Expect

  @Test("Who asks first is told to go on, then answered")
  func continues() async throws {
    let fixture = fixture()
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        let body = eventJSON()
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
        let interim = try await connection.answer()
        #expect(interim.status == 100)
        try await connection.send(body)
        let answer = try await connection.answer()
        #expect(answer.status == 200)
      }
    }
  }

  @Test("Who asks first with too much is refused without being told to go on")
  func refusesExpectation() async throws {
    let (answer, _) = try await exchange("POST /HistoryEvent HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 10001\r\n\r\n")
    #expect(answer.status == 413)
  }

  // MARK: After a refusal

  @Test("A sender that writes everything before it reads gets to read why it was refused")
  func letsSendersFinish() async throws {
    let fixture = ReceiverFixture(settings: { $0.bodyBytesMax = 1_000_000 })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 1900000\r\n\r\n")
        for _ in 0..<19 { try await connection.send([UInt8](repeating: 120, count: 100_000)) }
        let answer = try await connection.answer()
        #expect(answer.status == 413)
        connection.finish()
        #expect(await connection.endsQuietly())
      }
    }
  }

  @Test("A sender that goes on for ever is cut off")
  func cutsEndless() async throws {
    let fixture = ReceiverFixture(settings: { $0.bodyBytesMax = 100_000 })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n")
        await #expect(throws: (any Error).self) {
          for _ in 0..<1000 { try await connection.sendNow([UInt8](repeating: 120, count: 100_000)) }
        }
      }
    }
  }
}
