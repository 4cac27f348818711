import EventKeeping
import FaceEvents
import Synchronization
import TestSupport
import Testing

@Suite("The group commit")
struct EventKeeperTests {
  @Test("An event is stored with its pictures in their places")
  func stores() async throws {
    try await withKeeper { fixture in
      let results = await fixture.keeper.keep([item("1", [.reference: "r", .scene: "s"])])
      #expect(results.map { $0.receipt?.isDuplicate } == [false])
      let stored = try #require(fixture.events.events.first)
      let locations = try #require(fixture.events.locations[stored.id])
      for (picture, location) in zip(stored.pictures, locations) {
        let bytes = try await fixture.pictures.picture(at: location, digest: picture.digest)
        #expect(bytes.count == picture.byteCount)
      }
    }
  }

  @Test("Nothing to keep is kept at once")
  func takesNothing() async throws {
    try await withKeeper { #expect(await $0.keeper.keep([]).isEmpty) }
  }

  @Test("A resend is a duplicate with the same receipt and writes no picture")
  func knowsResends() async throws {
    try await withKeeper { fixture in
      let first = await fixture.keeper.keep([item("1", [.scene: "s"])])
      let again = await fixture.keeper.keep([item("1", [.scene: "s"])])
      #expect(again[0].receipt?.isDuplicate == true)
      #expect(again[0].receipt?.sequence == first[0].receipt?.sequence)
      #expect(again[0].receipt?.id == first[0].receipt?.id)
      #expect(fixture.pictures.written.count == 1 && fixture.events.events.count == 1)
    }
  }

  @Test("The same event twice in a batch is stored once and answered twice")
  func knowsRepeatsInABatch() async throws {
    try await withKeeper { fixture in
      let results = await fixture.keeper.keep([item("1", [.scene: "s"]), item("2"), item("1", [.scene: "s"])])
      #expect(results.map { $0.receipt?.isDuplicate } == [false, false, true])
      #expect(results[2].receipt?.sequence == results[0].receipt?.sequence)
      #expect(fixture.events.commits == [2] && fixture.pictures.written.count == 1)
    }
  }

  @Test("The same event on both lanes is stored twice")
  func keepsLanesApart() async throws {
    try await withKeeper { fixture in
      let results = await fixture.keeper.keep([item("1", lane: .history), item("1", lane: .realtime)])
      #expect(results.map { $0.receipt?.isDuplicate } == [false, false])
      #expect(results[0].receipt?.id != results[1].receipt?.id)
      #expect(fixture.events.events.map(\.lane) == [.history, .realtime])
    }
  }

  @Test("A reference picture that many events share is written once, within a batch and after it")
  func sharesReferencePictures() async throws {
    try await withKeeper { fixture in
      _ = await fixture.keeper.keep((0..<5).map { item("\($0)", [.reference: "same", .scene: "scene \($0)"]) })
      _ = await fixture.keeper.keep([item("later", [.reference: "same"])])
      #expect(fixture.pictures.written.filter { $0.role == .reference }.count == 1)
      #expect(fixture.pictures.written.filter { $0.role == .scene }.count == 5)
      let places = Set(fixture.events.locations.values.compactMap(\.first))
      #expect(places.count == 1)
    }
  }

  @Test("Scene pictures are not shared, even when they are equal")
  func doesNotShareScenes() async throws {
    try await withKeeper { fixture in
      _ = await fixture.keeper.keep([item("1", [.scene: "same"]), item("2", [.scene: "same"])])
      #expect(fixture.pictures.written.count == 2)
    }
  }

  @Test("A different event with an id that is taken is stored under a following id")
  func movesCollisions() async throws {
    try await withKeeper { fixture in
      guard case .event(let event, _) = item("1") else { return }
      var other = event
      other.contentDigest = SampleRecords.digest("another")
      let results = await fixture.keeper.keep([.event(event, pictures: []), .event(other, pictures: [])])
      #expect(results.map { $0.receipt?.isDuplicate } == [false, false])
      #expect(results[0].receipt?.id == event.id && results[1].receipt?.id != event.id)
      #expect(fixture.events.events.count == 2)
    }
  }

  @Test("Status reports and events of one call keep their order")
  func mixesStatusReports() async throws {
    try await withKeeper { fixture in
      let results = await fixture.keeper.keep([.status(SampleRecords.status("a")), item("1"), .status(SampleRecords.status("b"))])
      #expect(results.map { $0.receipt?.id == nil } == [true, false, true])
      #expect(fixture.events.reports.count == 2)
    }
  }

  @Test("Many callers at once each get their own answers, and everything is there exactly once")
  func conservesUnderConcurrency() async throws {
    var settings = KeeperSettings()
    settings.batchItemsMax = 17
    let batches = Mutex<[BatchFigures]>([])
    let observer = KeepObserver(onBatch: { figures in batches.withLock { $0.append(figures) } })
    try await withKeeper(settings: settings, observer: observer) { fixture in
      let ids = await withTaskGroup(of: [EventID?].self) { group in
        for caller in 0..<50 {
          group.addTask {
            let items = (0..<(caller % 7 + 1)).map { item("\(caller)-\($0)", [.scene: "s"]) }
            let expected = items.map { if case .event(let event, _) = $0 { event.id } else { nil as EventID? } }
            let results = await fixture.keeper.keep(items)
            #expect(results.map { $0.receipt?.id } == expected)
            return expected
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      #expect(Set(ids.compactMap { $0 }) == Set(fixture.events.events.map(\.id)))
      #expect(fixture.events.events.count == ids.count)
      #expect(fixture.events.commits.allSatisfy { $0 <= 17 })
      #expect(batches.withLock { $0.reduce(0) { $0 + $1.items } } == ids.count)
    }
  }

  @Test("While one batch commits, the next gathers")
  func gathersWhileCommitting() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    try await withKeeper(events: events) { fixture in
      async let first = fixture.keeper.keep([item("first")])
      await gate.arrivals(1)
      async let others = withTaskGroup(of: Void.self) { group in
        for index in 0..<20 { group.addTask { _ = await fixture.keeper.keep([item("\(index)")]) } }
      }
      try await eventually { fixture.keeper.health.queuedItems >= 20 }
      gate.open()
      _ = await (first, others)
      #expect(events.commits == [1, 20])
    }
  }

  @Test("While the rows of one batch commit, the pictures of the next are written")
  func writesPicturesAhead() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    try await withKeeper(events: events, settings: .writingAhead) { fixture in
      async let first = fixture.keeper.keep([item("first", [.scene: "a"])])
      await gate.arrivals(1)
      async let second = fixture.keeper.keep([item("second", [.scene: "b"])])
      let isAhead: Void? = try? await eventually { fixture.pictures.written.count == 2 }
      #expect(isAhead != nil && events.events.isEmpty)
      gate.open()
      #expect(await (first + second).map { $0.receipt?.isDuplicate } == [false, false])
      #expect(events.commits == [1, 1])
    }
  }

  @Test("Pictures that are too few for a wait of their own gather while rows commit; enough of them do not")
  func gathersFewPictures() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    var settings = KeeperSettings()
    settings.gatheredBytesMin = 1 << 20
    settings.aheadOfRowsMax = 0
    try await withKeeper(events: events, settings: settings) { fixture in
      async let first = fixture.keeper.keep([item("first", [.scene: "a"])])
      await gate.arrivals(1)
      async let second = fixture.keeper.keep([item("second", [.scene: "b"])])
      // What does not come in time is let go all the same, so that the test fails and does not hang.
      let hasGathered: Void? = try? await eventually { fixture.keeper.health.queuedItems == 1 }
      async let third = fixture.keeper.keep([item("third", [.scene: "c"], byteCount: 1 << 20)])
      let isAhead: Void? = try? await eventually { fixture.pictures.written.count == 3 }
      #expect(hasGathered != nil && isAhead != nil && events.events.isEmpty)
      gate.open()
      #expect(await (first + second + third).map { $0.receipt?.isDuplicate } == [false, false, false])
      #expect(events.commits == [1, 2])
    }
  }

  @Test("Few pictures do not wait for few rows, but gather while more commit", arguments: [(rows: 2, isAhead: true), (3, false)])
  func writesFewPicturesAheadOfFewRows(rows: Int, isAhead: Bool) async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    var settings = KeeperSettings()
    settings.aheadOfRowsMax = 2
    try await withKeeper(events: events, settings: settings) { fixture in
      async let first = fixture.keeper.keep((0..<rows).map { item("\($0)", [.scene: "\($0)"]) })
      await gate.arrivals(1)
      async let second = fixture.keeper.keep([item("second", [.scene: "a"])])
      let isPlaced: Void? = try? await eventually {
        isAhead ? fixture.pictures.written.count == rows + 1 : fixture.keeper.health.queuedItems == 1
      }
      async let third = fixture.keeper.keep([item("third", [.scene: "b"])])
      let isGathered: Void? = try? await eventually { fixture.keeper.health.queuedItems == (isAhead ? 1 : 2) }
      #expect(isPlaced != nil && isGathered != nil && fixture.pictures.written.count == (isAhead ? rows + 1 : rows))
      gate.open()
      #expect(await (first + second + third).allSatisfy { $0.receipt?.isDuplicate == false })
      #expect(events.commits == (isAhead ? [rows, 1, 1] : [rows, 2]))
    }
  }

