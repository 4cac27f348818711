import ArgumentParser
import FaceEvents

struct QuarantineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine", abstract: "Shows requests that could not be understood, and has them kept after all.",
    discussion: """
      What is not an event waits here, as it came; when the quarantine is full the oldest make room, and of very large bodies only the head is kept.

        fogcatcher quarantine list
        fogcatcher quarantine show 3
        fogcatcher quarantine show 3 --out body.bin
        fogcatcher quarantine resubmit 3                       # with a program that understands it
        fogcatcher quarantine resubmit 3 --file mended.json    # what it should have been
        fogcatcher quarantine drop 3 4

      What is resubmitted goes the way of every request, to the path that it was sent to; what is kept leaves the quarantine.
      """,
    subcommands: [List.self, Show.self, Resubmit.self, Drop.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the quarantine, newest first.")

    @Option(help: ArgumentHelp("At most so many.", valueName: "number")) var limit = 50
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format = ListFormat.table
    @OptionGroup var node: AdministrationOptions

    func validate() throws {
      guard (1...10_000).contains(limit) else { throw ValidationError("--limit is \(limit); it must be from 1 to 10000") }
    }

    func run() async throws {
      let entries = try await node.withNode { _, quarantine in try await quarantine.quarantineEntries(limit: limit) }
      guard format == .table else { return try ListFormat.printJSON(entries) }
      var table = TextTable([
        .init(title: "ID", widthMax: 12, isRight: true), .init(title: "LAST (UTC)", widthMax: 20),
        .init(title: "TIMES", widthMax: 9, isRight: true), .init(title: "SIZE", widthMax: 12, isRight: true),
        .init(title: "FROM", widthMax: 39), .init(title: "PATH", widthMax: 40), .init(title: "REASON", widthMax: 100),
      ])
      for entry in entries {
        table.add([
          String(entry.id), ListFormat.time(entry.lastReceivedAt), String(entry.count), String(entry.byteCount), entry.source.address,
          entry.source.path, entry.reason,
        ])
      }
      ListFormat.print(table)
      if entries.isEmpty { Terminal.printError("the quarantine is empty") }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints what was sent, or writes it to a file byte for byte.")

    @Argument(help: ArgumentHelp("The entry.", valueName: "id")) var id: Int64
    @Option(help: ArgumentHelp("Write the bytes into this file.", valueName: "file")) var out: String?
    @Option(help: ArgumentHelp("Print at most so many bytes.", valueName: "number")) var bytes = 4_096
    @OptionGroup var node: AdministrationOptions

    func run() async throws {
      guard let body = try await node.withNode({ _, quarantine in try await quarantine.quarantinedBody(id) }) else {
        throw QuarantineCommand.missing(id)
      }
      guard let out else {
        let text = String(decoding: body.array.prefix(max(0, bytes)), as: UTF8.self)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Terminal.printLine(TextWidth.printable(String(line))) }
        if body.count > bytes { Terminal.printError("\(body.count - bytes) bytes more; --out file writes all") }
        return
      }
      do { try FileBytes.write(body.array, to: out) } catch { throw CommandFailure(error) }
      Terminal.printError("\(body.count) bytes written to \(out)")
    }
  }

  struct Resubmit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Has entries understood and kept, as if they were sent now.")

    @Argument(help: ArgumentHelp("The entries.", valueName: "id")) var ids: [Int64] = []
    @Flag(help: "All entries, at most 10000.") var all = false
    @Option(help: ArgumentHelp("Instead of what was sent, for one entry.", valueName: "file")) var file: String?
    @Option(help: ArgumentHelp("Instead of what was said.", valueName: "type")) var contentType: String?
    @OptionGroup var node: AdministrationOptions

    func validate() throws {
      guard all != !ids.isEmpty else { throw ValidationError("name the entries by their ids, or give --all") }
      guard file == nil || ids.count == 1 else { throw ValidationError("--file is for one entry") }
    }

    func run() async throws {
      let body = try file.map { try FileBytes.given($0, bytesMax: 64 << 20) }
      let failed = try await node.withNode { _, quarantine in
        var failed = 0
        // Oldest first, as they were sent.
        let chosen = all ? try await quarantine.quarantineEntries(limit: 10_000).map(\.id).reversed() : ids
        for id in chosen {
          guard let result = try await quarantine.resubmitQuarantined(id, body: body, contentType: contentType) else {
            Terminal.printError("\(QuarantineCommand.missing(id))")
            failed += 1
            continue
          }
          if !result.isKept { failed += 1 }
          let answer = ReceiverAnswer(httpStatus: result.httpStatus, body: Array(result.answer.utf8))
          for line in answer.lines { Terminal.printLine("\(id)  \(line)") }
        }
        return failed
      }
      if failed > 0 { throw ExitCode(ProgramExit.failure.rawValue) }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Throws entries away, for good.")

    @Argument(help: ArgumentHelp("The entries.", valueName: "id")) var ids: [Int64] = []
    @Flag(help: "All entries.") var all = false
    @OptionGroup var node: AdministrationOptions

    func validate() throws {
      guard all != !ids.isEmpty else { throw ValidationError("name the entries by their ids, or give --all") }
    }

    func run() async throws {
      let count = try await node.withNode { _, quarantine in try await quarantine.dropQuarantined(all ? nil : ids) }
      Terminal.printLine("\(count) dropped")
      if !all, count < ids.count { throw ExitCode(ProgramExit.failure.rawValue) }
    }
  }

  fileprivate static func missing(_ id: Int64) -> CommandFailure {
    CommandFailure("there is no entry \(id) in the quarantine; see fogcatcher quarantine list")
  }
}
