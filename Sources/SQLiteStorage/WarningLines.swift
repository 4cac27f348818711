/// The `warnings` column: one warning a line, so that it reads well in any SQLite shell. A line break inside a warning is written `\n`, a
/// backslash `\\`.
enum WarningLines {
  /// - Returns: nil when there are none.
  static func encode(_ warnings: [String]) -> String? {
    guard !warnings.isEmpty else { return nil }
    return warnings.map(escaped).joined(separator: "\n")
  }

  static func decode(_ text: String?) -> [String] {
    guard let text else { return [] }
    return text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { unescaped($0) }
  }

  private static func escaped(_ warning: String) -> String {
    guard warning.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\\") }) else { return warning }
    var out: [UInt8] = []
    for byte in warning.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): out += #"\n"#.utf8
      case UInt8(ascii: "\\"): out += #"\\"#.utf8
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func unescaped(_ line: Substring.UTF8View) -> String {
    var out: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if isEscaped {
        out.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