  @Test("A resend that comes while its event commits is a duplicate all the same")
  func knowsResendsUnderWay() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    try await withKeeper(events: events, settings: .writingAhead) { fixture in
      async let first = fixture.keeper.keep([item("1", [.reference: "r", .scene: "a"])])
      await gate.arrivals(1)
      async let second = fixture.keeper.keep([item("1", [.reference: "r", .scene: "a"]), item("2")])
      let isAhead: Void? = try? await eventually { fixture.pictures.written.count == 4 }
      #expect(isAhead != nil)
      gate.open()
      let results = await (first + second)
      #expect(results.map { $0.receipt?.isDuplicate } == [false, true, false])
      #expect(results[1].receipt?.id == results[0].receipt?.id && events.events.count == 2)
    }
  }

  @Test("Kept events are published after their callers have the answer, duplicates are not")
  func publishes() async throws {
    let published = Mutex<[EventID?]>([])
    let observer = KeepObserver(onKept: { kept in kept.forEach { receipt, _ in published.withLock { $0.append(receipt.id) } } })
    try await withKeeper(observer: observer) { fixture in
      let results = await fixture.keeper.keep([item("1"), .status(SampleRecords.status("a")), item("1"), item("2")])
      _ = await fixture.keeper.keep([item("2")])
      await fixture.stop()
      try await eventually { fixture.keeper.health.phase == .closed }
      let ids = [results[0], results[3]].map { $0.receipt?.id }
      #expect(published.withLock { $0 } == ids)
    }
  }
}

extension KeeperSettings {
  /// Pictures never gather.
  fileprivate static var writingAhead: KeeperSettings {
    var settings = KeeperSettings()
    settings.gatheredBytesMin = 0
    return settings
  }
}
