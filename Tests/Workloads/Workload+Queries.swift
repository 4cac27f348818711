import FaceEvents
import SQLiteStorage

extension Workload {
  /// Pages of a hundred rows from the large store, by no filter, each filter and each pair of filters; then what else is asked for.
  static let queries: [Workload] = [page([])] + single + pairs + others

  private static let single = QueryShapes.Filter.allCases.map { page([$0]) }

  private static let pairs = QueryShapes.Filter.allCases.indices.flatMap { index in
    QueryShapes.Filter.allCases[(index + 1)...].map { page([QueryShapes.Filter.allCases[index], $0]) }
  }

  private static let others: [Workload] = [
    ask("people by name") { store, shapes, random in
      var query = PeopleQuery()
      query.text = shapes.namePart(&random)
      _ = try await store.people(query)
    },
    ask("record of a person") { store, shapes, random in
      try expect(try await store.person(shapes.person(&random)) != nil, "the person is unknown")
    },
    ask("visits of a month") { store, shapes, random in _ = try await store.visits(shapes.visits(&random)) },
    ask("boxes") { store, _, _ in try expect(try await !store.boxes(after: nil, limit: 100).isEmpty, "there are no boxes") },
    ask("statistics of a week") { store, shapes, random in _ = try await store.statistics(shapes.statistics(&random)) },
    ask("totals") { store, _, _ in try expect(try await store.totals().events > 0, "there are no events") },
  ]

  private static func page(_ filters: [QueryShapes.Filter]) -> Workload {
    let name = filters.isEmpty ? "no filter" : filters.map(\.rawValue).joined(separator: " + ")
    // The pairs are many.
    return ask(name, countedRuns: filters.count > 1 ? 8 : 20) { store, shapes, random in
      let query = shapes.query(filters, &random)
      try expect(try await store.page(query).entries.count <= query.limit, "the page is too long")
    }
  }

  /// - Parameter question: asked with other values each time, the same ones in each series.
  private static func ask(
    _ name: String, countedRuns: Int = 20,
    _ question: @escaping @Sendable (SQLiteStore, QueryShapes, inout SteadyNumbers) async throws -> Void
  ) -> Workload {
    Workload("query: \(name)", countedRuns: countedRuns) { _ in
      let (store, end) = try await FilledStore.openToRead()
      let shapes = try await QueryShapes(of: store)
      return Work(
        run: { number in
          var random = SteadyNumbers(seed: UInt64(number % 1_000))
          try await question(store, shapes, &random)
        }, end: end)
    }
  }
}
