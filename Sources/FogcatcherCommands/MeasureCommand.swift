import ArgumentParser
import FaceEvents
import SQLiteStorage

struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Measures how quickly the lists of a data directory are answered.",
    discussion: """
      Asks random questions of every kind, each filter and each pair of filters among them, and prints milliseconds. It only reads, also while \
      a node runs. For development.

        fogcatcher measure --data ./data
        fogcatcher measure --data ./data --count 1000 --limit 500
      """, shouldDisplay: false)

  @Option(help: ArgumentHelp("Data directory.", valueName: "directory")) var data: String
  @Option(help: ArgumentHelp("Questions of each kind.", valueName: "number")) var count = 300
  @Option(help: ArgumentHelp("Rows in a page.", valueName: "number")) var limit = 100
  @Option(help: ArgumentHelp("Chooses the questions.", valueName: "number")) var seed: UInt64 = 1

  func validate() throws {
    guard count > 0, limit > 0 else { throw ValidationError("--count and --limit must be 1 or more") }
  }

  func run() async throws {
    do {
      let store = try SQLiteStore.openReadOnly(directory: data)
      defer { try? store.close() }
      guard let questions = try await CatalogQuestions(of: store) else { throw CommandFailure("there are no events to ask about") }
      var latency = CatalogLatency(catalog: store, questions: questions, count: count, limit: limit, seed: seed)
      var table = TextTable(
        [.init(title: "QUESTION", widthMax: 40)]
          + ["P50 ms", "P99 ms", "MAX ms", "ROWS", "SHORT %"].map { .init(title: $0, widthMax: 10, isRight: true) })
      try await latency.run { result in
        Terminal.showProgress(result.name)
        table.add(
          [result.name] + [result.percentile(0.5), result.percentile(0.99), result.percentile(1)].map(Self.milliseconds)
            + ["\(result.rows / count)", "\(result.shortPages * 100 / count)"])
      }
      Terminal.clearProgress()
      for line in table.lines() { Terminal.printLine(line) }
    } catch let error as StorageError {
      throw CommandFailure(error)
    }
  }

  /// With two digits below.
  private static func milliseconds(_ time: Duration) -> String {
    let hundredths = time.components.seconds * 100_000 + time.components.attoseconds / 10_000_000_000_000
    let digits = String(hundredths % 100)
    return "\(hundredths / 100).\(digits.count == 1 ? "0" : "")\(digits)"
  }
}
