public import FaceEvents
import Synchronization

/// Targets, cursors and parked events in memory, for tests of what delivers.
public final class MemoryTargetStore: TargetStore {
  private struct State {
    var targets: [ForwardTarget] = []
    var cursors: [String: Int64] = [:]
    var parked: [ParkedEvent] = []
  }

  private let state = Mutex(State())
  private let latestSequence: @Sendable () -> Int64
  private let beforeWriting: @Sendable () async throws(StorageError) -> Void

  /// - Parameters:
  ///   - latestSequence: of the events that the targets are about.
  ///   - beforeWriting: may throw, or wait, before cursors or parked events are written.
  public init(
    latestSequence: @escaping @Sendable () -> Int64 = { 0 },
    beforeWriting: @escaping @Sendable () async throws(StorageError) -> Void = {}
  ) {
    self.latestSequence = latestSequence
    self.beforeWriting = beforeWriting
  }

  public func targets() async throws(StorageError) -> [ForwardTarget] { state.withLock(\.targets) }

  public func save(_ target: ForwardTarget, start: TargetStart) async throws(StorageError) {
    let sequence = sequence(of: start)
    state.withLock { state in
      if let index = state.targets.firstIndex(where: { $0.id == target.id }) {
        state.targets[index] = target
      } else {
        state.targets.append(target)
        state.cursors[target.id] = sequence
      }
    }
  }

  public func removeTarget(_ id: String) async throws(StorageError) -> Bool {
    state.withLock { state in
      state.targets.removeAll { $0.id == id }
      state.parked.removeAll { $0.target == id }
      return state.cursors.removeValue(forKey: id) != nil
    }
  }

  public func setPause(_ pause: TargetPause?, ofTarget id: String) async throws(StorageError) -> Bool {
    state.withLock { state in
      guard let index = state.targets.firstIndex(where: { $0.id == id }) else { return false }
      state.targets[index].pause = pause
      return true
    }
  }

  public func cursors() async throws(StorageError) -> [String: Int64] { state.withLock(\.cursors) }

  public func advanceCursors(_ cursors: [String: Int64]) async throws(StorageError) {
    try await beforeWriting()
    state.withLock { state in
      for (target, sequence) in cursors where state.cursors[target] != nil {
        state.cursors[target] = max(state.cursors[target] ?? 0, sequence)
      }
    }
  }

  public func setStart(_ start: TargetStart, ofTarget id: String) async throws(StorageError) -> Bool {
    let sequence = sequence(of: start)
    return state.withLock { state in
      guard state.cursors[id] != nil else { return false }
      state.cursors[id] = sequence
      return true
    }
  }

  public func park(_ events: [ParkedEvent]) async throws(StorageError) {
    try await beforeWriting()
    state.withLock { state in
      for event in events where state.cursors[event.target] != nil {
        state.parked.removeAll { $0.target == event.target && $0.sequence == event.sequence }
        state.parked.append(event)
      }
      state.parked.sort { ($0.sequence, $0.target) < ($1.sequence, $1.target) }
    }
  }

  public func parked(target: String?, after sequence: Int64, limit: Int) async throws(StorageError) -> [ParkedEvent] {
    state.withLock { state in
      Array(state.parked.filter { (target ?? $0.target) == $0.target && $0.sequence > sequence }.prefix(max(0, limit)))
    }
  }

  public func parkedCounts() async throws(StorageError) -> [String: Int] {
    state.withLock { Dictionary(grouping: $0.parked, by: \.target).mapValues(\.count) }
  }

  public func replayParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int {
    state.withLock { state in
      let indices = state.parked.indices.filter { index in
        let event = state.parked[index]
        return event.target == target && !event.isReplaying && sequences?.contains(event.sequence) ?? true
      }
      for index in indices { state.parked[index].isReplaying = true }
      return indices.count
    }
  }

  public func replaying(target: String, limit: Int) async throws(StorageError) -> [ParkedEvent] {
    state.withLock { state in Array(state.parked.filter { $0.target == target && $0.isReplaying }.prefix(max(0, limit))) }
  }

  public func dropParked(target: String, sequences: [Int64]?) async throws(StorageError) -> Int {
    state.withLock { state in
      let count = state.parked.count
      state.parked.removeAll { $0.target == target && sequences?.contains($0.sequence) ?? true }
      return count - state.parked.count
    }
  }

  private func sequence(of start: TargetStart) -> Int64 {
    switch start {
    case .beginning: 0
    case .end: latestSequence()
    case .after(let sequence): max(0, sequence)
    }
  }
}
