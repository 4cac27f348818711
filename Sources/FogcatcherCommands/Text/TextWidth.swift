/// How wide text is on a terminal, in columns of a Latin letter.
enum TextWidth {
  /// East Asian wide and full-width characters and emoji count 2 (Unicode UAX #11), marks that combine 0, everything else 1.
  static func columns(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + columns($1) } }

  static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
  ]

  /// At most `columns` wide; what had to go is marked by `…`.
  static func fitted(_ text: String, to columns: Int) -> String {
    guard self.columns(text) > columns else { return text }
    var out = ""
    var used = 0
    for character in text {
      let width = self.columns(character)
      guard used + width <= columns - 1 else { break }
      out.append(character)
      used += width
    }
    return columns > 0 ? out + "…" : ""
  }

  static func padded(_ text: String, to columns: Int, isRight: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, columns - self.columns(text)))
    return isRight ? blanks + text : text + blanks
  }

  /// Text of outside on one line: control characters, among them those that steer a terminal, become `?`.
  static func printable(_ text: String) -> String {
    let isClean = text.unicodeScalars.allSatisfy { !isControl($0) }
    guard !isClean else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
  }

  /// Also the marks that turn the reading direction around.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
      || (0x2066...0x2069).contains(scalar.value)
  }
}
