import FaceEvents
import Synchronization

/// A listener's place, given up with the last reference to it.
final class FeedSeat: Sendable {
  let number: Int
  private let feed: LiveFeed

  fileprivate init(number: Int, feed: LiveFeed) {
    self.number = number
    self.feed = feed
  }

  deinit { feed.leave(number) }
}

/// What there is for a listener.
enum FeedNews {
  /// Begins with the oldest event that the listener does not have, or before.
  case chunk(FeedChunk)
  case nothing
  /// What comes next is no longer in memory.
  case behind
  case closed
}

extension LiveFeed {
  enum Refusal: Error, Equatable { case full, closed }

  /// From now on the feed keeps what comes.
  func join() throws(Refusal) -> FeedSeat {
    let number = try state.withLock { state throws(Refusal) in
      if state.isClosed { throw .closed }
      guard state.listeners.count < settings.listenersMax else { throw .full }
      state.nextListener += 1
      state.listeners.insert(state.nextListener)
      return state.nextListener
    }
    return FeedSeat(number: number, feed: self)
  }

  fileprivate func leave(_ number: Int) {
    let waiter = state.withLock { state in
      state.listeners.remove(number)
      return state.waiters.removeValue(forKey: number)
    }
    waiter?.resume()
  }

  /// Where a new listener begins.
  /// - Parameter latest: the store's newest event, read after joining.
  /// - Returns: the newest event that listeners have been told of.
  func begin(latest: Int64) -> Int64 {
    state.withLock { state in
      state.window.began(at: latest)
      return state.window.sealedUpTo
    }
  }

  func news(after sequence: Int64) -> FeedNews {
    state.withLock { state in
      state.isClosed ? .closed : state.window.news(after: sequence)
    }
  }

  /// Everything after this sequence is in memory.
  var complete: Int64 { state.withLock { $0.window.complete ?? 0 } }

  /// Returns when there is something after the sequence, at the latest with the next beat of the feed, or when the task is cancelled.
  func wait(_ seat: FeedSeat, after sequence: Int64) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state in
          guard !state.isClosed, state.window.sealedUpTo <= sequence, !Task.isCancelled else { return false }
          state.waiters[seat.number] = continuation
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: seat.number) }?.resume()
    }
  }

  func noteCutOff() { state.withLock { $0.cutOff += 1 } }
}
