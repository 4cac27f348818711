import FaceEvents
import Foundation
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

@testable import Console

@Suite("An export as text")
struct EventTableTests {
  private static let script = """
    import csv, json, sys
    raw = open(sys.argv[1], 'rb').read()
    assert raw.startswith(b'\\xef\\xbb\\xbf')
    print(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''), strict=True))))
    """

  private func response(_ events: NumberedEvents, _ format: EventExport.Format, offset: Int = 0) async throws -> Response {
    var query = EventQuery()
    query.order = .oldestFirst
    return try await EventExport(sources: events.sources(), query: query, format: format, utcOffsetSeconds: offset).response()
  }

  private func rows(_ events: NumberedEvents, offset: Int = 0) async throws -> [[String: String]] {
    let bytes = try await response(events, .csv, offset: offset).taken()
    return try await Tool.inDirectory { directory in
      try Data(bytes).write(to: URL(filePath: directory + "/a.csv"))
      return try Tool.python(Self.script, "a.csv", in: directory, as: [[String: String]].self)
    }
  }

  @Test("Python's csv reads back what was written, on the viewer's clock")
  func readBack() async throws {
    let names = ["林薇", "a \"quoted\" one", "comma, comma", "two\r\nlines", "", " blank "]
    let events = NumberedEvents(names.count) { number, event in event.person.name = names[number] }
    let rows = try await rows(events, offset: -12_600)
    #expect(rows.map { $0["person_name"] } == names)
    #expect(rows[1]["time"] == "2026-03-01T04:30:01.000-03:30")
    #expect(rows[1]["received_at"] == "2026-03-01T04:30:02.000-03:30")
    let stored = events.stored(1)
    #expect(rows[1]["id"] == stored.event.id.description && rows[1]["sequence"] == "2" && rows[1]["score"] == "0.875")
    #expect(rows[1]["scene_sha256"] == stored.event.pictures[0].digest.description)
    #expect(rows[1]["face_sha256"] == stored.event.pictures[1].digest.description)
    #expect(rows[1]["reference_sha256"] == "")
  }

  @Test("a text that a spreadsheet would run has an apostrophe, a number has none")
  func formulas() async throws {
    let given = ["=1+1", "+a", "-a", "@a", "\ta", "\ra", "＝1", "-5", "+86.5", "-1-1", "a=1", "=\"x\",\"y\""]
    let shown = ["'=1+1", "'+a", "'-a", "'@a", "'\ta", "'\ra", "'＝1", "-5", "+86.5", "'-1-1", "a=1", "'=\"x\",\"y\""]
    let events = NumberedEvents(given.count) { number, event in event.endpoint.name = given[number] }
    #expect(try await rows(events).map { $0["endpoint_name"] } == shown)
  }

  @Test("a damaged row keeps its place and says why")
  func damagedRow() async throws {
    let rows = try await rows(NumberedEvents(3, damagedRows: [1]))
    #expect(rows.map { $0["sequence"] } == ["1", "2", "3"])
    #expect(rows.map { $0["problem"] } == ["", "its checksum is wrong", ""])
  }

  @Test("NDJSON has one event a line with every field, in order")
  func lines() async throws {
    let bytes = try await response(NumberedEvents(230), .ndjson).taken()
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 230)
    struct Line: Decodable {
      struct Fields: Decodable { var seed: String }
      var sequence: Int
      var fields: Fields
    }
    let read = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0)) }
    #expect(read.map(\.sequence) == Array(1...230))
    #expect(read.map(\.fields.seed) == (0..<230).map(String.init))
  }

  @Test("what arrives meanwhile is left out, and the export ends", arguments: EventExport.Format.allCases)
  func busy(format: EventExport.Format) async throws {
    // Each page finds more new events than a page has.
    let events = NumberedEvents(350, growth: 3 * ExportSnapshot.pageEvents)
    let bytes = try await response(events, format).taken()
    // One to begin with, and for an archive twice the seven that hold what was there then.
    #expect(events.read.pages <= 15)
    if format == .ndjson { #expect(bytes.count(where: { $0 == UInt8(ascii: "\n") }) == 350) }
    if format == .csv { #expect(bytes.count(where: { $0 == UInt8(ascii: "\n") }) == 351) }
    if format == .zip { #expect(events.read.pictures == 700) }
  }

  @Test("the answer names a file that sorts by time and is kept by nobody in between")
  func headers() async throws {
    let headers = try await response(NumberedEvents(0), .csv).headers
    #expect(headers[.contentType] == "text/csv; charset=utf-8" && headers[.cacheControl] == "no-store")
    #expect(headers[.contentDisposition] == "attachment; filename=\"fogcatcher-events-20260301T080000Z.csv\"")
  }
}
