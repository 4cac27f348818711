import ArgumentParser
import AsyncHTTPClient
import EventReceiver
import FaceEvents
import FoundationEssentials
import Logging
import ServiceLifecycle
import Testing

@testable import FogcatcherCommands

@Suite("Serving: a whole node in this process")
struct NodeTests {
  /// Runs a node on a free port and gives its base URL.
  private func withNode<Result: Sendable>(
    in directory: String, _ body: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    var settings = ServeSettings()
    settings.dataDirectory = directory
    settings.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
    settings.receiver.diskReserveBytes = 0
    let data = try await OpenData.open(settings, command: "a test")
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let (urls, url) = AsyncStream.makeStream(of: String.self)
    let group = Node(settings: settings, data: data, logger: logger).makeGroup { listeners in
      for listener in listeners { url.yield("http://\(listener)") }
      url.finish()
    }
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var base: String?
      for await found in urls { base = found }
      let result: Swift.Result<Result, any Error>
      do { result = .success(try await body(try #require(base))) } catch { result = .failure(error) }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      try await data.close()
      return try result.get()
    }
  }

  private func event(_ number: Int) -> String {
    """
    {"identity_id":"E-\(number)","identity_name":"Lin Muster","reg_pic":"/9j/2wBDAP//","timestamp":\(1_709_626_502_345 + number),\
    "score":0.5,"ext_data":{"dev_sno":"FOGLAB0001","ep_id":"FOGLAB0001__10.20.30.41"}}
    """
  }

  private func events(_ arguments: [String], in directory: String) async throws -> [StoredEvent] {
    let command = try EventsCommand.parse(arguments)
    return try await StoreReading.events(command.query, in: directory)
  }

  @Test("What is sent from a file is stored, read back byte for byte, and whole; sent again it is a duplicate")
  func roundTrip() async throws {
    try await withTemporaryDirectory { directory in
      let data = "\(directory)/data"
      let file = "\(directory)/events.ndjson"
      let originals = (0..<20).map(event)
      try write(originals.joined(separator: "\n"), to: file)
      let tallies = try await withNode(in: data) { base in
        var tallies: [SendTally] = []
        for _ in 0..<2 {
          let client = HTTPClient(eventLoopGroupProvider: .singleton)
          let sender = EventSender(client: client, url: "\(base)/HistoryEvent", form: .json, timeout: .seconds(20))
          let run = SendRun(sender: sender, insertion: try PictureInsertion([]), concurrency: 4)
          tallies.append(try await run.send([EventSource(path: file)]))
          try await client.shutdown()
        }
        return tallies
      }
      #expect(tallies.map(\.accepted) == [20, 20])
      #expect(tallies.map(\.duplicates) == [0, 20])
      let stored = try await events(["--oldest", "--limit", "100"], in: data)
      #expect(try await StoreReading.originals(stored, in: data) == originals)
      #expect(try await StoreReading.verify(data).isClean)
    }
  }

  private func repair(_ directory: String) async throws {
    var settings = ServeSettings()
    settings.dataDirectory = directory
    let data = try await OpenData.open(settings, command: "a test")
    let found = try await Repair(data: data, directory: directory).run()
    try await data.close()
    #expect(!found.isClean && !found.repairs.isEmpty)
  }

  @Test("What cannot be brought back is damage once, and a note after repair")
  func missingVolume() async throws {
    try await withTemporaryDirectory { directory in
      let original = event(1)
      try await withNode(in: directory) { base in try await post(original, to: base) }
      let pictures = OpenData.picturesDirectory(in: directory)
      for name in try Directory.names(in: pictures) { try FileManager.default.removeItem(atPath: "\(pictures)/\(name)") }
      #expect(try await !StoreReading.verify(directory).isClean)
      try await repair(directory)
      #expect(try await StoreReading.verify(directory).isClean)
      try FileManager.default.removeItem(atPath: "\(directory)/quarantine/known-damage.txt")
      #expect(try await !StoreReading.verify(directory).isClean)
    }
  }

  private func post(_ event: String, to base: String) async throws {
    let client = HTTPClient(eventLoopGroupProvider: .singleton)
    let outcome = await EventSender(client: client, url: "\(base)/HistoryEvent", form: .json, timeout: .seconds(20)).send(Array(event.utf8))
    try await client.shutdown()
    guard case .answered(let answer) = outcome, answer.isAccepted else { throw FileError(path: base, cause: "not accepted") }
  }

  @Test("A second process on the same data directory is refused, with the holder and what to do")
  func secondProcess() async throws {
    try await withTemporaryDirectory { directory in
      try await withNode(in: directory) { _ in
        var settings = ServeSettings()
        settings.dataDirectory = directory
        let error = await #expect(throws: StorageError.self) { try await OpenData.open(settings, command: "second") }
        let failure = CommandFailure(try #require(error))
        #expect(failure.code == .locked)
        #expect(failure.message.contains("a test") && failure.message.contains("choose another data directory"))
      }
    }
  }

  @Test("A damaged picture is found by verify, set aside by repair, and never handed out")
  func damage() async throws {
    try await withTemporaryDirectory { directory in
      let original = event(1)
      try await withNode(in: directory) { base in try await post(original, to: base) }
      let pictures = OpenData.picturesDirectory(in: directory)
      let volume = URL(filePath: "\(pictures)/\(try #require(try Directory.names(in: pictures).first))")
      var bytes = try Data(contentsOf: volume)
      let place = try #require(bytes.firstRange(of: Data([0xFF, 0xD8, 0xFF])))
      bytes[place.lowerBound + 1] ^= 1
      try bytes.write(to: volume)
      let found = try await StoreReading.verify(directory)
      #expect(!found.isClean)
      #expect(found.lines.contains { $0.contains("reference picture") })
      let stored = try await events([], in: directory)
      #expect(stored.count == 1)
      await #expect(throws: StorageError.self) { try await StoreReading.originals(stored, in: directory) }

      try await repair(directory)
      let after = try await StoreReading.verify(directory)
      #expect(after.isClean, "\(after.lines)")
      #expect(after.lines.contains { $0.hasPrefix("note: ") })
      await #expect(throws: StorageError.self) { try await StoreReading.originals(stored, in: directory) }
    }
  }
}
