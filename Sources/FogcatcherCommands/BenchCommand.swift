import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures in a minute what this machine can receive, store and read back, and what bounds it.",
    discussion: """
      Will this box, VM or NAS keep up? Run it on the disk that the data will be on:

        fogcatcher bench --data /srv/fogcatcher
        fogcatcher bench --connections 8 --duration 10s
        fogcatcher bench --reference-kb 20 --spot-kb 500 --format form-data
        fogcatcher bench --without-pictures

      It makes a directory of its own in --data and removes it at the end, also after Ctrl-C; nothing else there is touched. In it,

        1. the disk alone: bytes are appended and synchronized in batches, as a node does it;
        2. receive and store: a node, this program's serve with its defaults, gets invented events with drawn pictures over the loopback \
      network, no two alike. Each connection sends the next event when the last is on stable storage;
        3. read back: events are asked for at random, and every byte is compared with what was sent.

      Node and load share the processors, which boxes and a node do not: the report says how much the load takes. The answer times are those \
      of a node that is given all it can take; at half of it they are a fraction. Stop other work before, a running node too.

      The node's data grows to --size-max at most, then the second part ends early; that much and 1 GiB have to be free. The exit code is 0 \
      when every event was accepted, is there afterwards, and is what was sent.
      """)

  @Option(
    help: ArgumentHelp("Directory on the disk to measure (default: ./data if it is there, else the current one).", valueName: "directory"))
  var data: String?
  @Option(help: ArgumentHelp("How long to receive, such as 10s; the whole takes twice as long.", valueName: "time"))
  var duration = TimeoutArgument(duration: BenchPlan().duration)
  @Option(help: ArgumentHelp("How many senders at once, each a box of its own.", valueName: "number"))
  var connections = BenchPlan().connections
  @Option(help: ArgumentHelp("Size of the reference picture in KB (default: 30).", valueName: "number")) var referenceKb: Int?
  @Option(help: ArgumentHelp("Size of the scene, which boxes call spot picture, in KB (default: 90).", valueName: "number")) var spotKb:
    Int?
  @Flag(help: "Send events without pictures.") var withoutPictures = false
  @Option(help: ArgumentHelp("json or form-data.", valueName: "format")) var format = SendForm.json
  @Option(help: ArgumentHelp("Most that the node's data may take, such as 2GiB.", valueName: "size"))
  var sizeMax = SizeArgument(bytes: BenchPlan().bytesMax)

  func validate() throws {
    try check("--connections", connections, 1...1_024)
    try check("--reference-kb", referenceKb ?? 1, 1...10_000)
    try check("--spot-kb", spotKb ?? 1, 1...10_000)
    guard (.seconds(1) ... .seconds(3_600)).contains(duration.duration) else { throw ValidationError("--duration must be from 1s to 1h") }
    guard sizeMax.bytes >= 64 << 20 else { throw ValidationError("--size-max must be 64MiB or more") }
    if withoutPictures, referenceKb != nil || spotKb != nil {
      throw ValidationError("--without-pictures does not go with --reference-kb or --spot-kb")
    }
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  var plan: BenchPlan {
    var plan = BenchPlan()
    plan.duration = duration.duration
    plan.connections = connections
    plan.referenceBytes = withoutPictures ? 0 : referenceKb.map { $0 * 1_000 } ?? plan.referenceBytes
    plan.sceneBytes = withoutPictures ? 0 : spotKb.map { $0 * 1_000 } ?? plan.sceneBytes
    plan.format = format
    plan.bytesMax = sizeMax.bytes
    return plan
  }

  private var parent: String { data ?? (access("./data", F_OK) == 0 ? "./data" : ".") }

  func run() async throws {
    ProcessTuning.apply()
    let plan = plan
    let stop = StopRequest()
    let directory = try BenchDirectory.make(in: parent, bytesNeeded: plan.bytesNeeded)
    let signals = StopSignals(stopTime: .seconds(60)) { _ in
      stop.request()
      Terminal.clearProgress()
      Terminal.printError("stopping and removing what was written; a second Ctrl-C leaves it in \(directory.path)")
    } onDeadline: {
      Terminal.printError("not stopped in time; \(directory.path) is left behind")
    }
    defer { withExtendedLifetime(signals) {} }
    printIntroduction(plan)
    let outcome: Result<Bench.Figures, any Error>
    do {
      outcome = .success(try await Bench(plan: plan, directory: directory, stop: stop).run())
    } catch {
      outcome = .failure(error)
    }
    Terminal.showProgress("removing \(directory.path)")
    let removal = Result { () throws(CommandFailure) in try directory.remove() }
    Terminal.clearProgress()
    let figures = try outcome.get()
    for line in BenchReport(plan: plan, figures: figures).lines { Terminal.printLine(line) }
    try removal.get()
    if !figures.isSound { throw ExitCode(ProgramExit.failure.rawValue) }
  }

  private func printIntroduction(_ plan: BenchPlan) {
    let pictures =
      plan.pictureBytes == 0 ? "without pictures" : "with pictures of \(plan.referenceBytes / 1_000) KB and \(plan.sceneBytes / 1_000) KB"
    Terminal.printLine(
      "fogcatcher \(ProgramVersion.text): events \(pictures) as \(plan.format.rawValue), \(plan.connections) connections, "
        + "in \(OpenData.absolutePath(parent))")
    if BenchDirectory.isInMemory(parent) { Terminal.printLine("That directory is in memory: what follows says nothing of a disk.") }
    #if DEBUG
      Terminal.printLine("This program is built for debugging: what follows says nothing of one that is optimized.")
    #endif
    Terminal.printLine("")
  }
}

/// A size as people write them.
struct SizeArgument: ExpressibleByArgument, Sendable {
  var bytes: Int64

  var defaultValueDescription: String { ByteSize.text(bytes) }
}

extension SizeArgument {
  init?(argument: String) {
    guard let bytes = ByteSize.parse(argument), bytes > 0, bytes <= 1 << 50 else { return nil }
    self.init(bytes: bytes)
  }
}
