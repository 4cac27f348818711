import CTextBytes

/// Strings and numbers between their JSON spelling and their meaning.
enum JSONText {
  /// The bytes that a JSON string means. Lone surrogates become their three-byte form (WTF-8), so that they stay different from each other.
  static func unescape(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < text.count else {
        out.append(byte)
        index += 1
        continue
      }
      index += 2
      switch text[index - 1] {
      case UInt8(ascii: "b"): out.append(0x08)
      case UInt8(ascii: "f"): out.append(0x0C)
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "u"):
        var scalar = codeUnit(text, index)
        index += 4
        if scalar & 0xFC00 == 0xD800, index + 6 <= text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u") {
          let low = codeUnit(text, index + 2)
          if low & 0xFC00 == 0xDC00 {
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
            index += 6
          }
        }
        append(scalar, to: &out)
      case let other: out.append(other)
      }
    }
    return out
  }

  private static func codeUnit(_ text: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
    guard index + 4 <= text.count else { return 0xFFFD }
    return (0..<4).reduce(0) { $0 << 4 | (HexDigit.value(text[index + $1]) ?? 0) }
  }

  /// UTF-8 of a code point; of a lone surrogate, the same pattern of bits.
  static func append(_ scalar: UInt32, to out: inout [UInt8]) {
    switch scalar {
    case 0..<0x80: out.append(UInt8(scalar))
    case 0x80..<0x800: out += [UInt8(0xC0 | scalar >> 6), UInt8(0x80 | scalar & 0x3F)]
    case 0x800..<0x10000: out += [UInt8(0xE0 | scalar >> 12), UInt8(0x80 | scalar >> 6 & 0x3F), UInt8(0x80 | scalar & 0x3F)]
    default:
      out += [
        UInt8(0xF0 | scalar >> 18), UInt8(0x80 | scalar >> 12 & 0x3F), UInt8(0x80 | scalar >> 6 & 0x3F), UInt8(0x80 | scalar & 0x3F),
      ]
    }
  }

  /// Appends `text` as a JSON string with its quotation marks. Bytes above ASCII stay as they are.
  static func appendString(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    appendStringPiece(text, to: &out)
    out.append(UInt8(ascii: "\""))
  }

  /// As ``appendString(_:to:)``, without the quotation marks.
  static func appendStringPiece(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
    var plain = 0
    var index = plainPrefix(text, from: 0)
    while index < text.count {
      let byte = text[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[plain..<index]))
      switch byte {
      case 0x0A: out += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0D: out += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case 0x09: out += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0x00..<0x20: appendEscape(UInt32(byte), to: &out)
      default: out += [UInt8(ascii: "\\"), byte]
      }
      plain = index + 1
      index = plainPrefix(text, from: plain)
    }
    out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[plain...]))
  }

  /// A place from `start` on before which nothing needs an escape: pictures as base64 are skipped many bytes at a time.
  private static func plainPrefix(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard start < text.count, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return start }
    return start + text_plain_prefix(base + start, text.count - start)
  }

  /// `\u` and four hexadecimal digits.
  static func appendEscape(_ unit: UInt32, to out: inout [UInt8]) {
    let digits = String(unit, radix: 16)
    out += "\\u".utf8
    out += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
    out += digits.utf8
  }

  static func appendString(_ text: [UInt8], to out: inout [UInt8]) { text.withUnsafeBytes { appendString($0, to: &out) } }

  /// Whether the whole of `text` is one JSON number.
  static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.first, first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else { return false }
    return (try? JSONScanner.scan(text, depthMax: 1, valuesMax: 1)) != nil
  }

  /// The number's value as `[-]digits e exponent` without zeros at either end, so that 82, 82.0 and 8.2e1 are the same. Exact: never
  /// through Double.
  static func normalNumber(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var digits: [UInt8] = []
    var fractionDigits = 0
    var index = text.first == UInt8(ascii: "-") ? 1 : 0
    var inFraction = false
    while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
      if text[index] == UInt8(ascii: ".") {
        inFraction = true
      } else {
        digits.append(text[index])
        if inFraction { fractionDigits += 1 }
      }
      index += 1
    }
    let zeros = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeLast(zeros)
    digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
    if digits.isEmpty { return [UInt8(ascii: "0")] }
    let sign = text.first == UInt8(ascii: "-") ? [UInt8(ascii: "-")] : []
    let shift = zeros - fractionDigits
    guard index < text.count else { return sign + digits + Array("e\(shift)".utf8) }
    let exponent = String(decoding: text[(index + 1)...], as: UTF8.self)
    if let exponent = Int64(exponent), exponent.magnitude < 1 << 60 { return sign + digits + Array("e\(exponent + Int64(shift))".utf8) }
    // An exponent beyond any use: its own spelling keeps different numbers apart.
    return sign + digits + Array("e\(exponent)+\(shift)".utf8)
  }

  /// The text without blanks between its tokens. `text` must be valid JSON.
  static func compact(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var inString = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      if inString {
        out.append(byte)
        if byte == UInt8(ascii: "\\") {
          index += 1
          if index < text.count { out.append(text[index]) }
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
      } else if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 {
        out.append(byte)
        inString = byte == UInt8(ascii: "\"")
      }
      index += 1
    }
    return out
  }
}
