import ArgumentParser
import FaceEvents

struct ParkedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parked", abstract: "Shows what targets refused for good, and has it sent again.",
    discussion: """
      A parked event is still stored here. The events behind it went on. NUMBER is its place in the order of storing.

        fogcatcher parked list
        fogcatcher parked show cloud 4711
        fogcatcher parked replay cloud 4711
        fogcatcher parked replay cloud --all    # when the target has been mended
        fogcatcher parked drop cloud 4711 4712
      """,
    subcommands: [List.self, Show.self, Replay.self, Drop.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists parked events, oldest first.")

    @Option(help: ArgumentHelp("Only of this target.", valueName: "target")) var target: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "number")) var limit = 50
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format = ListFormat.table
    @OptionGroup var node: AdministrationOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit is \(limit); it must be from 1 to 10000") }
    }

    func run() async throws {
      let events = try await node.withNode { forwarding, _ in try await forwarding.parked(target: target, after: 0, limit: limit) }
      guard format == .table else { return try ListFormat.printJSON(events) }
      var table = TextTable([
        .init(title: "TARGET", widthMax: 24), .init(title: "NUMBER", widthMax: 12, isRight: true), .init(title: "EVENT", widthMax: 36),
        .init(title: "PARKED (UTC)", widthMax: 20), .init(title: "HTTP", widthMax: 4, isRight: true), .init(title: "STATE", widthMax: 9),
        .init(title: "REASON", widthMax: 100),
      ])
      for event in events {
        table.add([
          event.target, String(event.sequence), event.eventID?.description ?? "-", ListFormat.time(event.parkedAt),
          event.httpStatus.map(String.init) ?? "-", event.isReplaying ? "replaying" : "parked", event.reason,
        ])
      }
      ListFormat.print(table)
      if events.isEmpty { Terminal.printError("nothing is parked") }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows one parked event with the target's answer.")

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var target: String
    @Argument(help: ArgumentHelp("The event's number.", valueName: "number")) var sequence: Int64
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      let found = try await node.withNode { forwarding, _ in
        try await forwarding.parked(target: target, after: sequence - 1, limit: 1).first { $0.sequence == sequence }
      }
      guard let event = found else {
        throw CommandFailure("nothing with number \(sequence) is parked of \(target); see fogcatcher parked list")
      }
      Terminal.printLine("event     \(event.eventID?.description ?? "unknown")")
      Terminal.printLine(
        "parked    \(ListFormat.time(event.parkedAt)) after \(event.attempts) requests\(event.isReplaying ? "; replaying" : "")")
      Terminal.printLine("reason    \(TextWidth.printable(event.reason))")
      Terminal.printLine("answer    \(event.httpStatus.map { "HTTP \($0)" } ?? "none")")
      if !event.excerpt.isEmpty {
        Terminal.printLine("")
        for line in event.excerpt.split(separator: "\n", omittingEmptySubsequences: false) {
          Terminal.printLine(TextWidth.printable(String(line)))
        }
      }
      if let id = event.eventID { Terminal.printError("the event itself: fogcatcher events --id \(id) --format original") }
    }
  }

  /// Which parked events are meant.
  struct Choice: ParsableArguments {
    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var target: String
    @Argument(help: ArgumentHelp("The events' numbers.", valueName: "number")) var sequences: [Int64] = []
    @Flag(help: "All that is parked of the target.") var all = false

    func validate() throws {
      guard all != !sequences.isEmpty else { throw ValidationError("name the events by their numbers, or give --all") }
    }
  }

  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Has parked events sent again, besides what else there is to send.")

    @OptionGroup var choice: Choice
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      let count = try await node.withNode { forwarding, _ in
        try await forwarding.replayParked(target: choice.target, sequences: choice.all ? nil : choice.sequences)
      }
      Terminal.printLine("\(count) will be sent again to \(choice.target)")
      if !choice.all, count < choice.sequences.count { throw ExitCode(ProgramExit.failure.rawValue) }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives up on parked events: the target never gets them. They stay stored here.")

    @OptionGroup var choice: Choice
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      let count = try await node.withNode { forwarding, _ in
        try await forwarding.dropParked(target: choice.target, sequences: choice.all ? nil : choice.sequences)
      }
      Terminal.printLine("\(count) dropped of \(choice.target)")
      if !choice.all, count < choice.sequences.count { throw ExitCode(ProgramExit.failure.rawValue) }
    }
  }
}
