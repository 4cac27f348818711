import ArgumentParser
import FaceEvents

struct BacklogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backlog", abstract: "Says how far each target is.",
    discussion: """
      WAITING counts every event behind the target's place, also those that it does not want. OLDEST is since when the first of them is here. \
      Rate, last answer and next try are known only while a node runs.

        fogcatcher backlog
        fogcatcher backlog --format json
        watch fogcatcher backlog --data /srv/fogcatcher
      """)

  @OptionGroup var node: AdministrationOptions
  @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format = ListFormat.table

  func run() async throws {
    let backlog = try await node.withNode { forwarding, _ in try await forwarding.backlog() }
    guard format == .table else { return try ListFormat.printJSON(backlog) }
    if !backlog.isEmpty { for line in Self.lines(backlog, now: WallClock.now) { Terminal.printLine(line) } }
    if backlog.isEmpty { Terminal.printError("nothing is forwarded; see fogcatcher target --help") }
  }

  static func lines(_ backlog: [TargetBacklog], now: Timestamp) -> [String] {
    var table = TextTable([
      .init(title: "TARGET", widthMax: 24), .init(title: "STATE", widthMax: 12), .init(title: "WAITING", widthMax: 12, isRight: true),
      .init(title: "OLDEST", widthMax: 8, isRight: true), .init(title: "IN FLIGHT", widthMax: 9, isRight: true),
      .init(title: "PARKED", widthMax: 8, isRight: true), .init(title: "RATE/s", widthMax: 8, isRight: true),
      .init(title: "SENT", widthMax: 12, isRight: true), .init(title: "NEXT TRY", widthMax: 8, isRight: true),
      .init(title: "LAST ANSWER", widthMax: 80),
    ])
    for target in backlog {
      let tenths = Int((target.eventsPerSecond * 10).rounded())
      let answer = target.lastAnswer.map { "\($0.text), \(ListFormat.age(now.milliseconds - $0.at.milliseconds)) ago" }
      table.add([
        target.target, target.phase.rawValue, String(target.waitingEvents),
        target.oldestReceivedAt.map { ListFormat.age(now.milliseconds - $0.milliseconds) } ?? "-", String(target.inFlight),
        String(target.parkedEvents), "\(tenths / 10).\(tenths % 10)", String(target.forwarded),
        target.nextTryAt.map { "in " + ListFormat.age($0.milliseconds - now.milliseconds) } ?? "-",
        target.pause.map { "paused: \($0.reason)" } ?? answer ?? "-",
      ])
    }
    return table.lines()
  }
}
