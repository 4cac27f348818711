import CTextBytes

/// Finds the structure of a JSON text in one pass, accepting and refusing exactly what RFC 8259 does, with a bound on depth and on values.
///
/// Decided where the RFC leaves it open: a byte order mark is the caller's business, duplicate names are kept, lone surrogates in escapes
/// are accepted, invalid UTF-8 inside strings is accepted and noted, numbers may have any size.
package struct JSONScanner {
  private let base: UnsafePointer<UInt8>
  private let count: Int
  private let depthMax: Int
  private let valuesMax: Int
  private var position: Int
  private var document = JSONDocument()
  /// Indices of the containers that are open.
  private var open: [Int32] = []

  /// Scans `bytes[start...]`, which must hold one value and blanks.
  package static func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int = 0, depthMax: Int, valuesMax: Int
  ) throws(JSONError) -> JSONDocument {
    var scanner = JSONScanner(bytes: bytes, start: start, depthMax: depthMax, valuesMax: valuesMax)
    try scanner.run()
    return scanner.document
  }

  private init(bytes: UnsafeRawBufferPointer, start: Int, depthMax: Int, valuesMax: Int) {
    // An empty buffer has no address; position == count then ends every loop before a read.
    let nowhere = UnsafeRawPointer(bitPattern: 1)!  // safe: 1 is not 0, and is never read
    base = (bytes.baseAddress ?? nowhere).assumingMemoryBound(to: UInt8.self)
    count = bytes.count
    position = start
    self.depthMax = depthMax
    self.valuesMax = valuesMax
    document.values.reserveCapacity(48)
    open.reserveCapacity(8)
  }

  private mutating func run() throws(JSONError) {
    skipBlanks()
    try value(key: nil)
    while let container = open.last {
      skipBlanks()
      guard position < count else { throw error(.unexpectedEnd) }
      let isObject = document.values[Int(container)].kind == .object
      if base[position] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
        // A comma before it was refused where it stood.
        close(container)
        continue
      }
      if Int(container) != document.values.count - 1 {
        guard base[position] == UInt8(ascii: ",") else { throw error(.unexpectedByte(base[position])) }
        position += 1
        skipBlanks()
      }
      try isObject ? member() : value(key: nil)
    }
    skipBlanks()
    if position < count { throw error(.trailingBytes) }
  }

  private mutating func close(_ container: Int32) {
    position += 1
    document.values[Int(container)].end = Int32(position)
    document.values[Int(container)].next = Int32(document.values.count)
    open.removeLast()
  }

  private mutating func member() throws(JSONError) {
    guard position < count else { throw error(.unexpectedEnd) }
    guard base[position] == UInt8(ascii: "\"") else { throw error(.unexpectedByte(base[position])) }
    let (name, hasEscapes) = try string()
    skipBlanks()
    guard position < count else { throw error(.unexpectedEnd) }
    guard base[position] == UInt8(ascii: ":") else { throw error(.unexpectedByte(base[position])) }
    position += 1
    skipBlanks()
    try value(key: (name, hasEscapes))
  }

  private mutating func value(key: (Range<Int>, Bool)?) throws(JSONError) {
    guard position < count else { throw error(.unexpectedEnd, key) }
    guard document.values.count < valuesMax else { throw error(.tooManyValues(valuesMax), key) }
    let start = position
    var value = JSONDocument.Value(kind: .null, start: Int32(start), end: Int32(start))
    if let key {
      value.keyStart = Int32(key.0.lowerBound)
      value.keyEnd = Int32(key.0.upperBound)
      value.keyHasEscapes = key.1
    }
    switch base[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard open.count < depthMax else { throw error(.tooDeep(depthMax), key) }
      value.kind = base[position] == UInt8(ascii: "{") ? .object : .array
      open.append(Int32(document.values.count))
      position += 1
      document.values.append(value)
      return
    case UInt8(ascii: "\""):
      let (range, hasEscapes) = try string(key)
      value.kind = .string
      value.start = Int32(range.lowerBound)
      value.end = Int32(range.upperBound)
      value.hasEscapes = hasEscapes
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try number(key)
      value.kind = .number
      value.end = Int32(position)
    default:
      value.kind = try literal(key)
      value.end = Int32(position)
    }
    value.next = Int32(document.values.count + 1)
    document.values.append(value)
  }

  private mutating func skipBlanks() {
    while position < count {
      switch base[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// - Parameter key: name of the member whose value is read; without one, the member around the place is named.
  private func error(_ reason: JSONError.Reason, _ key: (Range<Int>, Bool)? = nil) -> JSONError {
    let around = open.last { document.values[Int($0)].keyStart >= 0 }.map { document.values[Int($0)].keyRange }
    // The name helps to find the place; it is cut short, and shown only when it is plain text.
    let name = (key?.0 ?? around).map { UnsafeBufferPointer(start: base + $0.lowerBound, count: min(40, $0.count)) }
    let isPlain = name?.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ?? false
    return JSONError(reason: reason, offset: position, key: isPlain ? name.map { String(decoding: $0, as: UTF8.self) } : nil)
  }
}

// MARK: - Strings

extension JSONScanner {
  /// Reads a string whose quotation mark is at `position`, and returns what is between its marks.
  private mutating func string(_ key: (Range<Int>, Bool)? = nil) throws(JSONError) -> (Range<Int>, hasEscapes: Bool) {
    position += 1
    let start = position
    var hasEscapes = false
    while true {
      skipPlainText()
      guard position < count else { throw error(.unexpectedEnd, key) }
      let byte = base[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return (start..<(position - 1), hasEscapes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape(key)
      } else if byte < 0x20 {
        throw error(.controlCharacter(byte), key)
      } else {
        let length = UTF8Sequence.length(at: base + position, count - position)
        if length == 0 { document.hasInvalidUTF8 = true }
        position += max(1, length)
      }
    }
  }

  private mutating func skipPlainText() {
    var at = position + text_plain_prefix(base + position, count - position)
    while at < count {
      let byte = base[at]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
      at += 1
    }
    position = at
  }

  private mutating func escape(_ key: (Range<Int>, Bool)?) throws(JSONError) {
    guard position + 1 < count else {
      position = count
      throw error(.unexpectedEnd, key)
    }
    switch base[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      for index in position + 2..<position + 6 {
        guard index < count else {
          position = count
          throw error(.unexpectedEnd, key)
        }
        guard HexDigit.value(base[index]) != nil else { throw error(.badEscape, key) }
      }
      position += 6
    default: throw error(.badEscape, key)
    }
  }
}

// MARK: - Numbers and literals

extension JSONScanner {
  private mutating func number(_ key: (Range<Int>, Bool)?) throws(JSONError) {
    if base[position] == UInt8(ascii: "-") {
      if matches("-Infinity") || matches("-inf") { throw error(.notFinite("-Infinity"), key) }
      position += 1
    }
    if position < count, base[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits(key)
    }
    if position < count, base[position] == UInt8(ascii: ".") {
      position += 1
      try digits(key)
    }
    if position < count, base[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < count, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") { position += 1 }
      try digits(key)
    }
    // "01", "1x" and the like would else be reported as a missing comma.
    if position < count, isWordByte(base[position]) { throw error(.badNumber, key) }
  }

  /// At least one digit.
  private mutating func digits(_ key: (Range<Int>, Bool)?) throws(JSONError) {
    guard position < count else { throw error(.unexpectedEnd, key) }
    guard base[position] &- UInt8(ascii: "0") < 10 else { throw error(.badNumber, key) }
    while position < count, base[position] &- UInt8(ascii: "0") < 10 { position += 1 }
  }

  private static let literals: [(StaticString, JSONDocument.Value.Kind)] = [("true", .isTrue), ("false", .isFalse), ("null", .null)]

  private mutating func literal(_ key: (Range<Int>, Bool)?) throws(JSONError) -> JSONDocument.Value.Kind {
    for (word, kind) in Self.literals {
      if matches(word) {
        let end = position + word.utf8CodeUnitCount
        guard end == count || !isWordByte(base[end]) else { throw error(.badLiteral, key) }
        position = end
        return kind
      } else if isBeginning(of: word) {
        position = count
        throw error(.unexpectedEnd, key)
      }
    }
    if matches("NaN") || matches("nan") { throw error(.notFinite("NaN"), key) }
    if matches("Infinity") || matches("inf") { throw error(.notFinite("Infinity"), key) }
    let byte = base[position]
    throw error(byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") ? .badLiteral : .unexpectedByte(byte), key)
  }

  private func matches(_ word: StaticString) -> Bool {
    guard position + word.utf8CodeUnitCount <= count else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { base[position + $0] == word.utf8Start[$0] }
  }

  /// Whether the text ends inside the word.
  private func isBeginning(of word: StaticString) -> Bool {
    let length = count - position
    return length < word.utf8CodeUnitCount && (0..<length).allSatisfy { base[position + $0] == word.utf8Start[$0] }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
  }
}
