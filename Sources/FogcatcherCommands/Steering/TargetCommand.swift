import ArgumentParser
import FaceEvents

struct TargetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Says where events are forwarded to.",
    discussion: """
      A history target gets every event at least once, oldest first, however long it was away. A realtime target gets what happens now, at \
      once and once. A status target gets the node's own state. Works through the running node, or on its data directory when none runs.

        fogcatcher target list
        fogcatcher target add cloud --to https://cloud.example:9528/HistoryEvent
        fogcatcher target add cloud --to http://cloud.example:9528/HistoryEvent --from beginning
        fogcatcher target add display --lane realtime --to http://10.0.0.7:9999/updateWTVInfo
        fogcatcher target set cloud --pictures scene,face --header "Authorization: @token.txt"
        fogcatcher target test cloud
        fogcatcher target pause cloud --reason "moving house"
        fogcatcher target resume cloud
        fogcatcher target remove cloud

      What a target refused for good is parked: see fogcatcher parked. How far each is: fogcatcher backlog.
      """,
    subcommands: [List.self, Add.self, Change.self, Remove.self, Pause.self, Resume.self, Test.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the targets; passwords and header values are ***.")

    @OptionGroup var node: AdministrationOptions
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format = ListFormat.table

    func run() async throws {
      let targets = try await node.withNode { forwarding, _ in try await forwarding.targets() }.map(\.masked)
      guard format == .table else { return try ListFormat.printJSON(targets) }
      var table = TextTable([
        .init(title: "TARGET", widthMax: 24), .init(title: "LANE", widthMax: 8), .init(title: "FORM", widthMax: 9),
        .init(title: "PICTURES", widthMax: 32), .init(title: "STATE", widthMax: 24), .init(title: "TO", widthMax: 120),
      ])
      for target in targets {
        let roles = PictureRole.allCases.filter(target.pictures.contains).map(\.word).joined(separator: ",")
        let pictures = target.pictures.count == PictureRole.allCases.count ? "all" : roles.isEmpty ? "none" : roles
        table.add([
          target.id, target.lane.rawValue, target.format.rawValue, target.lane == .status ? "-" : pictures,
          target.pause == nil ? "active" : "paused", target.urls.joined(separator: " "),
        ])
      }
      ListFormat.print(table)
      for target in targets {
        if let pause = target.pause { Terminal.printLine("\(target.id) is paused: \(TextWidth.printable(pause.reason))") }
      }
      if targets.isEmpty { Terminal.printError("nothing is forwarded; see fogcatcher target add --help") }
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Adds a target; the node begins at once.")

    @Argument(help: ArgumentHelp("What to call it: a-z, 0-9, - _ and dots.", valueName: "target")) var id: String
    @Option(help: ArgumentHelp("history, realtime or status.", valueName: "lane")) var lane = TargetLane.history
    @Option(help: ArgumentHelp("Which events: beginning, end (those to come), or after the event of this number.", valueName: "start"))
    var from = StartArgument(.end)
    @OptionGroup var options: TargetOptions
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      var target = ForwardTarget(id: id, name: options.name, lane: lane, urls: options.urls)
      try options.apply(to: &target)
      try await node.withNode(makesData: true) { forwarding, _ in
        guard try await !forwarding.targets().contains(where: { $0.id == id }) else {
          throw CommandFailure("there is a target \(id) already; change it with `fogcatcher target set \(id)`, or choose another name")
        }
        try await forwarding.save(target, start: from.start)
      }
      TargetCommand.warn(target)
      Terminal.printLine("added \(id): \(target.masked.urls.joined(separator: " "))")
    }
  }

  struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Changes what is given of a target, nothing else.")

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var id: String
    @Option(help: ArgumentHelp("Start again: beginning, end, or after the event of this number.", valueName: "start")) var from:
      StartArgument?
    @OptionGroup var options: TargetOptions
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      let target = try await node.withNode { forwarding, _ in
        guard var target = try await forwarding.targets().first(where: { $0.id == id }) else { throw ForwardingError.noSuchTarget(id) }
        try options.apply(to: &target)
        try await forwarding.save(target, start: .end)
        if let from { try await forwarding.restartTarget(id, at: from.start) }
        return target
      }
      TargetCommand.warn(target)
      Terminal.printLine("changed \(id): \(target.masked.urls.joined(separator: " "))")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Forgets a target, how far it is, and what is parked of it.")

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var id: String
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      try await node.withNode { forwarding, _ in try await forwarding.removeTarget(id) }
      Terminal.printLine("removed \(id)")
    }
  }

  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Sends nothing more to a target until it is resumed; nothing is lost.")

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var id: String
    @Option(help: ArgumentHelp("For people who wonder.", valueName: "text")) var reason = "paused by hand"
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      try await node.withNode { forwarding, _ in try await forwarding.pauseTarget(id, reason: reason) }
      Terminal.printLine("paused \(id)")
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Goes on where the target was paused.")

    @Argument(help: ArgumentHelp("The target.", valueName: "target")) var id: String
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      try await node.withNode { forwarding, _ in try await forwarding.resumeTarget(id) }
      Terminal.printLine("resumed \(id)")
    }
  }

  fileprivate static func warn(_ target: ForwardTarget) {
    guard target.tls.isInsecure else { return }
    Terminal.printError("warning: \(target.id) believes any certificate; whoever is in between can read and change everything")
  }
}
