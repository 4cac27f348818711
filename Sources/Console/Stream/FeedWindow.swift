import FaceEvents

/// The newest events of the feed, bounded, with how far back they go. No lock inside.
struct FeedWindow {
  let eventsMax: Int
  let bytesMax: Int

  /// Everything after this sequence is in the window, up to ``sealedUpTo``; nil while nobody knows.
  private(set) var complete: Int64?
  private(set) var sealedUpTo: Int64 = 0
  private var chunks: [FeedChunk] = []
  private var eventCount = 0
  private var byteCount = 0
  /// Came since the last seal.
  private var pending: [FeedEvent] = []
  private var pendingBytes = 0

  init(eventsMax: Int, bytesMax: Int) {
    self.eventsMax = eventsMax
    self.bytesMax = bytesMax
  }

  var hasPending: Bool { !pending.isEmpty }

  /// Nobody listens: what comes is only counted.
  mutating func passed(_ sequence: Int64) {
    (chunks, pending, eventCount, byteCount, pendingBytes) = ([], [], 0, 0, 0)
    complete = max(complete ?? 0, sequence)
    sealedUpTo = max(sealedUpTo, sequence)
  }

  /// Somebody begins to listen when the store's newest event is this one, and nothing was told to the feed before.
  mutating func began(at sequence: Int64) {
    guard complete == nil else { return }
    complete = sequence
    sealedUpTo = max(sealedUpTo, sequence)
  }

  mutating func append(_ event: FeedEvent) {
    pending.append(event)
    pendingBytes += event.byteCount
    // A flush that is late must not cost memory without bound.
    if pending.count >= eventsMax || pendingBytes >= bytesMax { seal() }
  }

  /// Makes what has come visible to listeners.
  mutating func seal() {
    guard !pending.isEmpty else { return }
    let chunk = FeedChunk(pending)
    (pending, pendingBytes) = ([], 0)
    if complete == nil { complete = (chunk.events.first?.sequence ?? 1) - 1 }
    chunks.append(chunk)
    eventCount += chunk.events.count
    byteCount += chunk.byteCount
    sealedUpTo = chunk.lastSequence
    while chunks.count > 1, eventCount > eventsMax || byteCount > bytesMax {
      let oldest = chunks.removeFirst()
      eventCount -= oldest.events.count
      byteCount -= oldest.byteCount
      complete = oldest.lastSequence
    }
  }

  /// What a listener that has this sequence gets next.
  func news(after sequence: Int64) -> FeedNews {
    guard let complete, sequence >= complete else { return .behind }
    var (low, high) = (0, chunks.count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle].lastSequence <= sequence { low = middle + 1 } else { high = middle }
    }
    return low < chunks.count ? .chunk(chunks[low]) : .nothing
  }
}
