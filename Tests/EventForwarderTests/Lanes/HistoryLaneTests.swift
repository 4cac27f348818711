import EventForwarder
import FaceEvents
import Synchronization
import TestSupport
import Testing

@Suite struct HistoryLaneTests {
  private func target(_ id: String, _ server: FakeTarget) -> ForwardTarget { ForwardTarget(id: id, lane: .history, urls: [server.url]) }

  @Test("Every event arrives, oldest first, whole, under its id, with the headers that were asked for")
  func everything() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    let events = try await fixture.keep(0..<30)
    var target = target("cloud", server)
    target.concurrency = 1
    target.urls = ["http://box:s3cret@127.0.0.1:\(server.port)/HistoryEvent?site=7"]
    target.headers = [TargetHeader(name: "X-Site", value: "north")]
    try await fixture.forwarder.save(target, start: .beginning)
    let more = try await fixture.running {
      try await eventually { server.requests.count == 30 }
      let more = try await fixture.keep(30..<35)
      try await eventually { server.requests.count == 35 }
      return more
    }
    #expect(server.requests.map(\.key) == (events + more).map(\.id.description))
    let first = try #require(server.requests.first)
    let picture = SamplePictures.picture(0, byteCount: 300).bytes.array
    #expect(first.text.hasPrefix(#"{"identity_id":"E-0","timestamp""#) && first.body.count > 300 + picture.count / 3)
    #expect(first.path == "/HistoryEvent?site=7")
    #expect(first.header("User-Agent") == "fogcatcher/0.0.1" && first.header("X-Site") == "north")
    #expect(first.header("Authorization") == "Basic Ym94OnMzY3JldA==")
    #expect(first.header("Content-Type") == "application/json")
    #expect(first.header("Content-Length") == "\(first.body.count)")
    #expect(try await fixture.targets.cursors() == ["cloud": 35])
    await server.stop()
  }

  @Test("A target is delivered to, however many came and went before it")
  func comingAndGoing() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    try await fixture.keep(0..<1)
    try await fixture.running {
      for round in 1...40 {
        try await fixture.forwarder.save(target("cloud-\(round)", server), start: .beginning)
        try await eventually { server.requests.count == round }
        try await fixture.forwarder.removeTarget("cloud-\(round)")
      }
    }
    await server.stop()
  }

  @Test("A new target begins with what comes next")
  func fromTheEnd() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    try await fixture.keep(0..<5)
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      let events = try await fixture.keep(5..<8)
      try await eventually { server.requests.count == 3 }
      #expect(Set(server.requests.map(\.key)) == Set(events.map(\.id.description)))
    }
    await server.stop()
  }

  @Test("One event in ten is refused: it is parked with what the target said, the others arrive, and replaying delivers it")
  func poison() async throws {
    let server = try await FakeTarget { request, _ in
      request.text.contains("3\",\"timestamp") ? .status(400, body: "no such person") : .status(201)
    }
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<40)
      try await eventually { try await fixture.targets.parkedCounts() == ["cloud": 4] }
      try await eventually { try await fixture.backlog("cloud")?.forwarded == 36 }
      let parked = try await fixture.forwarder.parked(target: nil, after: 0, limit: 10)
      #expect(parked.map(\.sequence) == [4, 14, 24, 34])
      #expect(parked.allSatisfy { $0.httpStatus == 400 && $0.excerpt == "no such person" && $0.attempts == 1 && $0.eventID != nil })
      // Asked for again too early, it stays parked.
      #expect(try await fixture.forwarder.replayParked(target: "cloud", sequences: [4]) == 1)
      try await eventually { server.requests.count == 41 }
      try await eventually { try await !fixture.forwarder.parked(target: "cloud", after: 0, limit: 1)[0].isReplaying }
      server.say { _, _ in .status(200) }
      #expect(try await fixture.forwarder.dropParked(target: "cloud", sequences: [34]) == 1)
      #expect(try await fixture.forwarder.replayParked(target: "cloud", sequences: nil) == 3)
      try await eventually { try await fixture.targets.parkedCounts().isEmpty }
      #expect(server.requests.count == 44)
      #expect(try await fixture.backlog("cloud")?.waitingEvents == 0)
    }
    await server.stop()
  }

  @Test("A dead target and one that never answers delay nobody else")
  func independence() async throws {
    let (good, hanging) = (try await FakeTarget(), try await FakeTarget { _, _ in .nothing })
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("good", good), start: .end)
    try await fixture.forwarder.save(target("hanging", hanging), start: .end)
    try await fixture.forwarder.save(ForwardTarget(id: "dead", lane: .history, urls: ["http://127.0.0.1:1/x"]), start: .end)
    try await fixture.forwarder.save(ForwardTarget(id: "nowhere", lane: .history, urls: ["http://no-such-host.invalid/x"]), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<50)
      try await eventually { good.requests.count == 50 }
      try await eventually { hanging.requests.count == 24 }
      try await eventually { try await fixture.backlog("dead")?.phase == .backingOff }
      #expect(try await fixture.backlog("dead")?.waitingEvents == 50)
      #expect(try await fixture.backlog("hanging")?.inFlight == 24)
    }
    for server in [good, hanging] { await server.stop() }
  }

  @Test("A target that answers 401 is paused with its reason, gets nothing, and goes on where it was when it is resumed")
  func pause() async throws {
    let server = try await FakeTarget { _, _ in .status(401) }
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<5)
      try await eventually { try await fixture.forwarder.targets()[0].pause?.isAutomatic == true }
      #expect(try await fixture.backlog("cloud")?.phase == .paused)
      try await eventually { try await fixture.backlog("cloud")?.inFlight == 0 }
      #expect(try await fixture.targets.parkedCounts().isEmpty)
      let before = server.requests.count
      server.say { _, _ in .status(200) }
      try await fixture.keep(5..<10)
      #expect(server.requests.count == before)
      try await fixture.forwarder.resumeTarget("cloud")
      try await eventually { Set(server.requests.dropFirst(before).compactMap(\.key)).count == 10 }
    }
    await server.stop()
  }

  @Test("Answers that may pass are tried again until they do", arguments: [500, 503, 429, 408])
  func passing(_ status: Int) async throws {
    let server = try await FakeTarget { _, number in number < 2 ? .status(status, headers: [("Retry-After", "0")]) : .status(200) }
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<3)
      try await eventually { try await fixture.backlog("cloud")?.forwarded == 3 }
    }
    #expect(try await fixture.targets.parkedCounts().isEmpty)
    await server.stop()
  }

  @Test("A wall clock that is set back an hour, or forward a year, stalls nothing", arguments: [-3_600_000, 31_536_000_000] as [Int64])
  func clockStep(_ step: Int64) async throws {
    let wall = Mutex<Int64>(SampleRecords.start)
    let server = try await FakeTarget { _, number in
      guard number == 0 else { return .status(200) }
      wall.withLock { $0 += step }
      return .status(503, headers: [("Retry-After", "1")])
    }
    let clock = ForwarderClock(
      monotonic: ForwarderClock.system.monotonic, wall: { Timestamp(milliseconds: wall.withLock { $0 }) })
    let fixture = ForwarderFixture(clock: clock)
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<3)
      try await eventually { try await fixture.backlog("cloud")?.forwarded == 3 }
    }
    await server.stop()
  }

  @Test("A connection that closes without an answer is no acceptance")
  func closing() async throws {
    let server = try await FakeTarget { _, number in number == 0 ? .close : .status(200) }
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<1)
      try await eventually { try await fixture.backlog("cloud")?.forwarded == 1 }
    }
    #expect(server.requests.count == 2 && Set(server.requests.map(\.key)).count == 1)
    await server.stop()
  }

  @Test("A picture that is damaged here parks its event, and no other bytes go out for it")
  func damaged() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    try await fixture.keep(0..<1)
    var event = SampleRecords.event("damaged", pictures: [SampleRecords.picture("gone", .scene, byteCount: 2_000_000)])
    event.originalText = SharedBytes(Array(#"{"spot_pic":""}"#.utf8))
    event.pictures[0].cut = PictureCut(offset: 13, text: .canonical)
    _ = try await fixture.events.append([.event(event, locations: [PictureLocation(volume: 9, offset: 9)])])
    try await fixture.keep(2..<3)
    try await fixture.forwarder.save(target("cloud", server), start: .beginning)
    try await fixture.running {
      try await eventually { try await fixture.targets.parkedCounts() == ["cloud": 1] }
      try await eventually { try await fixture.backlog("cloud")?.forwarded == 2 }
    }
    let parked = try await fixture.forwarder.parked(target: "cloud", after: 0, limit: 10)
    #expect(parked[0].httpStatus == nil && parked[0].reason.contains("damaged"))
    #expect(!server.requests.contains { $0.key == event.id.description })
    await server.stop()
  }

  @Test("A target that is started over gets everything again; a removed one nothing more")
  func restart() async throws {
    let server = try await FakeTarget()
    let fixture = ForwarderFixture()
    try await fixture.forwarder.save(target("cloud", server), start: .end)
    try await fixture.running {
      try await fixture.keep(0..<5)
      try await eventually { server.requests.count == 5 }
      try await fixture.forwarder.restartTarget("cloud", at: .after(2))
      try await eventually { server.requests.count == 8 }
      try await fixture.forwarder.removeTarget("cloud")
      try await fixture.keep(5..<8)
      await #expect(throws: ForwardingError.noSuchTarget("cloud")) { try await fixture.forwarder.resumeTarget("cloud") }
      #expect(try await fixture.forwarder.targets().isEmpty)
    }
    #expect(server.requests.count == 8)
    await server.stop()
  }
}
