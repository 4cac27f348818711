import EventCoding
import EventReceiver
import FaceEvents
import FoundationEssentials
import Logging
import TestSupport
import Testing

@testable import FogcatcherCommands

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Logs")
struct LogTests {
  private static let time = Timestamp(milliseconds: 1_709_626_502_345)

  private func line(_ message: String, _ metadata: Logger.Metadata, level: Logger.Level = .notice) -> LogLine {
    LogLine(time: Self.time, level: level, label: "fogcatcher", message: message, metadata: metadata)
  }

  @Test("Text lines have the time, the level, the message and sorted metadata")
  func text() {
    let bytes = line("stored", ["b": "2", "a": "x y", "c": "", "d": "q\"="]).bytes(.text)
    #expect(String(decoding: bytes, as: UTF8.self) == "2024-03-05T08:15:02.345Z notice   stored a=\"x y\" b=2 c=\"\" d=\"q\\\"=\"\n")
  }

  @Test("JSON lines are objects whose own members metadata cannot replace")
  func json() throws {
    let bytes = line("stored", ["b": "2", "level": "x"], level: .error).bytes(.json)
    let members = try JSONDecoder().decode([String: String].self, from: Data(bytes))
    #expect(
      members == [
        "time": "2024-03-05T08:15:02.345Z", "level": "error", "label": "fogcatcher", "message": "stored", "b": "2", "level_": "x",
      ])
  }

  @Test("An entry is one line whatever is in it, and steers no terminal", arguments: LogFormat.allCases)
  func oneLine(format: LogFormat) {
    let bytes = line("a\nb\u{1B}[2J", ["k": "v\r\nw\u{9B}\u{1B}"]).bytes(format)
    #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
    #expect(bytes.last == UInt8(ascii: "\n"))
    #expect(!bytes.contains(0x1B))
  }

  @Test("An entry fits into a pipe's atomic write", arguments: LogFormat.allCases)
  func bounded(format: LogFormat) {
    let long = String(repeating: "\u{01}", count: 10_000)
    for entry in [line(long, [:]), line("m", ["k": .string(long)]), line(long, ["k": .string(long)])] {
      let bytes = entry.bytes(format)
      #expect(bytes.count <= LineWriter.lineBytesMax)
      #expect(bytes.last == UInt8(ascii: "\n"))
    }
  }

  @Test("A logger writes through its handler, with its own metadata and that of the call, above its level only")
  func handler() throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writeEnd) { _ in [] }
    var logger = Logger(label: "fogcatcher") { LogLines(label: $0, format: .text, writer: writer, now: { Self.time }) }
    logger[metadataKey: "box"] = "A"
    logger.info("request", metadata: ["event": "1"])
    logger.debug("not this")
    #expect(try pipe.read() == "2024-03-05T08:15:02.345Z info     request box=A event=1\n")
  }

  @Test("A reader that does not read costs lines, never time; how many is told when it reads again")
  func slowReader() throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writeEnd) { Array("dropped \($0)\n".utf8) }
    let text = Array((String(repeating: "x", count: 4000) + "\n").utf8)
    // More than a pipe holds: with a blocking write this test would never end.
    for _ in 0..<100 { writer.write(text) }
    let first = try pipe.read()
    let written = first.split(separator: "\n").count
    #expect(written > 0 && written < 100)
    writer.write(Array("after\n".utf8))
    #expect(try pipe.read() == "dropped \(100 - written)\nafter\n")
  }

  @Test("Lines that gather are written whole and in order, by themselves or with the next line that does not wait")
  func gathers() async throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writeEnd) { _ in [] }
    let lines = (0..<200).map { "\($0) " + String(repeating: "x", count: 50) + "\n" }
    for line in lines.dropLast() { writer.gather(Array(line.utf8)) }
    writer.write(Array((lines.last ?? "").utf8))
    #expect(try pipe.read() == lines.joined())
    writer.gather(Array("alone\n".utf8))
    var rest = ""
    try await eventually {
      rest += pipe.rest()
      return rest == "alone\n"
    }
  }

  @Test("What gathers beyond the pipe is dropped by the line and counted")
  func gathersWithoutAReader() throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writeEnd) { Array("dropped \($0)\n".utf8) }
    let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
    for _ in 0..<1_000 { writer.gather(line) }
    writer.write(line)
    let written = try pipe.read().split(separator: "\n").count
    writer.write(line)
    let after = try pipe.read()
    #expect(written > 0 && written < 1_000)
    #expect(after.hasPrefix("dropped \(1_001 - written)\n"))
  }

  @Test("A line of the access log is the line that the logger would write", arguments: LogFormat.allCases)
  func accessLine(format: LogFormat) async throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writeEnd) { _ in [] }
    let id = try #require(EventID("018e0dae-2cca-8151-8595-505fea1007d7"))
    let record = AccessRecord(
      kind: .history, peerAddress: "10.20.30.41", byteCount: 163, duration: .microseconds(12_345), httpStatus: 200, outcome: "stored",
      ids: [id], boxCode: "BOX 1")
    AccessLines(format: format, writer: writer, now: { Self.time }).write(record)
    let expected = LogLine(
      time: Self.time, level: .info, label: "fogcatcher", message: "request",
      metadata: [
        "box": "BOX 1", "bytes": "163", "event": "\(id)", "lane": "history", "ms": "12.34", "outcome": "stored", "peer": "10.20.30.41",
        "status": "200",
      ])
    var line = ""
    try await eventually {
      line += pipe.rest()
      return line.hasSuffix("\n")
    }
    #expect(line == String(decoding: expected.bytes(format), as: UTF8.self))
  }
}

/// A pipe that is read as far as it is filled.
private final class Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    (readEnd, writeEnd) = (ends[0], ends[1])
    try #require(fcntl(readEnd, F_SETFL, O_NONBLOCK) == 0)
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func rest() -> String { (try? read()) ?? "" }

  func read() throws -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = systemRead(readEnd, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

private func systemRead(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, memory, count) }
