import FaceEvents
import NIOCore

/// Writes the stream of one listener: what it missed, from the store or from memory, then what comes, in commit order, each event once.
struct FeedListener: Sendable {
  typealias Write = @concurrent (ByteBuffer) async throws -> Void

  /// Read from the store in one go.
  private static let pageEvents = 200
  private static let pageBytes = 1 << 20
  /// After how long a browser asks again.
  private static let retryMilliseconds = 2_000

  let feed: LiveFeed
  let log: any EventLog
  let seat: FeedSeat
  let filter: FeedFilter
  /// The last event that the listener has; nil to begin now.
  let lastEventID: Int64?

  /// Returns when the feed is closed or the listener is too slow; throws when it has gone.
  /// - Parameter write: waits while the listener does not read.
  func run(_ write: Write) async throws {
    let latest = try await log.latestSequence()
    let newest = feed.begin(latest: latest)
    // A greater one is of another store.
    var progress = Progress(position: lastEventID.map { min($0, max(latest, newest)) } ?? newest, heartbeat: feed.settings.heartbeat)
    try await write(ByteBuffer(string: "retry: \(Self.retryMilliseconds)\nid: \(progress.position)\n\n"))
    guard try await catchUp(&progress, write) else { return }
    try await follow(&progress, write)
  }

  /// What is in memory is written by ``follow(_:_:)``; this goes so far.
  /// - Returns: false when the feed is closed.
  private func catchUp(_ progress: inout Progress, _ write: Write) async throws -> Bool {
    while true {
      switch feed.news(after: progress.position) {
      case .closed: return false
      case .chunk, .nothing: return true
      case .behind: break
      }
      let inMemory = feed.complete
      let (messages, last) = try await missed(after: progress.position)
      // What is not in the store any more will not come.
      progress.position = last ?? max(progress.position, inMemory)
      try await progress.write(messages, write)
    }
  }

  /// A page from the store. Its last sequence is nil when there is nothing after the position.
  private func missed(after position: Int64) async throws -> (ByteBuffer, last: Int64?) {
    // Making text of hundreds of events is not for an event loop.
    try await withTaskExecutorPreference(globalConcurrentExecutor) {
      let page = try await log.events(after: position, limit: Self.pageEvents, bytesMax: Self.pageBytes)
      let events = page.compactMap { logged -> FeedEvent? in
        guard case .event(let stored) = logged, filter.lanes.include(stored.event.lane) else { return nil }
        let event = FeedEvent(stored.event, id: stored.event.id, sequence: stored.sequence)
        return filter.matches(event) ? event : nil
      }
      return (FeedChunk.joined(events), page.last?.sequence)
    }
  }

  private func follow(_ progress: inout Progress, _ write: Write) async throws {
    while true {
      await feed.wait(seat, after: progress.position)
      try Task.checkCancellation()
      switch feed.news(after: progress.position) {
      case .closed: return
      case .behind:
        feed.noteCutOff()
        return try await write(Self.resumeMessage(progress.position))
      case .nothing: try await progress.write(ByteBuffer(), write)
      // One at a time: what a slow listener still has to write is not kept in memory for it.
      case .chunk(let chunk):
        let messages = chunk.messages(for: filter, after: progress.position)
        progress.position = max(progress.position, chunk.lastSequence)
        try await progress.write(messages, write)
      }
    }
  }

  /// A comment, as ever, and the same as a message, since scripts in browsers never see a comment.
  static func heartbeat(_ position: Int64) -> ByteBuffer {
    ByteBuffer(string: ": nothing new\nevent: beat\nid: \(position)\ndata: {\"last_event_id\":\(position)}\n\n")
  }

  static func resumeMessage(_ position: Int64) -> ByteBuffer {
    ByteBuffer(
      string: "event: resume\nid: \(position)\ndata: {\"last_event_id\":\(position),"
        + "\"message\":\"more came than was read; ask again with this id in Last-Event-ID to get the rest\"}\n\n")
  }
}

extension FeedListener {
  /// How far a listener has got, and when it was written to last.
  private struct Progress {
    var position: Int64
    let heartbeat: Duration
    private var lastWrite = ContinuousClock.now

    init(position: Int64, heartbeat: Duration) {
      self.position = position
      self.heartbeat = heartbeat
    }

    /// Writes the messages; a heartbeat, which says how far it is, when there are none and it was quiet for long.
    mutating func write(_ messages: ByteBuffer, _ write: Write) async throws {
      let now = ContinuousClock.now
      if messages.readableBytes > 0 {
        try await write(messages)
      } else if lastWrite.duration(to: now) >= heartbeat {
        try await write(FeedListener.heartbeat(position))
      } else {
        return
      }
      lastWrite = now
    }
  }
}
