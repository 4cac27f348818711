import FaceEvents
import NIOCore
import Synchronization

/// What came between two writes to the listeners. Its bytes are put together once for each choice of lanes, and shared by all who made it.
final class FeedChunk: Sendable {
  /// Ascending by sequence.
  let events: [FeedEvent]
  let byteCount: Int
  private let shared = Mutex<[FeedFilter.Lanes: ByteBuffer]>([:])

  /// - Parameter events: at least one.
  init(_ events: [FeedEvent]) {
    self.events = events
    byteCount = events.reduce(0) { $0 + $1.byteCount }
  }

  var lastSequence: Int64 { events.last?.sequence ?? 0 }

  /// The messages that a listener wants, of those after `sequence`.
  func messages(for filter: FeedFilter, after sequence: Int64) -> ByteBuffer {
    guard filter.isByLaneAlone, sequence < events.first?.sequence ?? 0 else {
      return Self.joined(events.lazy.filter { $0.sequence > sequence && filter.matches($0) })
    }
    return shared.withLock { shared in
      if let known = shared[filter.lanes] { return known }
      let bytes = Self.joined(events.lazy.filter { filter.lanes.include($0.lane) })
      shared[filter.lanes] = bytes
      return bytes
    }
  }

  static func joined(_ events: some Sequence<FeedEvent>) -> ByteBuffer {
    var bytes = ByteBuffer()
    for event in events { bytes.writeImmutableBuffer(event.message) }
    return bytes
  }
}
