import FaceEvents

/// The two steps of a commit: pictures, then rows.
extension EventKeeper {
  typealias KeepResult = Result<StoreReceipt, StorageError>

  /// A batch on its way.
  struct Commit: Sendable {
    let batch: [KeepQueue<Call>.Entry]
    let byteCount: Int
    let start = ContinuousClock.now
    /// What became of the pictures: the rows that can be stored now.
    var plan: Result<(CommitPlan, [PictureLocation]), StorageError> = .failure(.closed)

    /// Whether the disk has been waited for.
    var hasWritten: Bool { if case .success((_, let locations)) = plan { !locations.isEmpty } else { false } }
  }

  // MARK: Pictures

  /// Puts the pictures on stable storage; rows must never point to what is not there.
  func writePictures(of commit: inout Commit) async {
    do {
      try checkReserve()
      let plan = try await plan(commit.batch)
      commit.plan = .success((plan, plan.pictures.isEmpty ? [] : try await pictures.append(plan.pictures)))
    } catch {
      commit.plan = .failure(error)
    }
  }

  private func checkReserve() throws(StorageError) {
    let free = try pictures.freeBytes()
    guard free >= settings.diskReserveBytes else {
      throw .diskFull("\(free) bytes are free, \(settings.diskReserveBytes) are kept in reserve")
    }
  }

  /// What is known of an event only matters when it has pictures: they need not be written again. Rows find their duplicates themselves,
  /// also among those of the batch before, which may not be inserted yet.
  private func plan(_ batch: [KeepQueue<Call>.Entry]) async throws(StorageError) -> CommitPlan {
    let eventsWithPictures = batch.compactMap { entry -> FaceEvent? in
      guard case .event(let event, _) = entry.item, !event.pictures.isEmpty else { return nil }
      return event
    }
    return CommitPlan(
      items: batch.map(\.item), known: eventsWithPictures.isEmpty ? [] : try await events.known(eventsWithPictures))
  }

  // MARK: Rows, and the answers

  func writeRows(of commit: Commit) async {
    let results = await insertRows(of: commit)
    note(commit, results)
    for (entry, result) in zip(commit.batch, results) { entry.tag.answered(entry.index, with: result) }
    publish(commit.batch, results)
  }

  private func insertRows(of commit: Commit) async -> [KeepResult] {
    do {
      let (plan, locations) = try commit.plan.get()
      let rows = try await append(plan.entries(written: locations))
      return plan.outcomes.map { outcome in
        switch outcome {
        case .row(let row): rows[row]
        case .repeated(let row): rows[row].map { StoreReceipt(sequence: $0.sequence, id: $0.id, isDuplicate: true) }
        case .mismatched: .failure(.failed("an event names a different number of pictures than it came with"))
        }
      }
    } catch {
      return commit.batch.map { _ in .failure(error) }
    }
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

  private func publish(_ batch: [KeepQueue<Call>.Entry], _ results: [KeepResult]) {
    guard let onKept = observer.onKept else { return }
    onKept(
      KeptEvents { body in
        for (entry, result) in zip(batch, results) {
          guard case .event(let event, _) = entry.item, case .success(let receipt) = result, !receipt.isDuplicate else { continue }
          body(receipt, event)
        }
      })
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
