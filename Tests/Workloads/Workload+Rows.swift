import FaceEvents
import SQLiteStorage

extension Workload {
  /// A commit is one run, whatever its size.
  static let rows: [Workload] = [
    insert("insert 1 row into an empty store", batch: 1, countedRuns: 50) { (try FilledStore.openEmpty(), 0) },
    insert("insert 64 rows into an empty store", batch: 64, countedRuns: 10) { (try FilledStore.openEmpty(), 0) },
    insert("insert 1 row into a large store", batch: 1, countedRuns: 50) { (try await FilledStore.open(), FilledStore.firstNew) },
    insert("insert 64 rows into a large store", batch: 64, countedRuns: 10) { (try await FilledStore.open(), FilledStore.firstNew) },
    Workload("look 64 new rows up in a large store", countedRuns: 10, runsMax: 200) { runs in
      let (store, end) = try await FilledStore.openToRead()
      let events = try events(64 * runs, from: FilledStore.firstNew)
      return Work(
        run: { number in
          let known = try await store.known(Array(events[64 * number..<64 * (number + 1)]))
          try expect(known.allSatisfy { !$0.isDuplicate }, "a new event is known")
        }, end: end)
    },
  ]

  /// - Parameter open: the store, and the number of the first passage that is new to it.
  private static func insert(
    _ name: String, batch: Int, countedRuns: Int, into open: @escaping @Sendable () async throws -> (FilledStore.Opened, Int)
  ) -> Workload {
    Workload(name, countedRuns: countedRuns, runsMax: batch == 1 ? 5_000 : 300) { runs in
      let ((store, end), first) = try await open()
      let entries = try PassageMaker(seed: FilledStore.seedOfNew).entries(first..<first + batch * runs)
      return Work(
        run: { number in
          let receipts = try await store.append(Array(entries[batch * number..<batch * (number + 1)]))
          try expect(receipts.allSatisfy { !$0.isDuplicate }, "a new event is there already")
        }, end: end)
    }
  }

  private static func events(_ count: Int, from first: Int) throws -> [FaceEvent] {
    try PassageMaker(seed: FilledStore.seedOfNew).entries(first..<first + count).compactMap { entry in
      guard case .event(let event, _) = entry else { return nil }
      return event
    }
  }
}
