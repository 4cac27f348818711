import EventKeeping
import FaceEvents
import Synchronization
import TestSupport
import Testing

@Suite("The group commit when storing fails")
struct KeeperFaultTests {
  @Test("Below the disk reserve nothing is written and everybody hears that the disk is full", arguments: [(99, false), (100, true)])
  func keepsTheReserve(free: Int64, isKept: Bool) async throws {
    var settings = KeeperSettings()
    settings.diskReserveBytes = 100
    try await withKeeper(pictures: MemoryPictureStore(free: free), settings: settings) { fixture in
      let results = await fixture.keeper.keep([item("1", [.scene: "s"]), .status(SampleRecords.status("a"))])
      for result in results { #expect((result.receipt != nil) == isKept) }
      if case .diskFull? = results[0].error {} else { #expect(isKept) }
      #expect(fixture.events.events.isEmpty == !isKept && fixture.pictures.written.isEmpty == !isKept)
    }
  }

  @Test("When there is room again, storing goes on by itself")
  func recovers() async throws {
    let pictures = MemoryPictureStore(free: 0)
    try await withKeeper(pictures: pictures) { fixture in
      #expect(await fixture.keeper.keep([item("1")])[0].receipt == nil)
      #expect(fixture.keeper.health.failure != nil)
      pictures.setFree(.success(1 << 40))
      #expect(await fixture.keeper.keep([item("1")])[0].receipt?.isDuplicate == false)
      #expect(fixture.keeper.health.failure == nil)
    }
  }

  enum Step: String, CaseIterable { case free, known, pictures, rows }

  /// Fails at one step until it is mended.
  final class Fault: Sendable {
    private let step: Step
    private let error: Mutex<StorageError?>

    init(step: Step, error: StorageError) {
      self.step = step
      self.error = Mutex(error)
    }

    func mend() { error.withLock { $0 = nil } }

    func check(_ here: Step) throws(StorageError) {
      if here == step, let error = error.withLock({ $0 }) { throw error }
    }
  }

  @Test("A failure of any step is everybody's answer, and the next commit is a new chance", arguments: Step.allCases)
  func answersFailures(step: Step) async throws {
    let error = StorageError.diskFull("test")
    let fault = Fault(step: step, error: error)
    let events = MemoryEventStore(
      beforeKnown: { _ throws(StorageError) in try fault.check(.known) }, beforeAppend: { _ throws(StorageError) in try fault.check(.rows) }
    )
    let pictures = MemoryPictureStore(beforeAppend: { _ throws(StorageError) in try fault.check(.pictures) })
    if step == .free { pictures.setFree(.failure(error)) }
    try await withKeeper(events: events, pictures: pictures) { fixture in
      let items = [item("1", [.scene: "s"]), item("2", [.scene: "t"])]
      #expect(await fixture.keeper.keep(items).map(\.error) == [error, error])
      #expect(events.events.isEmpty)
      fault.mend()
      pictures.setFree(.success(1 << 40))
      #expect(await fixture.keeper.keep(items).map(\.error) == [nil, nil])
      #expect(events.events.count == 2)
    }
  }

  @Test("One row that the store cannot take fails alone; its pictures are not written twice")
  func isolatesPoison() async throws {
    let poison = SampleRecords.event("poison").id
    let events = MemoryEventStore(beforeAppend: { entries throws(StorageError) in
      for case .event(let event, _) in entries where event.id == poison { throw .failed("constraint") }
    })
    try await withKeeper(events: events) { fixture in
      let items = [item("1", [.scene: "a"]), item("poison", [.scene: "b"]), item("1"), .status(SampleRecords.status("s")), item("poison")]
      let results = await fixture.keeper.keep(items)
      #expect(results.map { $0.error != nil } == [false, true, false, false, true])
      #expect(results[2].receipt?.isDuplicate == true)
      #expect(events.events.count == 1 && events.reports.count == 1)
      #expect(fixture.pictures.written.count == 2)
      #expect(fixture.keeper.health.failure == nil)
    }
  }

  @Test(
    "A failure that no single row can be the cause of is not tried row by row",
    arguments: [StorageError.diskFull("x"), .damaged("x"), .closed])
  func doesNotRetryInVain(error: StorageError) async throws {
    let attempts = Atomic(0)
    let events = MemoryEventStore(beforeAppend: { _ throws(StorageError) in
      attempts.add(1, ordering: .relaxed)
      throw error
    })
    try await withKeeper(events: events) { fixture in
      #expect(await fixture.keeper.keep([item("1"), item("2")]).map(\.error) == [error, error])
      #expect(attempts.load(ordering: .relaxed) == 1)
    }
  }

  @Test("An event that comes with the wrong number of pictures fails alone")
  func refusesMismatch() async throws {
    guard case .event(let event, _) = item("odd", [.scene: "s"]) else { return }
    try await withKeeper { fixture in
      let results = await fixture.keeper.keep([.event(event, pictures: []), item("good")])
      #expect(results.map { $0.receipt == nil } == [true, false])
    }
  }

  @Test("Too much that waits is refused, what waits already is kept")
  func refusesOverload() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    var settings = KeeperSettings()
    settings.queueItemsMax = 2
    try await withKeeper(events: events, settings: settings) { fixture in
      async let first = fixture.keeper.keep([item("first")])
      await gate.arrivals(1)
      async let second = fixture.keeper.keep([item("1"), item("2")])
      try await eventually { fixture.keeper.health.queuedItems >= 2 }
      let refused = await fixture.keeper.keep([item("3")])
      if case .failed? = refused[0].error {} else { Issue.record("not refused: \(refused)") }
      gate.open()
      let kept = await (first + second)
      #expect(kept.allSatisfy { $0.receipt != nil })
    }
  }

  @Test("Shutdown commits what waits, and refuses what comes later")
  func finishesOnShutdown() async throws {
    let gate = Gate()
    let events = MemoryEventStore(beforeAppend: { _ in await gate.pass() })
    try await withKeeper(events: events) { fixture in
      async let first = fixture.keeper.keep([item("first")])
      await gate.arrivals(1)
      async let waiting = fixture.keeper.keep((0..<10).map { item("\($0)") })
      try await eventually { fixture.keeper.health.queuedItems >= 10 }
      await fixture.stop()
      try await eventually { fixture.keeper.health.phase == .closed }
      #expect(await fixture.keeper.keep([item("late")]).map(\.error) == [.closed])
      gate.open()
      let kept = await (first + waiting)
      #expect(kept.allSatisfy { $0.receipt != nil })
      #expect(events.events.count == 11)
    }
  }

  @Test("What is handed in before the writer runs waits for it")
  func waitsForTheStart() async throws {
    let keeper = EventKeeper(events: MemoryEventStore(), pictures: MemoryPictureStore())
    #expect(keeper.health.phase == .notStarted)
    async let early = keeper.keep([item("early")])
    try await eventually { keeper.health.queuedItems >= 1 }
    let writer = Task { await keeper.run() }  // safe: cancelled and awaited below
    #expect(await early[0].receipt != nil)
    writer.cancel()
    await writer.value
    #expect(keeper.health.phase == .closed)
  }
}
