import FaceEvents
import TestSupport
import Testing

@testable import EventReceiver

@Suite("A receiver on a socket")
struct LiveAnswerTests {
  @Test("An event is stored before it is answered, a resend is a duplicate with the same id")
  func storesAndKnows() async throws {
    let fixture = ReceiverFixture()
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send(post("/HistoryEvent", eventJSON()))
        let first = try await connection.answer()
        #expect(first.status == 200)
        let stored = try #require(fixture.events.events.first)
        #expect(first.body.hasPrefix(#"{"status":0,"message":"SUCCESS","data":{"id":"\#(stored.id)","duplicate":false,"warnings":["#))
        try await connection.send(post("/HistoryEvent", eventJSON()))
        let again = try await connection.answer()
        #expect(again.contains(#""id":"\#(stored.id)","duplicate":true"#))
      }
    }
    #expect(fixture.events.events.count == 1)
    #expect(fixture.events.events.first?.source.address == "127.0.0.1")
  }
}
