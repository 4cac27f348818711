import FaceEvents
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Console

@Suite("Listeners of the live feed")
struct FeedListenerTests {
  private struct Dropped: Error {}

  /// Stores events and tells the feed, as the keeper does, in commit order.
  private static func keep(_ count: Int, from first: Int, _ store: MemoryEventStore, _ feed: LiveFeed) async throws {
    for number in first..<(first + count) {
      let event = SampleRecords.event("\(number)", at: Int64(number), lane: number.isMultiple(of: 3) ? .history : .realtime)
      let receipt = try await store.append([.event(event, locations: [])])[0]
      feed.kept { $0(receipt.sequence, receipt.id ?? event.id, event) }
    }
  }

  private static func ids(in text: String) -> [Int64] {
    // A message has an id and data; an id alone, and one with a type of its own, only says how far the listener is.
    text.split(separator: "\n\n").filter { $0.contains("\ndata: ") && !"\n\($0)".contains("\nevent: ") }.compactMap { message in
      message.split(separator: "\n").first { $0.hasPrefix("id: ") }.flatMap { Int64($0.dropFirst(4)) }
    }
  }

  @Test(
    "Fifty listeners who drop and resume at random see each event exactly once", .timeLimit(.minutes(1)), arguments: [1, 2, 3] as [UInt64])
  func exactlyOnce(seed: UInt64) async throws {
    let total = 1_500
    var settings = LiveFeedSettings()
    settings.flushPause = .milliseconds(1)
    // So few that who is away has to be served from the store now and then.
    settings.eventsMax = 60
    let (store, feed) = (MemoryEventStore(), LiveFeed(settings: settings))
    let seen = try await withThrowingTaskGroup(of: [Int64]?.self) { tasks in
      tasks.addTask {
        await feed.run()
        return nil
      }
      for number in 0..<50 {
        tasks.addTask { try await Self.watch(store, feed, total: total, seed: seed &* 1_000 &+ UInt64(number)) }
      }
      tasks.addTask {
        for batch in 0..<(total / 10) {
          try await Self.keep(10, from: batch * 10, store, feed)
          await Task.yield()
        }
        return nil
      }
      var seen: [[Int64]] = []
      while seen.count < 50, let result = try await tasks.next() { if let result { seen.append(result) } }
      feed.close()
      return seen
    }
    for list in seen { #expect(list == (1...Int64(total)).map { $0 }) }
    #expect(feed.figures.listeners == 0)
  }

  /// Watches until the last event, and lets go at random places.
  private static func watch(_ store: MemoryEventStore, _ feed: LiveFeed, total: Int, seed: UInt64) async throws -> [Int64] {
    var random = TestNumbers(state: seed)
    var seen: [Int64] = []
    var last: Int64 = 0
    while last < total {
      let listener = FeedListener(feed: feed, log: store, seat: try feed.join(), filter: FeedFilter(lanes: .all), lastEventID: last)
      let sofar = Mutex<[Int64]>([])
      let patience = Int.random(in: 1...12, using: &random)
      let count = Mutex(0)
      do {
        try await listener.run { bytes in
          sofar.withLock { $0 += Self.ids(in: String(buffer: bytes)) }
          let written = count.withLock { count in
            count += 1
            return count
          }
          if written >= patience || sofar.withLock({ $0.last ?? 0 }) >= total { throw Dropped() }
        }
      } catch is Dropped {}
      seen += sofar.withLock { $0 }
      last = seen.last ?? 0
    }
    return seen
  }

  @Test("Without an id a stream begins now; with one of another store it does not wait for it")
  func begin() async throws {
    let (store, feed) = (MemoryEventStore(), LiveFeed())
    try await Self.keep(5, from: 0, store, feed)
    for (lastEventID, start) in [(nil, 5), (3, 3), (99, 5)] as [(Int64?, Int64)] {
      let listener = FeedListener(feed: feed, log: store, seat: try feed.join(), filter: FeedFilter(lanes: .all), lastEventID: lastEventID)
      let first = Mutex("")
      await #expect(throws: Dropped.self) {
        try await listener.run { bytes in
          first.withLock { $0 = String(buffer: bytes) }
          throw Dropped()
        }
      }
      #expect(first.withLock { $0 } == "retry: 2000\nid: \(start)\n\n")
    }
  }

  @Test("A listener who reads too slowly is cut off with the id to go on from, and none is lost", .timeLimit(.minutes(1)))
  func tooSlow() async throws {
    var settings = LiveFeedSettings()
    settings.eventsMax = 10
    let (store, feed) = (MemoryEventStore(), LiveFeed(settings: settings))
    let (begun, gate) = (Gate(isOpen: true), Gate())
    let text = Mutex("")
    let listener = FeedListener(feed: feed, log: store, seat: try feed.join(), filter: FeedFilter(lanes: .all), lastEventID: nil)
    async let done: Void = listener.run { bytes in
      let messages = String(buffer: bytes)
      text.withLock { $0 += messages }
      if messages.contains("data:") { await gate.pass() } else { await begun.pass() }
    }
    await begun.arrivals(1)
    for batch in 0..<6 {
      try await Self.keep(5, from: 5 * batch, store, feed)
      feed.flush()
      if batch == 0 { await gate.arrivals(1) }
    }
    gate.open()
    try await done
    let got = text.withLock { $0 }
    #expect(got.hasSuffix("to get the rest\"}\n\n") && got.contains("event: resume\nid: 5\n"))
    #expect(Self.ids(in: got) == [1, 2, 3, 4, 5] && feed.figures.cutOff == 1)
  }

  @Test("There is a bound on listeners, a place is given back, and a closed feed takes nobody and ends all")
  func seats() async throws {
    var settings = LiveFeedSettings()
    settings.listenersMax = 2
    let (store, feed) = (MemoryEventStore(), LiveFeed(settings: settings))
    var seats = [try feed.join(), try feed.join()]
    #expect(throws: LiveFeed.Refusal.full) { try feed.join() }
    seats.removeLast()
    let listener = FeedListener(feed: feed, log: store, seat: try feed.join(), filter: FeedFilter(), lastEventID: nil)
    let begun = Gate(isOpen: true)
    async let done: Void = listener.run { _ in await begun.pass() }
    await begun.arrivals(1)
    feed.close()
    try await done
    #expect(throws: LiveFeed.Refusal.closed) { try feed.join() }
    withExtendedLifetime(seats) {}
  }

  @Test("A quiet stream has a comment and a message that scripts see, and says how far it is")
  func heartbeat() async throws {
    var settings = LiveFeedSettings()
    settings.heartbeat = .zero
    let (store, feed) = (MemoryEventStore(), LiveFeed(settings: settings))
    try await Self.keep(3, from: 0, store, feed)
    let listener = FeedListener(feed: feed, log: store, seat: try feed.join(), filter: FeedFilter(), lastEventID: nil)
    let writes = Mutex<[String]>([])
    let begun = Gate(isOpen: true)
    async let done: Void = listener.run { bytes in
      writes.withLock { $0.append(String(buffer: bytes)) }
      await begun.pass()
    }
    await begun.arrivals(1)
    try await eventually {
      feed.flush()
      return writes.withLock { $0.count > 1 }
    }
    feed.close()
    try await done
    #expect(writes.withLock { $0[1] } == ": nothing new\nevent: beat\nid: 3\ndata: {\"last_event_id\":3}\n\n")
    #expect(Self.ids(in: writes.withLock { $0.joined() }).isEmpty)
  }
}

/// The same numbers for the same seed (Steele et al., SplitMix64).
private struct TestNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
