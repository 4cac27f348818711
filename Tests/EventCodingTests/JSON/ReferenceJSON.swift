/// A second reader of RFC 8259, as plain as the grammar: recursive, one byte at a time, nothing shared with the scanner it judges.
struct ReferenceJSON {
  /// What the scanner says of each value, in reading order.
  struct Token: Equatable {
    var kind: Character
    var start: Int
    var end: Int
    var key: Range<Int>?
  }

  private let text: [UInt8]
  private var at = 0
  private var tokens: [Token] = []
  private let depthMax: Int

  /// Nil for what is not JSON.
  static func tokens(_ text: [UInt8], depthMax: Int = 64) -> [Token]? {
    var reader = ReferenceJSON(text: text, depthMax: depthMax)
    reader.blanks()
    guard reader.value(nil, 1) else { return nil }
    reader.blanks()
    return reader.at == text.count ? reader.tokens : nil
  }

  private init(text: [UInt8], depthMax: Int) {
    self.text = text
    self.depthMax = depthMax
  }

  private func peek() -> Character? { at < text.count ? Character(UnicodeScalar(text[at])) : nil }

  private mutating func eat(_ expected: Character) -> Bool {
    guard peek() == expected else { return false }
    at += 1
    return true
  }

  private mutating func blanks() { while let c = peek(), " \t".contains(c) || text[at] == 10 || text[at] == 13 { at += 1 } }

  private mutating func word(_ word: String) -> Bool { word.allSatisfy { eat($0) } }

  private mutating func value(_ key: Range<Int>?, _ depth: Int) -> Bool {
    let (index, start) = (tokens.count, at)
    tokens.append(Token(kind: "?", start: start, end: start, key: key))
    let kind: Character
    switch peek() {
    case "{", "[":
      guard depth <= depthMax else { return false }
      kind = peek() ?? "?"
      guard kind == "{" ? object(depth) : array(depth) else { return false }
    case "\"":
      kind = "s"
      guard let span = string() else { return false }
      tokens[index] = Token(kind: kind, start: span.lowerBound, end: span.upperBound, key: key)
      return true
    case "t":
      kind = "t"
      guard word("true") else { return false }
    case "f":
      kind = "f"
      guard word("false") else { return false }
    case "n":
      kind = "z"
      guard word("null") else { return false }
    default:
      kind = "n"
      guard number() else { return false }
    }
    tokens[index] = Token(kind: kind, start: start, end: at, key: key)
    return true
  }

  private mutating func object(_ depth: Int) -> Bool {
    at += 1
    blanks()
    if eat("}") { return true }
    repeat {
      blanks()
      guard peek() == "\"", let key = string() else { return false }
      blanks()
      guard eat(":") else { return false }
      blanks()
      guard value(key, depth + 1) else { return false }
      blanks()
    } while eat(",")
    return eat("}")
  }

  private mutating func array(_ depth: Int) -> Bool {
    at += 1
    blanks()
    if eat("]") { return true }
    repeat {
      blanks()
      guard value(nil, depth + 1) else { return false }
      blanks()
    } while eat(",")
    return eat("]")
  }

  private mutating func string() -> Range<Int>? {
    at += 1
    let start = at
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "\""):
        at += 1
        return start..<at - 1
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        at += 1
        guard let escape = peek() else { return nil }
        at += 1
        if escape == "u" {
          for _ in 0..<4 {
            guard let digit = peek(), digit.isASCII, digit.isHexDigit else { return nil }
            at += 1
          }
        } else if !"\"\\/bfnrt".contains(escape) {
          return nil
        }
      default: at += 1
      }
    }
    return nil
  }

  private mutating func digits() -> Bool {
    let start = at
    while at < text.count, (0x30...0x39).contains(text[at]) { at += 1 }
    return at > start
  }

  private mutating func number() -> Bool {
    _ = eat("-")
    if !eat("0"), !digits() { return false }
    if eat("."), !digits() { return false }
    if eat("e") || eat("E") {
      if !eat("+") { _ = eat("-") }
      guard digits() else { return false }
    }
    return true
  }
}
