import Crypto
import Foundation

/// An event as `events` gives it back.
struct StoredRecord: Sendable {
  struct Row: Decodable, Sendable {
    struct Person: Decodable, Sendable { var id: String? }
    struct Picture: Decodable, Sendable, Equatable {
      var role: String
      var bytes: Int
      var sha256: String
    }

    var sequence: Int64
    var id: String
    var lane: String
    var form: String
    var encoding: String
    var person: Person
    var pictures: [Picture]
    var warnings: [String]
  }

  var row: Row
  var key: EventKey { EventKey(personID: row.person.id ?? "", lane: row.lane) }
}

/// What is unique among the events of a test.
struct EventKey: Hashable, Sendable, CustomStringConvertible {
  var personID: String
  var lane: String

  var description: String { "\(personID) (\(lane))" }
}

extension SampleEvent {
  var key: EventKey { EventKey(personID: personID, lane: lane) }

  var expectedPictures: [StoredRecord.Row.Picture] {
    pictures.map { .init(role: $0.role, bytes: $0.bytes.count, sha256: sha256($0.bytes)) }
  }
}

func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }

extension Node {
  private static let everything = ["--oldest", "--limit", "10000000"]

  /// All rows, by `--format ndjson`.
  func records() throws -> [StoredRecord] {
    let finished = try run(["events", "--data", data, "--format", "ndjson"] + Self.everything)
    guard finished.exit == .code(0) else { throw Failure("events: \(finished.exit) \(finished.errorOutput.prefix(500))") }
    return try lines(contents(finished.outputPath)).map {
      StoredRecord(row: try JSONDecoder().decode(StoredRecord.Row.self, from: Data($0)))
    }
  }

  struct Originals: Sendable {
    var exit: ChildProcess.Exit
    /// The texts, in the order of events.
    var texts: [[UInt8]]
    /// Name and bytes of every picture file.
    var pictures: [(name: String, bytes: [UInt8])]
    var errorOutput: String
  }

  /// All originals and pictures, whatever the exit code.
  func originals() throws -> Originals {
    let directory = try TemporaryDirectory()
    let finished = try run(
      ["events", "--data", data, "--format", "original", "--pictures", directory.file("pictures")] + Self.everything, within: .seconds(120))
    return Originals(
      exit: finished.exit, texts: try lines(contents(finished.outputPath)).map(Self.unquoted),
      pictures: files(below: directory.file("pictures")).map { ($0, contents(directory.file("pictures/" + $0))) },
      errorOutput: finished.errorOutput)
  }

  /// A text that holds line breaks is printed as a JSON string.
  private static func unquoted(_ line: [UInt8]) throws -> [UInt8] {
    guard line.first == UInt8(ascii: "\"") else { return line }
    guard let text = try JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed) as? String else {
      throw Failure("a line that begins with a quotation mark is no string")
    }
    return Array(text.utf8)
  }

  private func lines(_ bytes: [UInt8]) -> [[UInt8]] { bytes.split(separator: UInt8(ascii: "\n")).map(Array.init) }
}
