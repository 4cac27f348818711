import FaceEvents
import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import EventReceiver

@Suite("Readers of long answers, on a socket")
struct SlowReaderTests {
  /// A router with an answer that has no end. The gate is passed when its writer has been told that nobody reads it.
  private func router(_ fixture: ReceiverFixture, ended: Gate, begun: Gate) -> Router<ReceiverContext> {
    let router = fixture.receiver.makeRouter()
    router.get("/long") { request, _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          do {
            try await request.body.consumeWithCancellationOnInboundClose { _ in
              await begun.pass()
              while true { try await writer.write(ByteBuffer(repeating: 120, count: 64 << 10)) }
            }
          } catch {
            await ended.pass()
            throw error
          }
        })
    }
    return router
  }

  @Test("Who reads nothing of an answer for too long is cut off, and its writer hears of it", .timeLimit(.minutes(1)))
  func stalled() async throws {
    let fixture = ReceiverFixture(settings: { $0.answerStallTimeout = .milliseconds(300) })
    let (ended, begun) = (Gate(isOpen: true), Gate(isOpen: true))
    try await withLiveReceiver(fixture, router: router(fixture, ended: ended, begun: begun)) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await ended.arrivals(1)
      }
    }
  }

  @Test("Who has closed its side ends the answer", .timeLimit(.minutes(1)))
  func halfClosed() async throws {
    let fixture = ReceiverFixture()
    let (ended, begun) = (Gate(isOpen: true), Gate(isOpen: true))
    try await withLiveReceiver(fixture, router: router(fixture, ended: ended, begun: begun)) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await begun.arrivals(1)
        connection.finish()
        await ended.arrivals(1)
      }
    }
  }
}
