import Testing

@testable import FogcatcherCommands

@Suite("Sending: cutting files into events")
struct JSONSplitterTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var mode = JSONSplitter.Mode.values
    var text: String
    var events: [String]
    var lines: [Int]

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "nothing", text: " \n\n", events: [], lines: []),
    Case(name: "one event over many lines", text: "{\n \"a\": {\"b\": [1]}\n}\n", events: ["{\n \"a\": {\"b\": [1]}\n}"], lines: [1]),
    Case(name: "NDJSON", text: "{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}", events: ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"], lines: [1, 3, 4]),
    Case(name: "an array", text: "[\n{\"a\":1},\n{\"a\":[2,{}]}\n]", events: ["{\"a\":1}", "{\"a\":[2,{}]}"], lines: [2, 3]),
    Case(name: "an array in an array is one element", text: "[[{}],{}]", events: ["[{}]", "{}"], lines: [1, 1]),
    Case(name: "an array after an array", text: "[{\"a\":1}][{\"a\":2}]", events: ["{\"a\":1}", "{\"a\":2}"], lines: [1, 1]),
    Case(
      name: "brackets and quotes in strings", text: #"{"a":"}]\"{","b\\":"["} {}"#, events: [#"{"a":"}]\"{","b\\":"["}"#, "{}"],
      lines: [1, 1]),
    Case(name: "a byte order mark", text: "\u{FEFF}{\"a\":1}", events: ["{\"a\":1}"], lines: [1]),
    Case(name: "an open string ends with its line", text: "{\"a\":\"x\n{\"b\":1}", events: ["{\"a\":\"x", "{\"b\":1}"], lines: [1, 2]),
    Case(name: "an open object is handed on", text: "{\"a\":1", events: ["{\"a\":1"], lines: [1]),
    Case(name: "what is no JSON is handed on by the line", text: "hello you\n{}", events: ["hello you", "{}"], lines: [1, 2]),
    Case(
      name: "by lines: a broken line harms no other", mode: .lines, text: "{\"a\":\n{\"b\":1}\n  \nx]",
      events: ["{\"a\":", "{\"b\":1}", "x]"],
      lines: [1, 2, 4]),
    Case(name: "by lines: an array is one element", mode: .lines, text: "[{},{}]\r\n", events: ["[{},{}]"], lines: [1]),
  ]

  @Test("Events are found, with their lines, however the bytes arrive", arguments: cases)
  func split(_ item: Case) throws {
    let bytes = Array(item.text.utf8)
    for size in [1, 2, 3, 7, max(1, bytes.count)] {
      var splitter = JSONSplitter(mode: item.mode, bytesMax: 1000)
      var found: [JSONSplitter.Element] = []
      var start = 0
      while start < bytes.count {
        found += try splitter.append(bytes[start..<min(bytes.count, start + size)])
        start += size
      }
      if let last = splitter.finish() { found.append(last) }
      #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == item.events, "in pieces of \(size)")
      #expect(found.map(\.line) == item.lines, "in pieces of \(size)")
    }
  }

  @Test("A longer event than the bound is an error that names its line; one of just that length is taken")
  func bound() throws {
    let event = Array("{\"a\":\"1234567890\"}".utf8)
    var exact = JSONSplitter(mode: .values, bytesMax: event.count)
    #expect(try exact.append(event).count == 1)
    var less = JSONSplitter(mode: .values, bytesMax: event.count - 2)
    #expect(throws: JSONSplitter.TooLong(line: 2, bytesMax: event.count - 2)) { try less.append([UInt8(ascii: "\n")] + event) }
  }

  @Test("A file is read a piece at a time, events in order")
  func reader() async throws {
    try await withTemporaryDirectory { directory in
      let lines = (0..<5000).map { "{\"event\":\($0),\"pad\":\"\(String(repeating: "x", count: $0 % 97))\"}" }
      try write(lines.joined(separator: "\n"), to: "\(directory)/events.ndjson")
      var reader = try EventReader(EventSource(path: "\(directory)/events.ndjson"), eventBytesMax: 1000)
      defer { reader.finish() }
      var index = 0
      while let element = try await reader.next() {
        #expect(element == JSONSplitter.Element(line: index + 1, bytes: Array(lines[index].utf8)))
        index += 1
      }
      #expect(index == lines.count)
    }
  }

  @Test("A directory is its JSON files in the order of their names")
  func directory() async throws {
    try await withTemporaryDirectory { directory in
      for name in ["b.json", "a.ndjson", "c.jsonl", "readme.txt", ".hidden.json"] { try write("{}", to: "\(directory)/\(name)") }
      #expect(try EventSource.sources(of: directory).map(\.path) == ["a.ndjson", "b.json", "c.jsonl"].map { "\(directory)/\($0)" })
      #expect(try EventSource.sources(of: "-") == [EventSource(path: "-")])
      #expect(throws: FileError.self) { try EventSource.sources(of: "\(directory)/nothing") }
    }
    try await withTemporaryDirectory { empty in
      #expect(throws: FileError.self) { try EventSource.sources(of: empty) }
    }
  }
}
