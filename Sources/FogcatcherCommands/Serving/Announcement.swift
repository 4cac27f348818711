/// What `serve` prints when it is ready: everything a person needs to connect a box, to look and to stop.
struct Announcement {
  var listeners: [ListenAddress]
  var addresses: LocalAddresses
  var dataDirectory: String
  var storedEvents: Int64
  var settingsFile: String?
  var processID: Int32

  /// The paths that boxes of every generation know (protocol.md 1.5).
  private static let paths = [("history", "/HistoryEvent"), ("realtime", "/RealTimeEvent"), ("status", "/DeviceStatus")]

  var text: String {
    let bases = addresses.baseURLs(of: listeners)
    var lines = ["fogcatcher \(ProgramVersion.text) listens on \(listeners.map(\.description).joined(separator: ", "))", ""]
    if let first = bases.first {
      lines.append("Paste into the box:")
      for (word, path) in Self.paths { lines.append("  \(TextWidth.padded(word, to: 9)) \(first)\(path)") }
    }
    if bases.count > 1 {
      lines.append("The same paths work on:")
      lines += bases.dropFirst().map { "  \($0)" }
    }
    lines += ["", "Data:      \(dataDirectory) (\(storedEvents) \(storedEvents == 1 ? "event" : "events") so far)"]
    if let settingsFile { lines.append("Settings:  \(settingsFile)") }
    lines.append("Look:      fogcatcher events --data \(Self.quoted(dataDirectory))")
    lines.append("Health:    \((bases.last ?? "http://127.0.0.1"))/readyz")
    lines.append("Stop:      Ctrl-C, or kill \(processID)")
    return lines.joined(separator: "\n")
  }

  private static func quoted(_ path: String) -> String {
    path.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "$") }
      ? path : "'\(path)'"
  }
}
