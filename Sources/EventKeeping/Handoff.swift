import Synchronization

/// Passes values from one stage to the next, one at a time. Cancellation changes nothing: what was begun is finished.
///
/// One task sends, another receives.
final class Handoff<Value: Sendable>: Sendable {
  private struct State {
    /// Sent, not yet received.
    var value: Value?
    var isFinished = false
    /// The receiver, while it waits.
    var receiver: CheckedContinuation<Value?, Never>?
    /// The sender, while it waits for the receiver.
    var sender: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Waits until the receiver has done what it got before, and takes this.
  func send(_ value: Value) async {
    await withCheckedContinuation { sender in
      let receiver = state.withLock { state in
        let receiver = state.receiver.take()
        if receiver == nil {
          state.value = value
          state.sender = sender
        }
        return receiver
      }
      guard let receiver else { return }
      receiver.resume(returning: value)
      sender.resume()
    }
  }

  /// - Returns: nil when nothing more will come.
  func next() async -> Value? {
    await withCheckedContinuation { receiver in
      let (isOver, value, sender) = state.withLock { state in
        let value = state.value.take()
        let isOver = value != nil || state.isFinished
        if !isOver { state.receiver = receiver }
        return (isOver, value, state.sender.take())
      }
      sender?.resume()
      if isOver { receiver.resume(returning: value) }
    }
  }

  func finish() {
    let receiver = state.withLock { state in
      state.isFinished = true
      return state.receiver.take()
    }
    receiver?.resume(returning: nil)
  }
}
