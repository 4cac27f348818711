import Testing

@testable import EventCoding

/// Strings are skipped many bytes at a time: none of the bytes that end or interrupt one may be overlooked, wherever in a block it stands.
@Suite struct JSONStringTests {
  private static func scan(_ text: [UInt8]) -> Result<JSONDocument, JSONError> {
    text.withUnsafeBytes { bytes in
      do throws(JSONError) {
        return .success(try JSONScanner.scan(bytes, depthMax: 4, valuesMax: 16))
      } catch {
        return .failure(error)
      }
    }
  }

  @Test("Every byte at every place of a long string has its effect", arguments: 0..<150)
  func everyByteEverywhere(_ place: Int) throws {
    for byte in UInt8.min...UInt8.max {
      var text = [UInt8](repeating: UInt8(ascii: "A"), count: 150)
      text[place] = byte
      let result = Self.scan([UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")])
      let isRight =
        switch byte {
        // The letter after the backslash is no escape; after the quotation mark nothing may follow.
        case ..<0x20, UInt8(ascii: "\\"): (try? result.get()) == nil
        case UInt8(ascii: "\""): (try? result.get()) == nil
        default: try result.get().values.first?.range == 1..<151 && result.get().hasInvalidUTF8 == (byte >= 0x80)
        }
      if !isRight { Issue.record("byte \(byte)") }
    }
  }

  @Test("A string ends at its quotation mark, whatever its length", arguments: 0..<150)
  func ends(_ count: Int) throws {
    let text = Array("[\"\(String(repeating: "~", count: count))\",\"b\"]".utf8)
    #expect(try Self.scan(text).get().values.map(\.range) == [0..<text.count, 2..<2 + count, count + 5..<count + 6])
  }

  @Test(
    "Every byte at every place of a long text is escaped when it must be, and only then",
    arguments: [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 79])
  func escapes(_ place: Int) {
    for byte in UInt8.min...UInt8.max {
      var whole = [UInt8](repeating: UInt8(ascii: "A"), count: 80)
      whole[place] = byte
      // It stands alone, ends the text, and has another one right behind it.
      for text in [whole, Array(whole[...place]), Array(whole[...place]) + [byte] + whole[place...]] {
        var out: [UInt8] = []
        JSONText.appendString(text, to: &out)
        let expected: [UInt8] = [UInt8(ascii: "\"")] + text.flatMap(Self.escaped) + [UInt8(ascii: "\"")]
        if out != expected { Issue.record("byte \(byte)") }
      }
    }
  }

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case UInt8(ascii: "\n"): Array("\\n".utf8)
    case UInt8(ascii: "\r"): Array("\\r".utf8)
    case UInt8(ascii: "\t"): Array("\\t".utf8)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
    case ..<0x20: Array("\\u00".utf8) + [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
    default: [byte]
    }
  }
}
