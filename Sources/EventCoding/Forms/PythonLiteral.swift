import FaceEvents

/// Reads what Python's `str(event)` prints (protocol.md T13) and writes the JSON that says the same.
///
/// Deliberately narrow: only a dictionary whose first key is in single quotation marks, or a list of such, so that nothing that is merely
/// broken JSON passes for Python. Comments, tuples, `u''` and `b''` strings are read; `nan` and `inf` are refused as in JSON.
struct PythonLiteral {
  private let input: UnsafeRawBufferPointer
  private let depthMax: Int
  private var index: Int
  private var out: [UInt8] = []

  /// - Returns: nil when it is not such a literal.
  static func json(_ bytes: UnsafeRawBufferPointer, from start: Int, depthMax: Int) -> ByteStorage? {
    var reader = PythonLiteral(input: bytes, depthMax: depthMax, index: start)
    guard reader.looksLikePython(), reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.index == bytes.count else { return nil }
    let storage = ByteStorage(capacity: reader.out.count)
    reader.out.withUnsafeBytes { storage.append($0) }
    return storage
  }

  private init(input: UnsafeRawBufferPointer, depthMax: Int, index: Int) {
    self.input = input
    self.depthMax = depthMax
    self.index = index
    out.reserveCapacity(input.count + 16)
  }

  private func looksLikePython() -> Bool {
    var probe = self
    probe.skipBlanks()
    if probe.peek == UInt8(ascii: "[") {
      probe.index += 1
      probe.skipBlanks()
    }
    guard probe.peek == UInt8(ascii: "{") else { return false }
    probe.index += 1
    probe.skipBlanks()
    return probe.peek == UInt8(ascii: "'")
  }

  private var peek: UInt8? { index < input.count ? input[index] : nil }

  private mutating func skipBlanks() {
    while let byte = peek {
      if byte == UInt8(ascii: "#") {
        while let byte = peek, byte != 0x0A { index += 1 }
      } else if byte == 0x20 || byte >= 0x09 && byte <= 0x0D {
        index += 1
      } else {
        return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) -> Bool {
    skipBlanks()
    guard depth <= depthMax, let byte = peek else { return false }
    switch byte {
    case UInt8(ascii: "{"): return dictionary(depth)
    case UInt8(ascii: "["): return list(depth, end: UInt8(ascii: "]"))
    case UInt8(ascii: "("): return list(depth, end: UInt8(ascii: ")"))
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return string()
    case UInt8(ascii: "u"), UInt8(ascii: "b"):
      index += 1
      return string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    default: return word("True", "true") || word("False", "false") || word("None", "null")
    }
  }

  private mutating func dictionary(_ depth: Int) -> Bool {
    index += 1
    out.append(UInt8(ascii: "{"))
    var isFirst = true
    while !take(UInt8(ascii: "}")) {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      skipBlanks()
      guard string(), take(UInt8(ascii: ":")) else { return false }
      out.append(UInt8(ascii: ":"))
      guard value(depth: depth + 1), separated(from: UInt8(ascii: "}")) else { return false }
    }
    out.append(UInt8(ascii: "}"))
    return true
  }

  private mutating func list(_ depth: Int, end: UInt8) -> Bool {
    index += 1
    out.append(UInt8(ascii: "["))
    var isFirst = true
    while !take(end) {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      guard value(depth: depth + 1), separated(from: end) else { return false }
    }
    out.append(UInt8(ascii: "]"))
    return true
  }

  /// A comma, or the end of the container standing next.
  private mutating func separated(from end: UInt8) -> Bool {
    if take(UInt8(ascii: ",")) { return true }
    return peek == end
  }

  private mutating func word(_ python: StaticString, _ json: StaticString) -> Bool {
    let count = python.utf8CodeUnitCount
    guard index + count <= input.count, (0..<count).allSatisfy({ input[index + $0] == python.utf8Start[$0] }) else { return false }
    index += count
    out.append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    return true
  }

  private mutating func number() -> Bool {
    let start = index
    while let byte = peek, byte &- 48 < 10 || "+-.eE".utf8.contains(byte) { index += 1 }
    let text = UnsafeRawBufferPointer(rebasing: input[start..<index])
    guard JSONText.isNumber(text) else { return false }
    out.append(contentsOf: text)
    return true
  }

  private mutating func string() -> Bool {
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
    index += 1
    out.append(UInt8(ascii: "\""))
    var text: [UInt8] = []
    while let byte = peek, byte != quote {
      index += 1
      if byte == UInt8(ascii: "\\") {
        guard escape(into: &text) else { return false }
      } else if byte == 0x0A {
        return false
      } else {
        text.append(byte)
      }
    }
    guard peek == quote else { return false }
    index += 1
    flush(&text)
    out.append(UInt8(ascii: "\""))
    return true
  }

  private mutating func flush(_ text: inout [UInt8]) {
    text.withUnsafeBytes { JSONText.appendStringPiece($0, to: &out) }
    text.removeAll(keepingCapacity: true)
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard let byte = peek else { return false }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "a"): text.append(0x07)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "v"): text.append(0x0B)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(byte)
    case UInt8(ascii: "x"): return codePoint(digits: 2, into: &text)
    case UInt8(ascii: "u"): return codePoint(digits: 4, into: &text)
    case UInt8(ascii: "U"): return codePoint(digits: 8, into: &text)
    default: text += [UInt8(ascii: "\\"), byte]
    }
    return true
  }

  private mutating func codePoint(digits: Int, into text: inout [UInt8]) -> Bool {
    guard index + digits <= input.count else { return false }
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = HexDigit.value(input[index]) else { return false }
      value = value << 4 | digit
      index += 1
    }
    guard value <= 0x10FFFF else { return false }
    if 0xD800...0xDFFF ~= value {
      // UTF-8 has no surrogates; JSON writes them as Python does.
      flush(&text)
      JSONText.appendEscape(value, to: &out)
    } else {
      JSONText.append(value, to: &text)
    }
    return true
  }
}
