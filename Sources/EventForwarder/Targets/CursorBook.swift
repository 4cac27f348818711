import FaceEvents
import Synchronization

/// Where the targets are, in memory, and what of it is not in the store yet. Saving is rare (``EventForwarder`` does it once a second):
/// after a crash the last second is sent again, which receivers notice by its ids.
final class CursorBook: Sendable {
  private struct State {
    var cursors: [String: Int64] = [:]
    var unsaved: Set<String> = []
  }

  private let store: any TargetStore
  private let state = Mutex(State())
  /// So that a save that is under way never undoes a new start.
  private let gate = SerialGate()
  /// Raised with the first change after a save.
  let changed = Signal()

  init(store: any TargetStore) { self.store = store }

  /// The cursors that are known, which may be ahead of the store's.
  var known: [String: Int64] { state.withLock(\.cursors) }

  func cursor(of target: String) async throws(StorageError) -> Int64 {
    if let known = state.withLock({ $0.cursors[target] }) { return known }
    let stored = try await store.cursors()[target] ?? 0
    return state.withLock { state in
      if let known = state.cursors[target] { return known }
      state.cursors[target] = stored
      return stored
    }
  }

  func advance(_ target: String, to sequence: Int64) {
    let isFirst = state.withLock { state in
      guard let cursor = state.cursors[target], sequence > cursor else { return false }
      state.cursors[target] = sequence
      let isFirst = state.unsaved.isEmpty
      state.unsaved.insert(target)
      return isFirst
    }
    if isFirst { changed.raise() }
  }

  func save() async throws(StorageError) {
    await gate.enter()
    let (targets, cursors) = state.withLock { state in
      defer { state.unsaved = [] }
      return (state.unsaved, state.cursors.filter { state.unsaved.contains($0.key) })
    }
    var failure: StorageError?
    do { try await store.advanceCursors(cursors) } catch {
      state.withLock { $0.unsaved.formUnion(targets) }
      failure = error
    }
    await gate.leave()
    if let failure { throw failure }
  }

  /// Nobody delivers to the target meanwhile.
  /// - Returns: false when there is no such target.
  func restart(_ target: String, at start: TargetStart) async throws(StorageError) -> Bool {
    await gate.enter()
    state.withLock { state in
      state.cursors[target] = nil
      state.unsaved.remove(target)
    }
    let result: Result<Bool, StorageError>
    do { result = .success(try await store.setStart(start, ofTarget: target)) } catch { result = .failure(error) }
    await gate.leave()
    return try result.get()
  }

  func forget(_ target: String) {
    state.withLock { state in
      state.cursors[target] = nil
      state.unsaved.remove(target)
    }
  }
}
