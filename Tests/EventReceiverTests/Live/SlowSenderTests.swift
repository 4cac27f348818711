import EventKeeping
import FaceEvents
import NIOCore
import TestSupport
import Testing

@testable import EventReceiver

@Suite("Slow senders and memory, on a socket", .serialized)
struct SlowSenderTests {
  @Test("A header that stays incomplete is 408")
  func timesHeader() async throws {
    let fixture = ReceiverFixture(settings: { $0.headerReadTimeout = .seconds(2) })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send(post("/HistoryEvent", eventJSON()))
        let first = try await connection.answer()
        #expect(first.status == 200)
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nHost: ")
        let answer = try await connection.answer()
        #expect(answer.status == 408 && answer.headers["connection"] == "close")
      }
    }
    #expect(fixture.metrics.current.refused[RefusalReason.timeout.rawValue] == 1)
  }

  @Test("Who connects and says nothing is dropped without a word")
  func dropsSilent() async throws {
    let fixture = ReceiverFixture(settings: { $0.headerReadTimeout = .milliseconds(200) })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { #expect(await $0.endsQuietly()) }
    }
  }

  @Test("A body that stays incomplete is 408, and its memory is free again")
  func timesBody() async throws {
    let fixture = ReceiverFixture(settings: { $0.bodyStallTimeout = .milliseconds(200) })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")
        try await connection.send([UInt8](repeating: 120, count: 5000))
        let answer = try await connection.answer()
        #expect(answer.status == 408 && answer.contains("stopped coming"))
        try await eventually { fixture.receiver.admission.bytesInUse == 0 }
      }
    }
  }

  @Test("An idle connection is closed without a word")
  func timesIdle() async throws {
    let fixture = ReceiverFixture(settings: { $0.keepAliveIdleTimeout = .milliseconds(200) })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send(post("/HistoryEvent", eventJSON()))
        let answer = try await connection.answer()
        #expect(answer.status == 200)
        #expect(await connection.endsQuietly())
      }
    }
  }

  /// Memory for one large body; a slow sender has it.
  private func crowded(_ change: (inout ReceiverSettings) -> Void = { _ in }) -> ReceiverFixture {
    ReceiverFixture(settings: {
      $0.bodyBytesMax = 1_000_000
      $0.bodiesInFlightBytesMax = 1_000_000
      change(&$0)
    })
  }

  private static let large = eventJSON(7, padding: 900_000)

  /// Runs `body` while another connection holds the memory of a large body.
  private func whileHeld(_ live: LiveReceiver, _ body: @Sendable (inout RawConnection) async throws -> Void) async throws {
    try await RawConnection.with(port: live.port) { holder in
      try await holder.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: \(Self.large.utf8.count)\r\n\r\n")
      try await holder.send(Array(Self.large.utf8.prefix(200_000)))
      try await eventually { live.fixture.receiver.admission.bytesInUse > 0 }
      try await body(&holder)
    }
  }

  @Test("A body for which there is no memory waits unread, and is taken when there is")
  func waits() async throws {
    let fixture = crowded()
    try await withLiveReceiver(fixture) { live in
      try await whileHeld(live) { holder in
        async let other = RawConnection.with(port: live.port) { connection in
          try await connection.send(post("/HistoryEvent", eventJSON(8, padding: 600_000)))
          return try await connection.answer().status
        }
        try await eventually { fixture.receiver.admission.waitingCount > 0 }
        #expect(fixture.events.events.isEmpty)
        try await holder.send(Array(Self.large.utf8.dropFirst(200_000)))
        let answer = try await holder.answer()
        #expect(answer.status == 200)
        #expect(try await other == 200)
      }
      // Given back with the last reference to the body, which may outlive the answer by a moment.
      try await eventually { fixture.receiver.admission.bytesInUse == 0 }
    }
  }

  @Test("Who waits too long is told to come again later")
  func refusesOverload() async throws {
    let fixture = crowded { $0.admissionWaitMax = .milliseconds(200) }
    try await withLiveReceiver(fixture) { live in
      try await whileHeld(live) { _ in
        try await RawConnection.with(port: live.port) { connection in
          try await connection.send(post("/HistoryEvent", eventJSON(8, padding: 600_000)))
          let answer = try await connection.answer()
          #expect(answer.status == 503 && answer.headers["retry-after"] == "5" && answer.contains(#""code":50072"#))
        }
      }
    }
    #expect(fixture.metrics.current.refused[RefusalReason.overloaded.rawValue] == 1)
  }

  @Test("Small events pass by, whoever waits for a large one")
  func servesSmallOnes() async throws {
    let fixture = crowded { $0.bodiesInFlightBytesMax = 4_000_000 }
    try await withLiveReceiver(fixture) { live in
      try await whileHeld(live) { _ in
        try await RawConnection.with(port: live.port) { connection in
          for number in 0..<10 {
            try await connection.send(post("/HistoryEvent", eventJSON(number, padding: 50_000)))
            let answer = try await connection.answer()
            #expect(answer.status == 200)
          }
        }
      }
    }
  }

  @Test("A slow sender is cut off when others wait for its memory")
  func cutsSlowOnes() async throws {
    let fixture = crowded {
      $0.bodyStallTimeout = .milliseconds(1200)
      $0.bodyBytesPerSecondMin = 10_000_000
    }
    try await withLiveReceiver(fixture) { live in
      try await whileHeld(live) { holder in
        async let other = RawConnection.with(port: live.port) { connection in
          try await connection.send(post("/HistoryEvent", eventJSON(8, padding: 600_000)))
          return try await connection.answer().status
        }
        let answer = try await holder.answer()
        #expect(answer.status == 408)
        #expect(try await other == 200)
      }
    }
  }

  @Test("Many senders of a first byte hold no memory, good traffic beside them is served")
  func survivesTrickle() async throws {
    let fixture = crowded()
    try await withLiveReceiver(fixture) { live in
      try await withThrowingTaskGroup(of: Void.self) { group in
        let gate = Gate()
        for _ in 0..<100 {
          group.addTask {
            try await RawConnection.with(port: live.port) { connection in
              try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 900000\r\n\r\n{")
              await gate.pass()
            }
          }
        }
        await gate.arrivals(100)
        #expect(fixture.receiver.admission.bytesInUse == 0)
        try await RawConnection.with(port: live.port) { connection in
          try await connection.send(post("/HistoryEvent", Self.large))
          let answer = try await connection.answer()
          #expect(answer.status == 200)
        }
        gate.open()
        try await group.waitForAll()
      }
    }
  }

  @Test("More senders than there is memory for are all served in the end")
  func servesCrowds() async throws {
    let fixture = crowded()
    try await withLiveReceiver(fixture) { live in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<40 {
          group.addTask {
            try await RawConnection.with(port: live.port) { connection in
              try await connection.send(post("/HistoryEvent", eventJSON(number, padding: 400_000)))
              return try await connection.answer().status
            }
          }
        }
        for try await status in group { #expect(status == 200) }
      }
      #expect(fixture.events.events.count == 40)
      try await eventually { fixture.receiver.admission.bytesInUse == 0 }
    }
  }

  // MARK: Stopping

  @Test("Stopping answers what is complete, and sends away what waits")
  func stopsGracefully() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    let fixture = ReceiverFixture(events: events)
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send(post("/HistoryEvent", eventJSON()))
        await gate.arrivals(1)
        await live.stop()
        gate.open()
        let answer = try await connection.answer()
        #expect(answer.status == 200)
        #expect(await connection.endsQuietly())
      }
    }
    #expect(fixture.events.events.count == 1)
  }

  @Test("Stopping gives a body that is on its way a last chance")
  func stopsWithinTime() async throws {
    let fixture = ReceiverFixture(settings: { $0.shutdownBodyTimeout = .milliseconds(200) })
    try await withLiveReceiver(fixture) { live in
      try await RawConnection.with(port: live.port) { connection in
        try await connection.send("POST /HistoryEvent HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")
        try await connection.send([UInt8](repeating: 120, count: 5000))
        try await eventually { fixture.receiver.admission.bytesInUse > 0 }
        await live.stop()
        let answer = try await connection.answer()
        #expect(answer.status == 503 && answer.contains("stopping"))
      }
    }
  }
}
