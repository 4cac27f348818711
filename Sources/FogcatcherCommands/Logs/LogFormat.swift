/// How log lines are written.
enum LogFormat: String, Sendable, CaseIterable {
  /// For people: time, level, message, key=value.
  case text
  /// For programs: one JSON object a line.
  case json
}
