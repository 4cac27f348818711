import ArgumentParser
import FaceEvents
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Receives events over HTTP and keeps them, until it is told to stop.",
    discussion: """
      Prints the addresses to paste into a box as soon as it listens. An answer with 2xx means that the whole event, pictures included, is \
      on stable storage. Ctrl-C or SIGTERM finishes what is in flight and ends within 10 seconds; a second one ends at once.

        fogcatcher serve
        fogcatcher serve --listen 0.0.0.0:9528 --data /srv/fogcatcher
        fogcatcher serve --listen [::]:9528 --listen 127.0.0.1:9828
        fogcatcher serve --aliases /getRecord=history --log-format json
        FOGCATCHER_BODY_MAX=64MiB fogcatcher serve

      Exit codes: 0 stopped as asked, 1 stopped with work left, 69 address cannot be used, 74 data cannot be used, 75 data directory in use \
      by another process, 78 settings are wrong.
      """)

  /// From the first signal to the end.
  private static let stopTime = Duration.milliseconds(9_500)

  @Flag(help: ArgumentHelp("Stop when standard input ends, for programs that start a node.", visibility: .hidden)) var stopWithInput = false

  @OptionGroup var options: SettingOptions

  func run() async throws {
    let loaded: LoadedSettings
    do { loaded = try options.loader.load() } catch { throw CommandFailure(error) }
    let settings = loaded.settings
    ProcessTuning.apply()
    if settings.eventLoops > 0 { NIOSingletons.groupLoopCountSuggestion = settings.eventLoops }
    let writer = LineWriter(descriptor: STDERR_FILENO) { [format = settings.logFormat] count in
      LogLine.dropped(count, at: WallClock.now).bytes(format)
    }
    let logger = Self.startLogging(settings, to: writer)
    let accessLines = logger.logLevel <= .info ? AccessLines(format: settings.logFormat, writer: writer) : nil

    let data: OpenData
    do {
      // Where there is data already, the lock has the better message.
      if !OpenData.exists(in: settings.dataDirectory) { try await ListenProbe.check(settings.listen) }
      data = try await OpenData.open(settings, command: "fogcatcher serve") { logger.notice("\($0)") }
    } catch let error as StorageError {
      throw CommandFailure(error)
    } catch let error as ListenError {
      throw CommandFailure(error)
    }
    data.logOpening(to: logger)
    let node = Node(settings: settings, data: data, logger: logger, accessLines: accessLines, effective: loaded.values)
    let storedEvents = await data.storedEvents
    let group = node.makeGroup { listeners in
      let announcement = Announcement(
        listeners: listeners, addresses: .current, dataDirectory: OpenData.absolutePath(settings.dataDirectory), storedEvents: storedEvents,
        settingsFile: loaded.file, processID: getpid())
      Terminal.printLine(announcement.text)
      logger.notice("listening", metadata: ["addresses": "\(listeners.map(\.description).joined(separator: " "))"])
      ProgramPages.giveBack()
    }
    try await run(group, of: node, data)
  }

  private func run(_ group: ServiceGroup, of node: Node, _ data: OpenData) async throws {
    let logger = node.logger
    let (stops, stop) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingOldest(1))
    let signals = StopSignals(stopTime: Self.stopTime) { number in
      logger.notice("stopping: finishing what is in flight; once more ends at once", metadata: ["signal": "\(number)"])
      stop.yield(number)
    } onDeadline: {
      logger.error("not finished in time: what was not answered is abandoned", metadata: node.waiting)
    }
    let inputEnd = stopWithInput ? InputEnd { kill(getpid(), SIGTERM) } : nil
    defer { withExtendedLifetime((signals, inputEnd)) {} }
    let outcome = await withTaskGroup(of: Void.self, returning: Result<Void, any Error>.self) { tasks in
      tasks.addTask { for await _ in stops { await group.triggerGracefulShutdown() } }
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await group.run()) } catch { outcome = .failure(error) }
      tasks.cancelAll()
      return outcome
    }
    do { try await data.close() } catch { logger.error("the data could not be closed cleanly", metadata: ["cause": "\(error)"]) }
    do { try outcome.get() } catch let error as ListenError { throw CommandFailure(error) }
    logger.notice("stopped")
  }

  private static func startLogging(_ settings: ServeSettings, to writer: LineWriter) -> Logger {
    let make: @Sendable (String) -> LogLines = { label in
      var lines = LogLines(label: label, format: settings.logFormat, writer: writer)
      lines.logLevel = settings.logLevel
      return lines
    }
    // For libraries that make their own loggers.
    LoggingSystem.bootstrap(make)
    return Logger(label: "fogcatcher", factory: make)
  }
}
