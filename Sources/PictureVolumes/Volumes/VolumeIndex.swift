import FaceEvents
import Synchronization

/// Which volumes there are and how long: what the writer, the readers and the figures share.
final class VolumeIndex: Sendable {
  struct Entry {
    /// What is acknowledged for the volumes that are appended to, the file's length for the others.
    var byteCount: UInt64
    var isAppended: Bool
  }

  private struct State {
    var entries: [VolumeID: Entry] = [:]
    var usedBytes: Int64 = 0
    var isClosed = false
  }

  private let state = Mutex(State())

  var usedBytes: Int64 { state.withLock { $0.usedBytes } }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  func close() { state.withLock { $0.isClosed = true } }

  var entries: [(id: VolumeID, entry: Entry)] {
    state.withLock { $0.entries.map { (id: $0.key, entry: $0.value) } }.sorted { $0.id < $1.id }
  }

  subscript(_ id: VolumeID) -> Entry? { state.withLock { $0.entries[id] } }

  func set(_ id: VolumeID, byteCount: UInt64, isAppended: Bool) {
    state.withLock { state in
      state.usedBytes += Int64(byteCount) - Int64(state.entries[id]?.byteCount ?? 0)
      state.entries[id] = Entry(byteCount: byteCount, isAppended: isAppended)
    }
  }

  func remove(_ id: VolumeID) {
    state.withLock { state in
      state.usedBytes -= Int64(state.entries.removeValue(forKey: id)?.byteCount ?? 0)
    }
  }
}
