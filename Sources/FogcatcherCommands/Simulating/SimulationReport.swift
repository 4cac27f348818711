/// The end of a simulation, for people.
struct SimulationReport {
  var figures: SimulationTally.Figures
  var time: Duration

  var lines: [String] {
    var table = TextTable([
      .init(title: "KIND", widthMax: 10), .init(title: "SENT", widthMax: 12, isRight: true),
      .init(title: "ACCEPTED", widthMax: 12, isRight: true), .init(title: "DUPLICATE", widthMax: 12, isRight: true),
      .init(title: "WARNED", widthMax: 12, isRight: true), .init(title: "FAILED", widthMax: 12, isRight: true),
      .init(title: "P50 ms", widthMax: 12, isRight: true), .init(title: "P90 ms", widthMax: 12, isRight: true),
      .init(title: "P99 ms", widthMax: 12, isRight: true), .init(title: "MAX ms", widthMax: 12, isRight: true),
    ])
    for kind in SimulationTally.Kind.allCases {
      guard let counts = figures.kinds[kind] else { continue }
      let answers = counts.answers
      table.add(
        [kind.rawValue] + [answers.sent, answers.accepted, answers.duplicates, answers.warned, answers.failed].map(String.init)
          + [0.5, 0.9, 0.99].map { Self.milliseconds(counts.latency.percentile($0)) } + [Self.milliseconds(counts.latency.longest)])
    }
    return table.lines() + [pace] + failures
  }

  private var pace: String {
    let milliseconds = max(1, TimeSpan.milliseconds(time))
    let tenths = Int64(figures.started) * 10_000 / milliseconds
    var text =
      "\(figures.started) passages in \(milliseconds / 1000).\(milliseconds % 1000 / 100) s, \(tenths / 10).\(tenths % 10) a second"
    if figures.late > 0 { text += "; \(figures.late) started late" }
    if figures.neverStarted > 0 { text += "; \(figures.neverStarted) were due and never started: the target is slower than --rate" }
    return text
  }

  private var failures: [String] {
    figures.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "failed \($0.value) times: \($0.key)" }
  }

  /// With one digit below.
  static func milliseconds(_ time: Duration) -> String {
    let tenths = time.components.seconds * 10_000 + time.components.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }
}
