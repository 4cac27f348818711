import ArgumentParser
import AsyncHTTPClient
import NIOCore

struct SendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Posts events to a receiver, as a box does, and prints each answer.",
    discussion: """
      Takes files with one event, several (NDJSON) or an array of them, directories of such files (.json, .ndjson, .jsonl, in the order of \
      their names), and - for standard input. Every event is a request of its own.

        fogcatcher send event.json --to http://127.0.0.1:9528/HistoryEvent
        fogcatcher send event.json --to http://gate.example/HistoryEvent \\
          --picture reference=face.jpg --picture scene=door.jpg
        fogcatcher send recordings/ --to http://gate.example/RealTimeEvent \\
          --concurrency 8
        fogcatcher send event.json --to http://box.example/HistoryEvent --form form-data
        fogcatcher events --format original --limit 1000 |
          fogcatcher send - --to http://cloud.example:9528/HistoryEvent

      One line for each answer: file:line, HTTP status, id, and stored, duplicate or what was wrong. Nothing is sent twice by itself: give \
      the same command again, and what was stored already is recognised as a duplicate. The exit code is 0 when every event was accepted.
      """)

  @Argument(help: ArgumentHelp("Files, directories, or - for standard input.", valueName: "file"))
  var inputs: [String]

  @Option(help: ArgumentHelp("Where to post.", valueName: "url")) var to: String

  @Option(help: ArgumentHelp("How to write the events: json or form-data.", valueName: "form")) var form = SendForm.json

  @Option(
    help: ArgumentHelp(
      "Put a file into every event as its picture; the role is reference, scene, face or infrared.", valueName: "role=file"))
  var picture: [PictureArgument] = []

  @Option(help: ArgumentHelp("How many requests run at once.", valueName: "number")) var concurrency = 1

  @Option(help: ArgumentHelp("How long to wait for an answer, such as 30s.", valueName: "time")) var timeout = TimeoutArgument.standard

  func validate() throws {
    guard to.hasPrefix("http://") || to.hasPrefix("https://") else {
      throw ValidationError("--to is \"\(to)\"; it must be a URL such as http://127.0.0.1:9528/HistoryEvent")
    }
    guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency is \(concurrency); it must be from 1 to 256") }
  }

  func run() async throws {
    let sources: [EventSource]
    let insertion: PictureInsertion
    do throws(FileError) {
      var found: [EventSource] = []
      for input in inputs { found += try EventSource.sources(of: input) }
      sources = found
      insertion = try PictureInsertion(picture)
    } catch { throw CommandFailure(error) }

    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
    // A receiver that is not there is said at once, not after the whole timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let sender = EventSender(client: client, url: to, form: form, timeout: timeout.duration)
    let run = SendRun(sender: sender, insertion: insertion, concurrency: concurrency)
    let result: Result<SendTally, any Error>
    do { result = .success(try await run.send(sources)) } catch { result = .failure(error) }
    try await client.shutdown()
    Terminal.clearProgress()
    let tally: SendTally
    do { tally = try result.get() } catch let error as FileError { throw CommandFailure(error) }
    Terminal.printError(tally.text)
    if tally.failed > 0 {
      Terminal.printError("nothing is sent again by itself: give the command once more; what was stored is recognised")
      throw ExitCode(ProgramExit.failure.rawValue)
    }
  }
}

extension SendForm: ExpressibleByArgument {}

/// A time to wait.
struct TimeoutArgument: ExpressibleByArgument, Sendable {
  static let standard = TimeoutArgument(duration: .seconds(60))

  var duration: Duration

  var defaultValueDescription: String { TimeSpan.text(duration) }
}

extension TimeoutArgument {
  init?(argument: String) {
    guard let duration = TimeSpan.parse(argument), duration > .zero, duration <= .seconds(86_400) else { return nil }
    self.init(duration: duration)
  }
}
