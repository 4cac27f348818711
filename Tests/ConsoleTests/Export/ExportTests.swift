import Crypto
import FaceEvents
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Console

@Suite("Exports")
struct ExportTests {
  private func withAPI(_ body: @escaping @Sendable (ConsoleFixture, any TestClientProtocol) async throws -> Void) async throws {
    try await ConsoleFixture.with { fixture in
      try await Application(router: fixture.router).test(.router) { try await body(fixture, $0) }
    }
  }

  @Test("CSV begins with a byte order mark, has the viewer's times, and no formula")
  func csv() async throws {
    try await withAPI { fixture, client in
      try await fixture.keep(ConsoleFixture.json(1, name: #"=HYPERLINK(\"x\"), Lin"#))
      let answer = try await client.ask(.get, "/export?format=csv&utc_offset=%2B08:00")
      #expect(answer.body.starts(with: [0xEF, 0xBB, 0xBF]) && answer.headers[.contentType] == "text/csv; charset=utf-8")
      let lines = answer.text.split(separator: "\r\n")
      #expect(lines.count == 2 && lines[1].hasPrefix(#"2026-03-01T16:00:01.000+08:00,E-1,"'=HYPERLINK(""x""), Lin",employee"#))
    }
  }

  @Test("An export that finds nothing ends when nobody waits for it any more")
  func gone() async throws {
    let events = NumberedEvents(50_000_000, findsNothing: true)
    let api = EventAPI(events.sources(), feed: LiveFeed())
    let router = Router()
    api.addRoutes(to: router)
    try await Application(router: router).test(.live) { client in
      let port = try #require(client.port)
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port).get()
      try await channel.writeAndFlush(ByteBuffer(string: "GET /api/v1/export?format=csv HTTP/1.1\r\nHost: h\r\n\r\n"))
      try await eventually { events.read.pages > 100 }
      #expect(api.exports.running.count == 1)
      try await channel.close()
      try await eventually { api.exports.running.isEmpty }
    }
    #expect(events.read.pages < 500_000)
  }

  @Test(
    "What a spreadsheet would run gets an apostrophe; numbers stay numbers",
    arguments: [
      ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+49 30", "'+49 30"), ("-2+3", "'-2+3"), ("＝1", "'＝1"), ("\tx", "'\tx"),
      ("-12.5", "-12.5"), ("+7", "+7"), ("a=b", "a=b"), ("", ""), ("a,b", "\"a,b\""), ("a\nb", "\"a\nb\""), ("\"", "\"\"\"\""),
    ])
  func formulas(text: String, cell: String) {
    var row = CSVRow()
    row.text(text)
    #expect(String(decoding: row.bytes, as: UTF8.self) == cell)
  }

  @Test("NDJSON has an event a line, in the form of the event's own page, and more than one page of them")
  func lines() async throws {
    try await withAPI { fixture, client in
      for number in 0..<230 { try await fixture.keep(ConsoleFixture.json(number)) }
      let answer = try await client.ask(.get, "/export?format=ndjson&order=oldest")
      let lines = answer.text.split(separator: "\n")
      #expect(lines.count == 230)
      let first = try JSONDecoder().decode(JSONValue.self, from: Data(lines[0].utf8))
      let id = try #require(first["id"]?.text)
      let page = try await client.ask(.get, "/events/\(id)").json
      #expect(first.names.union(["other_lane_url"]) == page.names && first["fields"] == page["fields"])
    }
  }

  @Test("A ZIP unpacks with other people's programs, and its digests are those of its files")
  func archive() async throws {
    try await withAPI { fixture, client in
      for number in 0..<30 { try await fixture.keep(ConsoleFixture.json(number)) }
      let answer = try await client.ask(.get, "/export?format=zip")
      let directory = NSTemporaryDirectory() + "fogcatcher-export-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: directory) }
      try Data(answer.body).write(to: URL(filePath: directory + "/export.zip"))
      try Self.run(
        "/usr/bin/python3", ["-c", "import zipfile; z = zipfile.ZipFile('export.zip'); assert z.testzip() is None; z.extractall()"],
        directory)
      try Self.run("/usr/bin/sha256sum", ["--check", "--quiet", "--strict", "SHA256SUMS"], directory)
      let manifest = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: directory + "/manifest.json")))
      #expect(manifest["event_count"] == .integer(30) && manifest["is_complete"] == .boolean(true))
      let pictures = manifest["files"]?.list.filter { $0["event_id"] != nil } ?? []
      #expect(pictures.count == 60 && pictures.allSatisfy { $0["name"]?.text?.contains("Lin") == false })
      for picture in pictures {
        let bytes = try Data(contentsOf: URL(filePath: "\(directory)/\(try #require(picture["name"]?.text))"))
        #expect(Hex.text(Array(SHA256.hash(data: bytes))) == picture["sha256"]?.text)
      }
    }
  }

  private static func run(_ program: String, _ arguments: [String], _ directory: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: directory)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program)")
  }

  @Test("A full archive says where the next one begins, and both together have every event once")
  func parts() async throws {
    try await ConsoleFixture.with { fixture in
      for number in 0..<10 { try await fixture.keep(ConsoleFixture.json(number)) }
      var query = EventQuery()
      var parts: [Int] = []
      var seen: Set<String> = []
      repeat {
        let snapshot = try await ExportSnapshot(query, fixture.sources)
        let export = EventExport(sources: fixture.sources, query: query, format: .ndjson, picturesMax: 8)
        var walk = ExportWalk(export, snapshot)
        var ids: [String] = []
        while let entries = try await walk.next() {
          for case .event(let stored) in entries where ids.count < 4 {
            ids.append(stored.event.id.description)
            query.after = EventQuery.Cursor(time: stored.event.time, sequence: stored.sequence)
          }
        }
        parts.append(ids.count)
        seen.formUnion(ids)
      } while parts.last ?? 0 == 4
      #expect(parts == [4, 4, 2] && seen.count == 10)
    }
  }

  @Test("Sizes and offsets on both sides of 32 bits", arguments: [0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000] as [UInt64])
  func zip64(value: UInt64) {
    let clock = ViewerClock(utcOffsetSeconds: 0)
    let time = ZipTime(ConsoleFixture.start, clock: clock)
    let entry = ZipEntry(name: "a", modified: time, isStreamed: false, byteCount: 5, storedByteCount: 5, offset: value)
    let needsMore = value >= 0xFFFF_FFFF
    #expect(ZipRecords.directoryEntry(entry).count == 47 + (needsMore ? 12 : 0))
    #expect(ZipRecords.end(entryCount: 1, directoryOffset: value, directoryBytes: 47).count == 22 + (needsMore ? 76 : 0))
    for (count, isLong) in [(65_534, false), (65_535, true)] as [(UInt64, Bool)] {
      #expect(ZipRecords.end(entryCount: count, directoryOffset: 0, directoryBytes: 0).count == 22 + (isLong ? 76 : 0))
    }
  }

  @Test("How far an export is can be seen while it is written, and no longer", arguments: EventExport.Format.allCases)
  func progress(format: EventExport.Format) async throws {
    let (events, slots) = (NumberedEvents(1_000), ExportSlots())
    let export = EventExport(sources: events.sources(), query: EventQuery(), format: format)
    let seen = Mutex<[ExportSlots.Progress]>([])
    let taken = Mutex<Int64>(0)
    try await export.response(slot: slots.take()).take { buffer in
      let progress = try #require(slots.running.first)
      // This piece is on its way.
      #expect(progress.bytes == taken.withLock { $0 })
      taken.withLock { $0 += Int64(buffer.readableBytes) }
      seen.withLock { $0.append(progress) }
    }
    let list = seen.withLock { $0 }
    #expect(list.count > 1 && list.last?.events == 1_000)
    #expect(zip(list, list.dropFirst()).allSatisfy { $0.events <= $1.events && $0.bytes < $1.bytes })
    #expect(slots.running.isEmpty)
  }

  @Test("So many exports at once, and one more when one is done")
  func slots() {
    let slots = ExportSlots()
    var taken = (0..<ExportSlots.slotsMax).compactMap { _ in slots.take() }
    #expect(taken.count == ExportSlots.slotsMax && slots.take() == nil)
    taken.removeLast()
    #expect(slots.take() != nil)
  }
}
