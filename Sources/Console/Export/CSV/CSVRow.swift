/// One row of a table (RFC 4180) that spreadsheets open without harm.
struct CSVRow {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// What nobody outside had a hand in: numbers, times, ids.
  mutating func plain(_ text: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    bytes += text.utf8
  }

  /// Text from outside, which a spreadsheet must not take for a formula.
  mutating func text(_ text: String) {
    plain("")
    let text = Self.isFormula(text) ? "'" + text : text
    guard text.utf8.contains(where: Self.needsQuotes) else {
      bytes += text.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func end() {
    bytes += "\r\n".utf8
    isFirst = true
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }

  /// The wide signs are what Chinese and Japanese keyboards give; spreadsheets take them for the narrow ones.
  private static let formulaSigns: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, formulaSigns.contains(first) else { return false }
    return !isNumber(text)
  }

  /// Digits behind a sign, with at most one point among them.
  private static func isNumber(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") else { return false }
    let parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
