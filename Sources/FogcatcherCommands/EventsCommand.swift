import ArgumentParser
import FaceEvents
import PictureVolumes
import SQLiteStorage

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Reads events back, also while serve runs.",
    discussion: """
      Everything that is given must hold. Moments are RFC 3339 (2024-03-05T08:15:02Z), a date (2024-03-05, UTC), epoch ms or s, or how \
      long ago (2h, 30m, 7d).

        fogcatcher events                                       # the newest 20
        fogcatcher events --since 2h --class stranger
        fogcatcher events --person E-20417 --since 2024-03-01 --until 2024-03-31
        fogcatcher events --box FOGLAB0001 --oldest --limit 1000 --pictures ./out
        fogcatcher events --format ndjson --limit 100000 | jq .person.id
        fogcatcher events --id 018e0d6f-1234-8abc-9def-001122334455 --format original

      --format original prints each event's own JSON, byte for byte as it was sent, one a line. One that holds a line break itself, also at \
      its end, is printed as a JSON string that contains it, so that a line is always one event; `fogcatcher send` reads both. Events that \
      came as a form are the JSON that says the same.

      --pictures writes files such as 20240305T081502.345Z_<id>_01-reference.jpg. A damaged picture is reported and left out, and the exit \
      code is 1.
      """)

  @Option(help: ArgumentHelp("Data directory (default: as for serve).", valueName: "directory")) var data: String?
  @Option(help: ArgumentHelp("Settings file, for the data directory.", valueName: "file")) var config: String?

  @Option(help: ArgumentHelp("Person number, as the box says.", valueName: "id")) var person: String?
  @Option(help: ArgumentHelp("Code of the box.", valueName: "code")) var box: String?
  @Option(help: ArgumentHelp("Id of the camera, gate or door.", valueName: "id")) var endpoint: String?
  @Option(
    name: .customLong("class"), help: ArgumentHelp("employee, visitor, blacklist, stranger, vip, car or other.", valueName: "class"))
  var personClass: PersonClass?
  @Option(help: ArgumentHelp("history or realtime.", valueName: "lane")) var lane: Lane?
  @Option(help: ArgumentHelp("Event id.", valueName: "id")) var id: EventID?
  @Option(help: ArgumentHelp("From this moment on.", valueName: "moment")) var since: MomentArgument?
  @Option(help: ArgumentHelp("Up to this moment; a date means its whole day.", valueName: "moment")) var until: MomentArgument?
  @Option(help: ArgumentHelp("At most so many events.", valueName: "number")) var limit = 20
  @Flag(help: "Order, by the time of the event (default: --newest).") var order = EventOrder.newest

  @Option(help: ArgumentHelp("table, ndjson or original.", valueName: "format")) var format = EventFormat.table
  @Option(help: ArgumentHelp("Write the pictures into this directory.", valueName: "directory")) var pictures: String?

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit is \(limit); it must be at least 1") }
    if let since, let until, until.lastMoment < since.time { throw ValidationError("--until is before --since: no event can match") }
  }

  func run() async throws {
    let loader = SettingsLoader(flags: data.map { ["data": [$0]] } ?? [:], file: config, environment: ProcessEnvironment.variables)
    let directory: String
    do { directory = try loader.dataDirectory() } catch { throw CommandFailure(error) }
    do throws(StorageError) {
      let store = try SQLiteStore.openReadOnly(directory: directory)
      let volumes = try PictureVolumes.openForReading(directory: OpenData.picturesDirectory(in: directory))
      let files = try makeFiles()
      var printer = EventPrinter(pictures: volumes, format: format, files: files)
      var pages = EventPages(query, in: store, upTo: try await store.latestSequence())
      while let page = try await pages.next() { try await print(page, &printer) }
      await volumes.close()
      try store.close()
      finish(printer)
      if printer.damages > 0 { throw StorageError.damaged("\(printer.damages) pictures could not be read; run `fogcatcher verify`") }
    } catch {
      throw CommandFailure("\(error)", code: error.isDamage ? .failure : .storage)
    }
  }

  var query: EventQuery {
    var query = EventQuery()
    query.id = id
    query.personID = person
    query.boxCode = box
    query.endpointID = endpoint
    query.personClass = personClass
    query.lane = lane
    query.since = since?.time
    query.until = until?.lastMoment
    query.order = order == .newest ? .newestFirst : .oldestFirst
    query.limit = limit
    return query
  }

  private func makeFiles() throws(StorageError) -> PictureFiles? {
    guard let pictures else { return nil }
    do { return try PictureFiles(directory: pictures) } catch { throw .failed("cannot write pictures to \(error)") }
  }

  private func print(_ page: [StoredEvent], _ printer: inout EventPrinter) async throws(StorageError) {
    do { try await printer.print(page) } catch { throw .failed("cannot write pictures to \(error)") }
  }

  private func finish(_ printer: EventPrinter) {
    if printer.eventCount == 0 { Terminal.printError("no event matches") }
    if let pictures { Terminal.printError("\(printer.pictureCount) pictures written to \(pictures)") }
  }
}

extension StorageError {
  fileprivate var isDamage: Bool { if case .damaged = self { true } else { false } }
}

enum EventOrder: String, EnumerableFlag {
  case newest, oldest
}
