import Synchronization

/// How many exports are written at once: each reads as fast as it can, and people want to look meanwhile.
final class ExportSlots: Sendable {
  static let slotsMax = 4

  /// How far an export is.
  struct Progress: Sendable, Equatable {
    var events: Int64 = 0
    /// Of the file, as it is taken.
    var bytes: Int64 = 0
  }

  /// Given back with the last reference to it.
  final class Slot: Sendable {
    private let slots: ExportSlots
    private let number: Int

    fileprivate init(_ slots: ExportSlots, number: Int) {
      self.slots = slots
      self.number = number
    }

    /// So much more is written.
    func advance(events: Int = 0, bytes: Int = 0) {
      slots.state.withLock { state in
        state.running[number]?.events += Int64(events)
        state.running[number]?.bytes += Int64(bytes)
      }
    }

    deinit { slots.state.withLock { $0.running[number] = nil } }
  }

  private struct State {
    /// By the number of the slot.
    var running: [Int: Progress] = [:]
    var lastNumber = 0
  }

  private let state = Mutex(State())

  /// - Returns: nil when all are taken.
  func take() -> Slot? {
    let number = state.withLock { state -> Int? in
      guard state.running.count < Self.slotsMax else { return nil }
      state.lastNumber += 1
      state.running[state.lastNumber] = Progress()
      return state.lastNumber
    }
    return number.map { Slot(self, number: $0) }
  }

  /// What is being written now, the longest-running first.
  var running: [Progress] { state.withLock { state in state.running.sorted { $0.key < $1.key }.map(\.value) } }
}
