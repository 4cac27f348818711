import ArgumentParser
import FaceEvents
import SQLiteStorage
import Testing

@testable import FogcatcherCommands

@Suite struct PassageFillingTests {
  private static func run(_ arguments: [String]) async throws {
    let command = try #require(try SimulateCommand.parseAsRoot(arguments) as? SimulateCommand)
    try await command.run()
  }

  @Test func aDataDirectoryIsFilledWithEventsThatReadAsIfTheyHadBeenReported() async throws {
    try await withTemporaryDirectory { directory in
      let arguments = [
        "--into", directory, "--events", "300", "--days", "10", "--boxes", "9", "--people", "20", "--realtime", "--without-pictures",
        "--start", "2024-03-04",
      ]
      try await Self.run(arguments)
      try await Self.run(arguments)
      let store = try SQLiteStore.openReadOnly(directory: directory)
      defer { try? store.close() }
      let totals = try await store.totals()
      #expect(totals.events == 600, "the second time all were there already")
      // A realtime event does not name its box, so each of the nine is there by its code and by its address.
      #expect(totals.boxes == 18 && totals.statusReports == 16 && totals.people > 10)
      var query = EventQuery()
      query.order = .oldestFirst
      query.limit = 600
      let events = try await store.events(query).map(\.event)
      #expect(Set(events.map(\.lane)) == [.history, .realtime])
      #expect(events.allSatisfy { $0.warnings.isEmpty && $0.pictures.isEmpty && $0.hasOwnTime && $0.receivedAt > $0.time })
      #expect(Set(events.map(\.form)).count > 9)
      let (first, last) = (try #require(events.first).time.milliseconds, try #require(events.last).time.milliseconds)
      let start: Int64 = 1_709_510_400_000
      #expect(first >= start && last < start + 10 * 86_400_000 && last - first > 8 * 86_400_000)
    }
  }

  @Test func withPicturesTheyAreKeptAndAPersonsReferenceOnce() async throws {
    try await withTemporaryDirectory { directory in
      try await Self.run(["--into", directory, "--events", "40", "--people", "2", "--stranger-share", "0"])
      let store = try SQLiteStore.openReadOnly(directory: directory)
      defer { try? store.close() }
      let events = try await store.events(EventQuery()).map(\.event)
      #expect(events.count == 40 && events.allSatisfy { $0.pictures.contains { $0.role == .scene } })
      #expect(try await store.counts().referencePictures == 2)
    }
  }

  @Test func aDirectoryThatIsInUseIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      var settings = ServeSettings()
      settings.dataDirectory = directory
      let data = try await OpenData.open(settings, command: "fogcatcher serve")
      let error = await #expect(throws: CommandFailure.self) { try await Self.run(["--into", directory, "--events", "1"]) }
      #expect(error?.code == .locked)
      try await data.close()
    }
  }

  @Test func passagesAreInOrderAndFewerByNight() throws {
    let count = 20_000
    let start = Timestamp(milliseconds: 1_709_510_400_000)  // a Monday
    let times = PassageTimes(start: start, days: 7, count: count)
    let milliseconds = (0..<count).map { times.time(of: $0).milliseconds }
    #expect(zip(milliseconds, milliseconds.dropFirst()).allSatisfy(<=))
    func share(ofHours hours: Range<Int64>) -> Double {
      Double(milliseconds.count { hours.contains(($0 - start.milliseconds) / 3_600_000) }) / Double(count)
    }
    #expect(share(ofHours: 0..<168) == 1)
    #expect(share(ofHours: 8..<9) > 10 * share(ofHours: 2..<3))
    #expect(share(ofHours: 128..<129) < share(ofHours: 104..<105) / 2)
  }
}
