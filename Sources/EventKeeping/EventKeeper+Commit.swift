import FaceEvents

extension EventKeeper {
  typealias KeepResult = Result<StoreReceipt, StorageError>

  /// Commits one batch. Never throws: each item's result says what became of it.
  func commit(_ items: [KeepItem]) async -> [KeepResult] {
    do {
      try checkReserve()
      let plan = try await plan(items)
      let locations = plan.pictures.isEmpty ? [] : try await pictures.append(plan.pictures)
      let rows = try await append(plan.entries(written: locations))
      return plan.outcomes.map { outcome in
        switch outcome {
        case .row(let row): rows[row]
        case .repeated(let row):
          rows[row].map { StoreReceipt(sequence: $0.sequence, id: $0.id, isDuplicate: true) }
        case .mismatched: .failure(.failed("an event names a different number of pictures than it came with"))
        }
      }
    } catch {
      return items.map { _ in .failure(error) }
    }
  }

  private func checkReserve() throws(StorageError) {
    let free = try pictures.freeBytes()
    guard free >= settings.diskReserveBytes else {
      throw .diskFull("\(free) bytes are free, \(settings.diskReserveBytes) are kept in reserve")
    }
  }

  private func plan(_ items: [KeepItem]) async throws(StorageError) -> CommitPlan {
    let newEvents = items.compactMap { item -> FaceEvent? in
      guard case .event(let event, _) = item else { return nil }
      return event
    }
    return CommitPlan(items: items, known: newEvents.isEmpty ? [] : try await events.known(newEvents))
  }

  /// All rows in one transaction. When that fails for a reason that may lie in one of them, each in its own: one bad row must not keep the
  /// others from being stored.
  private func append(_ entries: [StoreEntry]) async throws(StorageError) -> [KeepResult] {
    guard !entries.isEmpty else { return [] }
    do {
      return try await events.append(entries).map { .success($0) }
    } catch {
      guard entries.count > 1, error.mayBeOfOneRow else { throw error }
      return await appendOneByOne(entries)
    }
  }

  private func appendOneByOne(_ entries: [StoreEntry]) async -> [KeepResult] {
    var results: [KeepResult] = []
    results.reserveCapacity(entries.count)
    for entry in entries {
      do {
        let receipts = try await events.append([entry])
        results.append(.success(receipts[0]))
      } catch {
        results.append(.failure(error))
      }
    }
    return results
  }
}

extension StorageError {
  /// Whether other rows of the same transaction may still be stored.
  fileprivate var mayBeOfOneRow: Bool {
    switch self {
    case .diskFull, .damaged, .closed, .schemaTooNew, .locked: false
    case .failed: true
    }
  }
}
