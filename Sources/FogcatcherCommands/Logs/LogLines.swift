import FaceEvents
import Logging

/// Log lines as text or JSON. Metadata is sorted, times are RFC 3339 with milliseconds, and one entry is always one line.
struct LogLines: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let format: LogFormat
  private let writer: LineWriter
  private let now: @Sendable () -> Timestamp

  init(label: String, format: LogFormat, writer: LineWriter, now: @escaping @Sendable () -> Timestamp = { WallClock.now }) {
    self.label = label
    self.format = format
    self.writer = writer
    self.now = now
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var entries = metadata
    if let provided = metadataProvider?.get() { entries.merge(provided) { _, new in new } }
    if let own = event.metadata { entries.merge(own) { _, new in new } }
    if let error = event.error { entries["error"] = "\(error)" }
    let line = LogLine(time: now(), level: event.level, label: label, message: event.message.description, metadata: entries)
    writer.write(line.bytes(format))
  }
}

/// One entry of the log.
struct LogLine {
  var time: Timestamp
  var level: Logger.Level
  var label: String
  var message: String
  var metadata: Logger.Metadata

  /// Tells of lines that could not be written.
  static func dropped(_ count: Int, at time: Timestamp) -> LogLine {
    LogLine(
      time: time, level: .warning, label: "fogcatcher", message: "log lines were dropped: their reader was too slow",
      metadata: ["count": "\(count)"])
  }

  /// With its line feed, at most ``LineWriter/lineBytesMax`` bytes: what is longer loses its metadata, then the end of its message.
  func bytes(_ format: LogFormat) -> [UInt8] {
    let whole = encoded(format)
    guard whole.count > LineWriter.lineBytesMax else { return whole }
    var short = self
    short.metadata = ["truncated": "true"]
    // A byte of text is at most six in JSON.
    short.message = String(message.prefix(256))
    let cut = short.encoded(format)
    guard cut.count > LineWriter.lineBytesMax else { return cut }
    short.message = "a log entry was too long"
    return short.encoded(format)
  }

  private func encoded(_ format: LogFormat) -> [UInt8] {
    switch format {
    case .text: textBytes
    case .json: jsonBytes
    }
  }

  private var textBytes: [UInt8] {
    var line: [UInt8] = []
    RFC3339.append(time, to: &line)
    line += " \(TextWidth.padded(level.rawValue, to: 8)) \(TextWidth.printable(message))".utf8
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { Self.append(key, "\(value)", to: &line) }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private var jsonBytes: [UInt8] {
    var line = JSONLine()
    line.object { line in
      line.member("time", RFC3339.text(time))
      line.member("level", level.rawValue)
      line.member("label", label)
      line.member("message", message)
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { line.member(Self.freeKey(key), "\(value)") }
    }
    return line.bytes + [UInt8(ascii: "\n")]
  }

  /// ` key=value`; a value with blanks is quoted, so that a line can be cut into its pairs.
  static func append(_ key: String, _ value: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: " "))
    line += key.utf8
    line.append(UInt8(ascii: "="))
    let isASCII = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
    line += isASCII && !value.isEmpty ? value.utf8 : quoted(value).utf8
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "=" }
    if isPlain { return TextWidth.printable(value) }
    var line = JSONLine()
    line.string(value)
    return line.text
  }

  /// The line's own members stay what they are.
  private static func freeKey(_ key: String) -> String { ["time", "level", "label", "message"].contains(key) ? key + "_" : key }
}
