import FaceEvents
import FoundationEssentials

/// Something that a request says besides its body. What is described here is what is accepted; there is no other list.
struct Parameter: Sendable {
  enum Place: String, Sendable { case query, path, header }

  enum Kind: Sendable {
    case text(bytesMax: Int)
    case words([String])
    /// Several of the words with commas between them.
    case wordList([String])
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case boolean
    /// RFC 3339, or milliseconds since 1970.
    case time
    /// `+08:00`, `-03:30` or `Z`.
    case utcOffset
    case eventID
  }

  var name: String
  var place = Place.query
  var kind: Kind
  var help: String
  var isRequired: Bool { place == .path || isNeeded }
  var isNeeded = false

  init(_ name: String, _ kind: Kind, _ help: String, in place: Place = .query, isNeeded: Bool = false) {
    self.name = name
    self.place = place
    self.kind = kind
    self.help = help
    self.isNeeded = isNeeded
  }
}

/// What a parameter said.
enum ParameterValue: Sendable, Equatable {
  case text(String)
  case words([String])
  case integer(Int64)
  case number(Double)
  case boolean(Bool)
  case time(Timestamp)
  /// Seconds east of UTC.
  case utcOffset(Int)
}

extension Parameter.Kind {
  /// Years 0000 to 9999, which RFC 3339 can write.
  static let milliseconds: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// - Returns: nil for what is not of this kind.
  func read(_ text: String) -> ParameterValue? {
    switch self {
    case .text(let bytesMax):
      return text.utf8.count <= bytesMax && !text.unicodeScalars.contains("\0") ? .text(text) : nil
    case .words(let words): return words.contains(text) ? .text(text) : nil
    case .wordList(let words):
      let given = text.split(separator: ",").map(String.init)
      return given.allSatisfy(words.contains) ? .words(given) : nil
    case .integer(let range): return Int64(text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let range): return Double(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .boolean: return text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
    case .time: return Self.time(text).map { .time($0) }
    case .utcOffset: return Self.utcOffset(text).map { .utcOffset($0) }
    case .eventID: return EventID(text).map { .text($0.description) }
    }
  }

  private static func time(_ text: String) -> Timestamp? {
    if let milliseconds = Int64(text) { return Self.milliseconds.contains(milliseconds) ? Timestamp(milliseconds: milliseconds) : nil }
    // A plus sign that nobody escaped is a blank by the time it gets here.
    var bytes = Array(text.utf8)
    if bytes.count > 6, bytes[bytes.count - 6] == UInt8(ascii: " ") { bytes[bytes.count - 6] = UInt8(ascii: "+") }
    return RFC3339.parse(String(decoding: bytes, as: UTF8.self))
  }

  private static func utcOffset(_ text: String) -> Int? {
    if text == "Z" { return 0 }
    let bytes = Array(text.utf8)
    let digits = bytes.indices.filter { [1, 2, 4, 5].contains($0) }.map { Int(bytes[$0]) - 0x30 }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), digits.allSatisfy((0...9).contains) else { return nil }
    let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hours <= 18, minutes < 60 else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"), UInt8(ascii: " "): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  /// What it must be, for whoever got it wrong.
  var rule: String {
    switch self {
    case .text(let bytesMax): "must be text of at most \(bytesMax) bytes"
    case .words(let words): "must be \(words.count == 1 ? "" : "one of ")\(words.joined(separator: ", "))"
    case .wordList(let words): "must be one or several of \(words.joined(separator: ", ")), with commas between them"
    case .integer(let range): "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "must be a number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "must be true or false"
    case .time: "must be a time such as 2026-03-01T08:00:00Z or 2026-03-01T08:00:00+08:00, or milliseconds since 1970"
    case .utcOffset: "must be hours and minutes east of UTC such as +08:00"
    case .eventID: "must be an event's id: 32 hexadecimal digits with 4 hyphens between them"
    }
  }

  var schema: Schema {
    switch self {
    case .text, .wordList: .text()
    case .words(let words): .words(words)
    case .integer(let range): .integer(range)
    case .number(let range): .number(range)
    case .boolean: .boolean
    case .time: .either([.text(format: "date-time"), .integer(Self.milliseconds)])
    case .utcOffset: .text()
    case .eventID: .text(format: "uuid")
    }
  }
}
