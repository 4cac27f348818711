/// Changes members of a JSON object in place, and nothing else of its text. The text is valid JSON.
enum JSONMembers {
  /// Replaces the value of the last member with that name, or adds one in front. Missing objects on the way are added.
  /// - Parameter path: names from the top down, plain ASCII.
  static func set(_ path: [String], to value: [UInt8], in json: [UInt8]) -> [UInt8] {
    guard let start = json.firstIndex(of: UInt8(ascii: "{")), let name = path.first else { return json }
    let inner = Array(path.dropFirst())
    var out = json
    if let span = span(of: name, inObjectAt: start, json) {
      let isObject = json[span.lowerBound] == UInt8(ascii: "{")
      out.replaceSubrange(span, with: inner.isEmpty ? value : set(inner, to: value, in: isObject ? Array(json[span]) : Array("{}".utf8)))
    } else {
      let added = inner.isEmpty ? value : set(inner, to: value, in: Array("{}".utf8))
      let isEmpty = json[(start + 1)...].first { !isBlank($0) } == UInt8(ascii: "}")
      out.insert(contentsOf: Array("\"\(name)\":".utf8) + added + (isEmpty ? [] : [UInt8(ascii: ",")]), at: start + 1)
    }
    return out
  }

  /// Where the value of the last member with that name stands.
  private static func span(of name: String, inObjectAt start: Int, _ json: [UInt8]) -> Range<Int>? {
    var found: Range<Int>?
    var index = skipBlanks(json, from: start + 1)
    while index < json.count, json[index] == UInt8(ascii: "\"") {
      let nameEnd = endOfValue(json, from: index)
      let valueStart = skipBlanks(json, from: skipBlanks(json, from: nameEnd) + 1)
      let valueEnd = endOfValue(json, from: valueStart)
      if json[(index + 1)..<(nameEnd - 1)].elementsEqual(name.utf8) { found = valueStart..<valueEnd }
      index = skipBlanks(json, from: valueEnd)
      guard index < json.count, json[index] == UInt8(ascii: ",") else { break }
      index = skipBlanks(json, from: index + 1)
    }
    return found
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  private static func skipBlanks(_ json: [UInt8], from start: Int) -> Int {
    var index = start
    while index < json.count, isBlank(json[index]) { index += 1 }
    return index
  }

  private static func endOfValue(_ json: [UInt8], from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < json.count {
      switch json[index] {
      case UInt8(ascii: "\""):
        index += 1
        while index < json.count, json[index] != UInt8(ascii: "\"") { index += json[index] == UInt8(ascii: "\\") ? 2 : 1 }
        if depth == 0 { return index + 1 }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth <= 1 { return depth == 1 ? index + 1 : index }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: return index
      case let byte where depth == 0 && isBlank(byte): return index
      default: break
      }
      index += 1
    }
    return index
  }
}
