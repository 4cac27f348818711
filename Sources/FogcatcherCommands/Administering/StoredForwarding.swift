import FaceEvents

/// Targets and parked events in the store, while nothing delivers.
struct StoredForwarding: Forwarding {
  let store: any TargetStore & EventLog

  func targets() async throws(ForwardingError) -> [ForwardTarget] {
    do { return try await store.targets() } catch { throw .storage(error) }
  }

  func save(_ target: ForwardTarget, start: TargetStart) async throws(ForwardingError) {
    do { try target.validate() } catch { throw .invalid(error) }
    do { try await store.save(target, start: start) } catch { throw .storage(error) }
  }

  func removeTarget(_ id: String) async throws(ForwardingError) {
    try await change(id) { store throws(StorageError) in try await store.removeTarget(id) }
  }

  func pauseTarget(_ id: String, reason: String) async throws(ForwardingError) {
    let pause = TargetPause(reason: reason, at: WallClock.now, isAutomatic: false)
    try await change(id) { store throws(StorageError) in try await store.setPause(pause, ofTarget: id) }
  }

  func resumeTarget(_ id: String) async throws(ForwardingError) {
    try await change(id) { store throws(StorageError) in try await store.setPause(nil, ofTarget: id) }
  }

  func restartTarget(_ id: String, at start: TargetStart) async throws(ForwardingError) {
    try await change(id) { store throws(StorageError) in try await store.setStart(start, ofTarget: id) }
  }

  func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer] {
    throw .storage(.failed("only a running node can test a target: start `fogcatcher serve` on this data directory, then try again"))
  }

  func backlog() async throws(ForwardingError) -> [TargetBacklog] {
    let targets = try await targets()
    do throws(StorageError) {
      let (cursors, counts) = (try await store.cursors(), try await store.parkedCounts())
      let waiting = try await store.waiting(after: targets.map { cursors[$0.id] ?? 0 })
      return zip(targets, waiting).map { target, waiting in
        let isHistory = target.lane == .history
        let pause = target.pause
        return TargetBacklog(
          target: target.id, phase: pause != nil ? .paused : isHistory && waiting.count > 0 ? .backingOff : .idle,
          waitingEvents: isHistory ? waiting.count : 0, waitingBytesEstimate: nil,
          oldestReceivedAt: isHistory ? waiting.oldestReceivedAt : nil, inFlight: 0, parkedEvents: counts[target.id] ?? 0,
          eventsPerSecond: 0, forwarded: 0, lastAnswer: nil, nextTryAt: nil, pause: pause)
      }
    } catch {
      throw .storage(error)
    }
  }

  func parked(target: String?, after sequence: Int64, limit: Int) async throws(ForwardingError) -> [ParkedEvent] {
    do { return try await store.parked(target: target, after: sequence, limit: limit) } catch { throw .storage(error) }
  }

  func replayParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await requireTarget(target)
    do { return try await store.replayParked(target: target, sequences: sequences) } catch { throw .storage(error) }
  }

  func dropParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await requireTarget(target)
    do { return try await store.dropParked(target: target, sequences: sequences) } catch { throw .storage(error) }
  }

  private func requireTarget(_ id: String) async throws(ForwardingError) {
    guard try await targets().contains(where: { $0.id == id }) else { throw .noSuchTarget(id) }
  }

  /// - Parameter body: says whether there is such a target.
  private func change(
    _ id: String, _ body: (any TargetStore) async throws(StorageError) -> Bool
  ) async throws(ForwardingError) {
    let isKnown: Bool
    do { isKnown = try await body(store) } catch { throw .storage(error) }
    guard isKnown else { throw .noSuchTarget(id) }
  }
}
