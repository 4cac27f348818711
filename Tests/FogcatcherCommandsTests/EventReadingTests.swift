import ArgumentParser
import FaceEvents
import FoundationEssentials
import TestSupport
import Testing

@testable import FogcatcherCommands

@Suite("Reading: events as tables, lines and files")
struct EventReadingTests {
  private func stored(_ event: FaceEvent, sequence: Int64 = 1) -> StoredEvent {
    StoredEvent(
      sequence: sequence, event: event,
      locations: event.pictures.indices.map { PictureLocation(volume: 1, offset: UInt64($0) * 4096) })
  }

  @Test("The table fits 120 columns whatever stands in an event")
  func tableWidth() {
    let long = String(repeating: "林", count: 80)
    let wide = SampleRecords.event(
      "a", person: Person(id: long, name: long, personClass: .blacklist), box: long, endpoint: long,
      pictures: [SampleRecords.picture("p", .scene)])
    var table = EventTable()
    let lines = table.lines([stored(wide), stored(SampleRecords.event("b"), sequence: 2)]) + table.lines([stored(wide, sequence: 3)])
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("TIME (UTC)"))
    for line in lines { #expect(TextWidth.columns(line) <= 120, "\(line)") }
    #expect(lines[1] == lines[3])
  }

  @Test("A row shows when, who, how sure and where")
  func row() {
    let event = SampleRecords.event("a", at: 345, person: Person(id: "p-17", name: "林伟", personClass: .stranger))
    #expect(
      EventTable.row(event) == ["2026-03-01 08:00:00.345", "history", "stranger", "p-17", "林伟", "0.875", "BOX-A", "the gate-1", "0"])
  }

  @Test(
    "Scores have at most four digits behind the point",
    arguments: [
      (0.71, "0.71"), (94.8, "94.8"), (1, "1"), (0, "0"), (0.123456, "0.1235"), (-0.5, "-0.5"), (0.99999, "1"), (1e9, "1000000000.0"),
    ])
  func score(value: Double, text: String) { #expect(EventTable.scoreText(value) == text) }

  @Test("A line of NDJSON has the columns and what is known of the pictures")
  func ndjson() throws {
    let event = SampleRecords.event("a", at: 1, pictures: [SampleRecords.picture("p", .face, byteCount: 7)])
    let bytes = EventLine(stored(event, sequence: 42)).bytes
    #expect(!bytes.contains(UInt8(ascii: "\n")))
    let text = String(decoding: bytes, as: UTF8.self)
    let members = [
      #""sequence":42"#, #""id":"\#(event.id)""#, #""lane":"history""#, #""time":"2026-03-01T08:00:00.001Z""#, #""time_ms":1772352000001"#,
      #""person":{"id":"p-17","name":"Lin Muster","class":"employee","group":null}"#, #""score":{"value":0.875,"scale":"unit"}"#,
      #""pictures":[{"role":"face","field":"face_pic","bytes":7,"sha256":"\#(event.pictures[0].digest)"}]"#, #""action":null"#,
    ]
    for member in members { #expect(text.contains(member), "\(member)") }
    #expect(throws: Never.self) { try JSONDecoder().decode(EmptyObject.self, from: Data(bytes)) }
  }

  @Test(
    "An original is printed as it is; one with line breaks as a JSON string that holds it",
    arguments: [
      (#"{"a":"\n \u00e9 / \/"}"#, #"{"a":"\n \u00e9 / \/"}"#), ("{\n\t\"a\": \"\\\\\"\r\n}", #""{\n\t\"a\": \"\\\\\"\r\n}""#),
      ("{\r}", #""{\r}""#),
      ("\"", "\""),
    ])
  func original(text: String, line: String) throws {
    let bytes = OriginalLine.bytes(Array(text.utf8))
    #expect(String(decoding: bytes, as: UTF8.self) == line)
    #expect(OriginalLine.original(of: bytes) == Array(text.utf8))
  }

  @Test("An original that is not UTF-8 keeps its bytes")
  func originalBytes() {
    #expect(OriginalLine.bytes([0x7B, 0xFF, 0x0A, 0x7D]) == [0x22, 0x7B, 0xFF, 0x5C, 0x6E, 0x7D, 0x22])
  }

  @Test("Names of picture files sort by time, then by place in the event, and have the extension of the bytes")
  func fileNames() throws {
    let pictures = (0..<11).map { SampleRecords.picture("p\($0)", .scene) } + [SampleRecords.picture("q", .reference)]
    let early = SampleRecords.event("z", at: 1, pictures: pictures)
    let late = SampleRecords.event("a", at: 2, pictures: pictures)
    let jpeg = SharedBytes([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46, 0, 1])
    var names: [String] = []
    for event in [early, late] {
      for (index, picture) in pictures.enumerated() { names.append(PictureFiles.name(of: picture, index: index, in: event, bytes: jpeg)) }
    }
    #expect(names == names.sorted())
    #expect(names[0] == "20260301T080000.001Z_\(early.id)_01-scene.jpg")
    #expect(names[11] == "20260301T080000.001Z_\(early.id)_12-reference.jpg")
    #expect(PictureFiles.name(of: pictures[0], index: 0, in: early, bytes: SharedBytes([1, 2])).hasSuffix("_01-scene.bin"))
  }

  @Test("A picture file is whole under its name, again and again, and nothing else is left")
  func writeFile() async throws {
    try await withTemporaryDirectory { directory in
      let files = try PictureFiles(directory: "\(directory)/a/b")
      let event = SampleRecords.event("a", pictures: [SampleRecords.picture("p", .face)])
      let bytes = SharedBytes(Array(repeating: 7, count: 100_000))
      for _ in 0..<2 {
        let path = try files.write(event.pictures[0], index: 0, of: event, bytes: bytes)
        #expect(try Data(contentsOf: URL(filePath: path)).elementsEqual(bytes.array))
      }
      #expect(try Directory.names(in: "\(directory)/a/b").count == 1)
    }
  }

  @Test("The arguments become the query")
  func query() throws {
    let command = try EventsCommand.parse([
      "--person", "E-1", "--box", "B", "--endpoint", "C", "--class", "VIP", "--lane", "realtime", "--since", "2024-03-05", "--until",
      "2024-03-05", "--limit", "7", "--oldest", "--id", "018e0d6f-0d29-8abc-9def-001122334455",
    ])
    let query = command.query
    #expect(query.personID == "E-1" && query.boxCode == "B" && query.endpointID == "C")
    #expect(query.personClass == .vip && query.lane == .realtime && query.order == .oldestFirst && query.limit == 7)
    #expect(query.since?.milliseconds == 1_709_596_800_000 && query.until?.milliseconds == 1_709_683_199_999)
    #expect(query.id?.description == "018e0d6f-0d29-8abc-9def-001122334455")
    #expect(try EventsCommand.parse([]).query.order == .newestFirst)
  }

  @Test(
    "Arguments that cannot be meant are refused",
    arguments: [
      ["--limit", "0"], ["--class", "pirate"], ["--lane", "fast"], ["--id", "7"], ["--since", "soon"], ["--since", "1h", "--until", "2h"],
    ])
  func refused(arguments: [String]) {
    #expect(throws: (any Error).self) { try EventsCommand.parse(arguments) }
  }
}

/// Any JSON object.
private struct EmptyObject: Decodable {}
