import ArgumentParser
import AsyncHTTPClient
import FaceEvents
import NIOCore

struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Lets a fleet of invented boxes report to a receiver, or fills a data directory.",
    discussion: """
      For trying out, demonstration and load. People, pictures and scores are invented; every event has a scene and a face of its own, and a \
      known person has the same reference picture every time.

        fogcatcher simulate --to http://127.0.0.1:9528
        fogcatcher simulate --to http://127.0.0.1:9528 --boxes 20 --rate 200 --duration 5m
        fogcatcher simulate --to http://127.0.0.1:9528 --form G5 --realtime --stranger-share 0.5
        fogcatcher simulate --to http://127.0.0.1:5000/getRecord --format form-data
        fogcatcher simulate --to http://127.0.0.1:9528 --seed 7 --start 2024-03-05T08:00:00Z \\
          --events 100    # the same 100 events every time
        fogcatcher simulate --into ./data --events 100000 --people 2000 --boxes 30 --days 90 --without-pictures

      Without a path the boxes report to /HistoryEvent, /RealTimeEvent (with --realtime, 0.5 s, as boxes do) and /DeviceStatus; a URL with a \
      path gets history events alone. Ctrl-C ends early.

      The pace does not follow the answers. When the target is slower than --rate, at most --concurrency passages are under way, the next \
      ones start late and are counted, and what was due and never started is said at the end. Times are counted from when an event was due. \
      Nothing is sent twice. The exit code is 0 when everything was accepted.

      With --into nothing is sent: the passages of the last --days are put into the data directory as if they had been reported, which no \
      node may use meanwhile, as fast as the disk takes them. Without pictures a passage has no feature vector either. Of --rate, \
      --duration, --heartbeat, --concurrency, --format and --timeout none matters then.
      """)

  @Option(help: ArgumentHelp("Where to report.", valueName: "url")) var to: String?
  @Option(help: ArgumentHelp("Data directory to fill instead.", valueName: "directory")) var into: String?
  @Option(help: ArgumentHelp("How many boxes.", valueName: "number")) var boxes = 4
  @Option(help: ArgumentHelp("Passages a second, over all boxes.", valueName: "number")) var rate = 10.0
  @Option(help: ArgumentHelp("How many people the boxes know.", valueName: "number")) var people = 50
  @Option(help: ArgumentHelp("Part of the passages that are strangers', from 0 to 1.", valueName: "share")) var strangerShare = 0.2
  @Option(
    help: ArgumentHelp("G1, G2, G3a, G3b, G3c, G4a, G4b, G4c or G5 for all boxes, or mixed: each box has its own.", valueName: "form"))
  var form = SimulatedForm.mixed
  @Option(help: ArgumentHelp("json or form-data.", valueName: "format")) var format = SendForm.json
  @Flag(help: "Report every passage at once too, as a realtime event.") var realtime = false
  @Option(help: ArgumentHelp("How long, such as 30s or 2h.", valueName: "time")) var duration = TimeoutArgument(duration: .seconds(60))
  @Option(help: ArgumentHelp("End after so many passages (default with --into: \(Self.eventsIntoDefault)).", valueName: "number"))
  var events: Int?
  @Option(help: ArgumentHelp("With --into: over how many days the passages are spread.", valueName: "number")) var days = 90
  @Flag(help: "With --into: keep no pictures.") var withoutPictures = false
  @Option(help: ArgumentHelp("Chooses people, pictures and passages.", valueName: "number")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Time of the first event (default: now; with --into, --days ago).", valueName: "moment")) var start:
    MomentArgument?
  @Option(help: ArgumentHelp("Time between two status reports of a box.", valueName: "time"))
  var heartbeat = TimeoutArgument(duration: .seconds(20))
  @Option(help: ArgumentHelp("Most passages under way.", valueName: "number")) var concurrency = 64
  @Option(help: ArgumentHelp("How long to wait for an answer.", valueName: "time")) var timeout = TimeoutArgument(duration: .seconds(30))

  func validate() throws {
    if (to == nil) == (into == nil) { throw ValidationError("give either --to with a URL or --into with a data directory") }
    if to != nil, withoutPictures { throw ValidationError("--without-pictures is for --into") }
    let paths = to == nil ? nil : try destination
    try check("--days", days, 1...3_650)
    try check("--boxes", boxes, 1...10_000)
    try check("--rate", rate, 0.01...100_000)
    try check("--people", people, 1...1_000_000)
    try check("--stranger-share", strangerShare, 0...1)
    try check("--concurrency", concurrency, 1...4_096)
    try check("--events", events ?? 1, 1...1_000_000_000)
    if realtime, let paths, paths.realtime == nil {
      throw ValidationError("--realtime needs --to without a path: \(to ?? "") would get history and realtime events mixed")
    }
  }

  private func check<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Where each kind goes: a URL without a path has the classic ones (protocol.md 1.5).
  var destination: (history: String, realtime: String?, status: String?) {
    get throws {
      let to = to ?? ""
      guard let scheme = ["http://", "https://"].first(where: to.hasPrefix), to.count > scheme.count else {
        throw ValidationError("--to is \"\(to)\"; it must be a URL such as http://127.0.0.1:9528")
      }
      let base = to.hasSuffix("/") ? String(to.dropLast()) : to
      guard !base.dropFirst(scheme.count).contains(where: { $0 == "/" || $0 == "?" }) else { return (to, nil, nil) }
      return (base + "/HistoryEvent", base + "/RealTimeEvent", base + "/DeviceStatus")
    }
  }

  var fleet: SimulatedFleet {
    SimulatedFleet(SimulatedFleet.Size(boxes: boxes, people: people, strangerShare: strangerShare, form: form.eventForm), seed: seed)
  }

  func run() async throws {
    if let into { return try await fill(into) }
    let paths = try destination
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency + 2
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let simulation = Simulation(
      fleet: fleet,
      history: EventSender(client: client, url: paths.history, form: format, timeout: timeout.duration),
      realtime: realtime ? paths.realtime.map { EventSender(client: client, url: $0, form: format, timeout: .milliseconds(500)) } : nil,
      status: paths.status.map { EventSender(client: client, url: $0, form: .json, timeout: timeout.duration) }, rate: rate,
      duration: duration.duration, passagesMax: events, concurrency: concurrency, heartbeat: heartbeat.duration,
      start: start?.time ?? WallClock.now)
    let figures = await run(simulation)
    try await client.shutdown()
    if figures.failed > 0 || figures.neverStarted > 0 { throw ExitCode(ProgramExit.failure.rawValue) }
  }

  private func run(_ simulation: Simulation) async -> SimulationTally.Figures {
    let (tally, stop) = (SimulationTally(), StopRequest())
    let signals = StopSignals(stopTime: .seconds(35)) { _ in
      stop.request()
    } onDeadline: {
      Terminal.printError("not everything was answered in time")
    }
    let begin = ContinuousClock.now
    await simulation.run(tally, stop: stop)
    withExtendedLifetime(signals) {}
    Terminal.clearProgress()
    let figures = tally.current
    for line in SimulationReport(figures: figures, time: .now - begin).lines { Terminal.printLine(line) }
    return figures
  }
}

/// A form for all boxes, or one for each.
struct SimulatedForm: ExpressibleByArgument, Sendable {
  static let mixed = SimulatedForm(eventForm: nil)

  var eventForm: EventForm?

  var defaultValueDescription: String { eventForm?.rawValue ?? "mixed" }
}

extension SimulatedForm {
  /// G3 and G4 mean their last edition.
  init?(argument: String) {
    let word = argument.lowercased()
    guard word != "mixed" else {
      self = .mixed
      return
    }
    let name = ["g3": "g3c", "g4": "g4c"][word] ?? word
    guard let found = SimulatedFleet.forms.first(where: { $0.rawValue.lowercased() == name }) else { return nil }
    self.init(eventForm: found)
  }
}
