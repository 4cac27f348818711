import ArgumentParser
import FaceEvents
import FoundationEssentials

enum ListFormat: String, ExpressibleByArgument {
  case table, json

  /// One value, times in milliseconds.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    Terminal.printLine(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Nothing when there are no rows.
  static func print(_ table: TextTable) {
    let lines = table.lines()
    if lines.count > 1 { for line in lines { Terminal.printLine(line) } }
  }

  static func time(_ time: Timestamp?) -> String { time.map { String(RFC3339.text($0).prefix(19)) + "Z" } ?? "-" }

  /// How long something has been waiting, or is to wait: with one unit.
  static func age(_ milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds) / 1000
    switch seconds {
    case ..<120: return "\(seconds)s"
    case ..<7_200: return "\(seconds / 60)m"
    case ..<172_800: return "\(seconds / 3_600)h"
    default: return "\(seconds / 86_400)d"
    }
  }
}
