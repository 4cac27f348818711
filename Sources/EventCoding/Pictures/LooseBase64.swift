import FaceEvents

/// Reads base64 as liberally as it is written (MIME line breaks, URL-safe, unpadded, with escapes of JSON), and notes how.
struct LooseBase64 {
  private let input: UnsafeRawBufferPointer
  private var index = 0
  /// What was read, in the standard alphabet.
  private var symbols: [UInt8] = []
  private var padding = 0
  private(set) var text = PictureText()
  /// Whether a blank stands where a symbol may be missing.
  private(set) var hasBlanks = false
  private var endsWithBlank = false

  /// - Parameter input: what stands in a JSON string, without a data URI's prefix.
  init(_ input: UnsafeRawBufferPointer) { self.input = input }

  /// How many bytes ``PictureText/write(_:to:)`` would write for what was read, without the prefix.
  var writtenCount: Int {
    let characters = symbols.count + padding
    let breaks = text.lineLength == 0 ? 0 : (characters - 1) / text.lineLength + (text.endsWithLineBreak ? 1 : 0)
    let (breakBytes, isHuge) = breaks.multipliedReportingOverflow(by: text.lineBreak.count)
    let backslashes = text.hasEscapedSlashes && !text.isURLSafe ? symbols.reduce(0) { $1 == UInt8(ascii: "/") ? $0 + 1 : $0 } : 0
    return isHuge ? .max / 2 : characters + breakBytes + backslashes
  }

  /// - Returns: nil when a character has no place in base64, or nothing is there.
  mutating func read() -> SharedBytes? {
    symbols.reserveCapacity(input.count + 3)
    let isSymbol = Base64.isSymbol
    while index < input.count {
      let start = index
      while index < input.count, isSymbol[Int(input[index])] { index += 1 }
      if index > start {
        noteSymbol()
        guard padding == 0 else { return nil }
        symbols.append(contentsOf: input[start..<index])
      } else {
        guard takeOther() else { return nil }
      }
    }
    text.isPadded = padding > 0 || symbols.count % 4 == 0
    if endsWithBlank, (symbols.count + padding) % 4 != 0 { hasBlanks = true }
    guard padding <= 2 else { return nil }
    return decoded()
  }

  /// A character that is not simply a symbol of the standard alphabet, perhaps written as an escape.
  private mutating func takeOther() -> Bool {
    let start = index
    switch character() {
    case 0x20:
      endsWithBlank = !symbols.isEmpty
      noteBreak(from: start)
    case 0x0A, 0x0D, 0x09: noteBreak(from: start)
    case UInt8(ascii: "="):
      padding += 1
      text.endsWithLineBreak = false
    case UInt8(ascii: "-"):
      text.isURLSafe = true
      return take(UInt8(ascii: "+"))
    case UInt8(ascii: "_"):
      text.isURLSafe = true
      return take(UInt8(ascii: "/"))
    case UInt8(ascii: "/"):
      text.hasEscapedSlashes = true
      return take(UInt8(ascii: "/"))
    case let other?: return Base64.isSymbol[Int(other)] && take(other)
    case nil: return false
    }
    return true
  }

  private mutating func noteSymbol() {
    text.endsWithLineBreak = false
    if endsWithBlank { hasBlanks = true }
    endsWithBlank = false
  }

  private mutating func take(_ symbol: UInt8) -> Bool {
    noteSymbol()
    symbols.append(symbol)
    return padding == 0
  }

  /// One character of the string's value; nil for an escape that can't be base64.
  private mutating func character() -> UInt8? {
    let byte = input[index]
    index += 1
    guard byte == UInt8(ascii: "\\"), index < input.count else { return byte }
    index += 1
    switch input[index - 1] {
    case UInt8(ascii: "/"): return UInt8(ascii: "/")
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard index + 4 <= input.count else { return nil }
      let unit = (0..<4).reduce(UInt32(0)) { $0 << 4 | (HexDigit.value(input[index + $1]) ?? 0xFF) }
      index += 4
      return unit < 0x80 ? UInt8(unit) : nil
    default: return nil
    }
  }

  /// The first line says how long lines are and what ends them; whether all are so shows when the text is written again.
  private mutating func noteBreak(from start: Int) {
    let characters = symbols.count + padding
    if text.lineLength == 0 {
      text.lineLength = max(1, characters)
      text.lineBreak = []
    }
    if characters == text.lineLength || text.lineBreak.isEmpty { text.lineBreak += input[start..<index] }
    text.endsWithLineBreak = true
  }

  /// The bytes; bits left over after the last of them are dropped.
  private func decoded() -> SharedBytes? {
    guard !symbols.isEmpty, symbols.count % 4 != 1 else { return nil }
    var canonical = symbols
    let tail = symbols.count % 4
    if tail > 0 {
      let spareBits = tail == 2 ? 0b1111 : 0b11
      if let value = symbols.last.flatMap(Base64.alphabet.firstIndex) { canonical[symbols.count - 1] = Base64.alphabet[value & ~spareBits] }
      canonical += repeatElement(UInt8(ascii: "="), count: 4 - tail)
    }
    return canonical.withUnsafeMutableBytes { buffer in
      Base64.decodeInPlace(buffer).map { SharedBytes(copying: UnsafeRawBufferPointer(rebasing: buffer[..<$0])) }
    }
  }
}
