import FaceEvents

/// A JSON text as nested lists for people, in the order and with the numbers of the sender. The text was understood once, so it is JSON;
/// where it is not, the tree ends there.
struct JSONTree {
  /// Values shown at most; what comes behind is in the original.
  static let valuesMax = 2_000
  static let depthMax = 64
  static let stringMax = 2_000

  private let bytes: [UInt8]
  private var place = 0
  private var left = Self.valuesMax
  private var out = ""
  private let texts: PageTexts

  static func html(_ text: SharedBytes, texts: PageTexts) -> String {
    var tree = JSONTree(bytes: text.array, texts: texts)
    tree.value(key: nil, depth: 0)
    return "<ul class=\"tree\">\(tree.out)</ul>"
  }

  private init(bytes: [UInt8], texts: PageTexts) {
    self.bytes = bytes
    self.texts = texts
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  private mutating func value(key: String?, depth: Int) {
    skipBlanks()
    left -= 1
    guard place < bytes.count, left >= 0, depth <= Self.depthMax else {
      if left == -1 { out += "<li class=\"gone\">\(PageText.escaped(texts["tree_cut"]))</li>" }
      place = bytes.count
      return
    }
    out += "<li>"
    if let key { out += "<span class=\"key\">\(PageText.escaped(key))</span>" }
    switch bytes[place] {
    case UInt8(ascii: "{"): container(UInt8(ascii: "}"), hasKeys: true, depth: depth)
    case UInt8(ascii: "["): container(UInt8(ascii: "]"), hasKeys: false, depth: depth)
    case UInt8(ascii: "\""): string(key: key)
    default: scalar()
    }
    out += "</li>"
  }

  private mutating func container(_ end: UInt8, hasKeys: Bool, depth: Int) {
    place += 1
    skipBlanks()
    if place < bytes.count, bytes[place] == end {
      place += 1
      out += "<span class=\"gone\">\(hasKeys ? "{ }" : "[ ]")</span>"
      return
    }
    out += "<ul>"
    var number = 0
    while place < bytes.count, bytes[place] != end {
      var key = String(number)
      if hasKeys {
        skipBlanks()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { break }
        key = readString()
        skipBlanks()
        if place < bytes.count, bytes[place] == UInt8(ascii: ":") { place += 1 }
      }
      value(key: key, depth: depth + 1)
      number += 1
      skipBlanks()
      if place < bytes.count, bytes[place] == UInt8(ascii: ",") { place += 1 }
      skipBlanks()
    }
    place = min(place + 1, bytes.count)
    out += "</ul>"
  }

  private mutating func string(key: String?) {
    let text = readString()
    if text.isEmpty {
      out += "<span class=\"gone\">\(PageText.escaped(texts["tree_empty"]))</span>"
    } else if text.utf8.count > Self.stringMax {
      out += "<span>\(PageText.escaped(String(text.prefix(Self.stringMax / 4))))…</span> "
      out += "<span class=\"gone\">\(PageText.escaped(texts.text("tree_long", PageTime.bytes(Int64(text.utf8.count)))))</span>"
    } else {
      out += "<span>\(PageText.escaped(text))</span>"
    }
  }

  private mutating func scalar() {
    let start = place
    while place < bytes.count, !Self.endsScalar(bytes[place]) { place += 1 }
    guard place > start else {
      place = bytes.count
      return
    }
    out += "<span class=\"number\">\(PageText.escaped(String(decoding: bytes[start..<place], as: UTF8.self)))</span>"
  }

  private mutating func readString() -> String {
    place += 1
    var text: [UInt8] = []
    // Halves of a pair stand in two escapes.
    var units: [UInt16] = []
    func flush() {
      guard !units.isEmpty else { return }
      text += String(decoding: units, as: UTF16.self).utf8
      units = []
    }
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      let run = bytes[place...].prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      if !run.isEmpty {
        flush()
        text += run
        place = run.endIndex
      } else if place + 5 < bytes.count, bytes[place + 1] == UInt8(ascii: "u") {
        units.append(UInt16(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16) ?? 0xFFFD)
        place += 6
      } else {
        flush()
        if place + 1 < bytes.count { text.append(Self.unescaped(bytes[place + 1])) }
        place = min(place + 2, bytes.count)
      }
    }
    flush()
    place = min(place + 1, bytes.count)
    return String(decoding: text, as: UTF8.self)
  }

  private static func unescaped(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: byte
    }
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte <= 0x20 || [UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":")].contains(byte)
  }

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
  }
}
