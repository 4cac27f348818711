/// Cuts a stream of bytes into JSON values, without holding more than the one that is being read: one value, several after another
/// (NDJSON), or the elements of arrays at the top.
///
/// It finds where values end and does not check them: what is broken is handed on as it is, so that the receiver says what is wrong with it.
struct JSONSplitter {
  /// A value's bytes, and the line, from 1, that it begins on.
  struct Element: Equatable {
    var line: Int
    var bytes: [UInt8]
  }

  enum Mode {
    /// Each line is a value, whatever is in it.
    case lines
    /// Values end where their brackets close.
    case values
  }

  /// A value is longer than the bound.
  struct TooLong: Error, Equatable {
    var line: Int
    var bytesMax: Int
  }

  private enum State: Equatable {
    /// Before a value. Moves to `value` or `rest`.
    case between
    /// Inside brackets. Moves to `string`, or to `between` when the last one closes.
    case value
    /// Inside a string inside brackets. Moves to `escape`, to `value`, or at a line's end to `between`: no string of JSON reaches over it.
    case string
    /// After a backslash. Moves to `string`.
    case escape
    /// A value that begins with no bracket, up to the end of its line. Moves to `between`.
    case rest
  }

  private let mode: Mode
  private let bytesMax: Int
  private var state = State.between
  private var depth = 0
  private var isInArray = false
  private var line = 1
  private var current: [UInt8] = []
  private var currentLine = 1

  init(mode: Mode, bytesMax: Int) {
    self.mode = mode
    self.bytesMax = bytesMax
  }

  /// Takes the next bytes of the stream.
  /// - Returns: the values that end in them.
  mutating func append(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Element] {
    var elements: [Element] = []
    for byte in bytes {
      if let element = step(byte) { elements.append(element) }
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard current.count <= bytesMax else { throw TooLong(line: currentLine, bytesMax: bytesMax) }
    }
    return elements
  }

  /// At the end of the stream.
  /// - Returns: what was begun and not ended.
  mutating func finish() -> Element? {
    state = .between
    depth = 0
    return take()
  }

  private mutating func step(_ byte: UInt8) -> Element? {
    switch state {
    case .between:
      begin(byte)
      return nil
    case .value:
      current.append(byte)
      return bracket(byte)
    case .string:
      if byte == UInt8(ascii: "\n") {
        depth = 0
        return end()
      }
      current.append(byte)
      if byte == UInt8(ascii: "\\") { state = .escape }
      if byte == UInt8(ascii: "\"") { state = .value }
      return nil
    case .escape:
      current.append(byte)
      state = .string
      return nil
    case .rest:
      if byte == UInt8(ascii: "\n") { return end() }
      current.append(byte)
      return nil
    }
  }

  private mutating func begin(_ byte: UInt8) {
    if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") { return }
    currentLine = line
    if mode == .lines {
      current.append(byte)
      state = .rest
      return
    }
    switch byte {
    // A byte order mark (RFC 8259 section 8.1).
    case 0xEF, 0xBB, 0xBF: return
    case UInt8(ascii: ","), UInt8(ascii: "]"):
      if byte == UInt8(ascii: "]") { isInArray = false }
    case UInt8(ascii: "[") where !isInArray: isInArray = true
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      current.append(byte)
      depth = 1
      state = .value
    default:
      current.append(byte)
      state = .rest
    }
  }

  private mutating func bracket(_ byte: UInt8) -> Element? {
    switch byte {
    case UInt8(ascii: "\""): state = .string
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      if depth == 0 { return end() }
    default: break
    }
    return nil
  }

  private mutating func end() -> Element? {
    state = .between
    return take()
  }

  private mutating func take() -> Element? {
    while let last = current.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
      current.removeLast()
    }
    guard !current.isEmpty else { return nil }
    let element = Element(line: currentLine, bytes: current)
    current = []
    return element
  }
}
