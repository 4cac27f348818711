import FaceEvents

/// How long a catalog takes for each kind of question.
struct CatalogLatency {
  let catalog: any EventCatalog
  let questions: CatalogQuestions
  /// Of each kind.
  var count: Int
  var limit: Int
  private var random: SeededNumbers

  init(catalog: any EventCatalog, questions: CatalogQuestions, count: Int, limit: Int, seed: UInt64) {
    self.catalog = catalog
    self.questions = questions
    self.count = count
    self.limit = limit
    random = SeededNumbers(seed: seed)
  }

  struct Result {
    var name: String
    var times: [Duration] = []
    /// Rows in all answers.
    var rows = 0
    /// Pages that are short though there is more.
    var shortPages = 0

    func percentile(_ share: Double) -> Duration {
      let sorted = times.sorted()
      return sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
  }

  mutating func run(_ note: (Result) -> Void) async throws {
    let filters = questions.filters
    for (index, first) in filters.enumerated() {
      for second in filters[index...] where index == 0 || second.name != first.name {
        let names = Set([first.name, second.name]).subtracting(index == 0 && second.name != "none" ? ["none"] : [])
        note(try await pages([first, second], name: names.sorted().joined(separator: " + ")))
      }
    }
    try await runOthers(note)
  }

  private mutating func pages(_ filters: [CatalogQuestions.Filter], name: String) async throws -> Result {
    var result = Result(name: name)
    for _ in 0..<count {
      let query = questions.query(filters, limit: limit, &random)
      let begin = ContinuousClock.now
      let page = try await catalog.page(query)
      result.times.append(.now - begin)
      result.rows += page.entries.count
      if page.next != nil, page.entries.count < limit { result.shortPages += 1 }
    }
    return result
  }

  private mutating func runOthers(_ note: (Result) -> Void) async throws {
    let (catalog, questions, limit) = (catalog, questions, limit)
    note(try await ask("people") { try await catalog.people(questions.peopleQuery(&$0)).people.count })
    note(try await ask("person") { try await catalog.person(questions.person(&$0)) == nil ? 0 : 1 })
    note(try await ask("visits") { try await catalog.visits(questions.visitQuery(&$0)).count })
    note(try await ask("boxes") { _ in try await catalog.boxes(after: nil, limit: limit).count })
    note(try await ask("box") { try await catalog.box(questions.box(&$0)) == nil ? 0 : 1 })
    note(try await ask("endpoints") { _ in try await catalog.endpoints(box: nil, after: nil, limit: limit).count })
    note(try await ask("endpoints of a box") { try await catalog.endpoints(box: questions.box(&$0), after: nil, limit: limit).count })
    note(try await ask("status reports") { try await catalog.statusReports(box: questions.box(&$0), limit: limit).count })
    note(try await ask("statistics, 7 days") { try await catalog.statistics(questions.statisticsQuery(detail: false, &$0)).count })
    note(
      try await ask("statistics, 7 days, by endpoint") { try await catalog.statistics(questions.statisticsQuery(detail: true, &$0)).count })
    note(
      try await ask("totals") { _ in
        _ = try await catalog.totals()
        return 1
      })
  }

  private mutating func ask(_ name: String, _ question: (inout SeededNumbers) async throws -> Int) async throws -> Result {
    var result = Result(name: name)
    for _ in 0..<count {
      let begin = ContinuousClock.now
      result.rows += try await question(&random)
      result.times.append(.now - begin)
    }
    return result
  }
}
