import SQLiteStorage

/// What this program is.
enum ProgramVersion {
  static let text = "0.1.0"

  static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  static var report: String {
    """
    fogcatcher \(text)
    built with Swift \(swift)
    schema \(SQLiteStore.schemaName)
    """
  }
}
