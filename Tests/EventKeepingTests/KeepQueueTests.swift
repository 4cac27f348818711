import FaceEvents
import TestSupport
import Testing

@testable import EventKeeping

@Suite("The queue of the group commit")
struct KeepQueueTests {
  private func queue(_ change: (inout KeeperSettings) -> Void = { _ in }) -> KeepQueue<String> {
    var settings = KeeperSettings()
    change(&settings)
    return KeepQueue(settings: settings)
  }

  /// The next batch as `tag/index` words.
  private func batch(_ queue: inout KeepQueue<String>) -> [String]? {
    guard case .batch(let entries, _) = queue.next() else { return nil }
    return entries.map { "\($0.tag)\($0.index)" }
  }

  private func isWaiting(_ queue: inout KeepQueue<String>) -> Bool { if case .wait = queue.next() { true } else { false } }

  private func isStopped(_ queue: inout KeepQueue<String>) -> Bool { if case .stop = queue.next() { true } else { false } }

  @Test("What arrives while a batch is committed goes together into the next")
  func gathers() {
    var queue = queue()
    #expect(isWaiting(&queue))
    #expect(queue.submitted([item("1")], tag: "a") == .queued)
    #expect(batch(&queue) == ["a0"])
    #expect(queue.submitted([item("2"), item("3")], tag: "b") == .queued)
    #expect(queue.submitted([item("4")], tag: "c") == .queued)
    #expect(batch(&queue) == ["b0", "b1", "c0"])
    #expect(isWaiting(&queue))
    #expect(queue.itemCount == 0 && queue.byteCount == 0)
  }

  @Test("A batch has at most the allowed number of items, and a call is cut where it ends")
  func boundsCount() {
    var queue = queue { $0.batchItemsMax = 3 }
    _ = queue.submitted((0..<4).map { item("a\($0)") }, tag: "a")
    _ = queue.submitted((0..<3).map { item("b\($0)") }, tag: "b")
    #expect(batch(&queue) == ["a0", "a1", "a2"])
    #expect(batch(&queue) == ["a3", "b0", "b1"])
    #expect(batch(&queue) == ["b2"])
  }

  @Test("A batch has at most the allowed bytes", arguments: [(249, 1), (250, 2), (251, 2)])
  func boundsBytes(limit: Int, expected: Int) {
    let pair = [item("one", [.scene: "x"], byteCount: 125 - textBytes), item("two", [.scene: "y"], byteCount: 125 - textBytes)]
    #expect(pair.map(\.byteCount) == [125, 125])
    var queue = queue { $0.batchBytesMax = limit }
    _ = queue.submitted(pair, tag: "a")
    #expect(batch(&queue)?.count == expected)
  }

  private var textBytes: Int { item("one").byteCount }

  @Test("An item larger than a batch goes alone")
  func takesTheLarge() {
    var queue = queue { $0.batchBytesMax = 100 }
    _ = queue.submitted([item("1"), item("2", [.scene: "x"], byteCount: 5_000), item("3")], tag: "a")
    #expect(batch(&queue) == ["a0"])
    #expect(batch(&queue) == ["a1"])
    #expect(batch(&queue) == ["a2"])
  }

  @Test("Two different events of one id never share a batch, the same event twice does")
  func separatesCollisions() {
    guard case .event(let event, _) = item("1") else { return }
    var other = event
    other.contentDigest = SampleRecords.digest("another")
    var late = event
    late.lane = .realtime
    var queue = queue()
    _ = queue.submitted([event, event, other, late].map { .event($0, pictures: []) }, tag: "a")
    #expect(batch(&queue) == ["a0", "a1"])
    #expect(batch(&queue) == ["a2"])
    #expect(batch(&queue) == ["a3"])
  }

  @Test("More than the bounds is refused as a whole; what fits is taken", arguments: [(3, true), (4, false)])
  func refusesOverload(added: Int, fits: Bool) {
    var queue = queue { $0.queueItemsMax = 5 }
    _ = queue.submitted([item("1"), item("2")], tag: "a")
    #expect(queue.submitted((0..<added).map { item("b\($0)") }, tag: "b") == (fits ? .queued : .overloaded))
    #expect(queue.itemCount == (fits ? 2 + added : 2))
  }

  @Test("A call above the bounds is taken when nothing waits")
  func takesOneLargeCall() {
    var queue = queue { $0.queueBytesMax = 10 }
    #expect(queue.submitted([item("1")], tag: "a") == .queued)
    #expect(queue.submitted([item("2")], tag: "b") == .overloaded)
  }

  @Test("After closing, nothing is taken, what waits is handed out, then it stops")
  func closes() {
    var queue = queue()
    _ = queue.submitted([item("1")], tag: "a")
    queue.closed()
    #expect(queue.submitted([item("2")], tag: "b") == .closed)
    #expect(batch(&queue) == ["a0"])
    #expect(isStopped(&queue))
  }
}
