import FaceEvents
import NIOCore

/// Writes JSON text (RFC 8259) straight into the answer's buffer. The caller keeps the order right; this escapes.
struct JSONWriter {
  private(set) var buffer: ByteBuffer
  private var needsComma = false

  init(capacity: Int = 256) {
    buffer = ByteBufferAllocator().buffer(capacity: capacity)
  }

  mutating func object(_ members: (inout JSONWriter) -> Void) { nest("{", "}", members) }

  mutating func array(_ elements: (inout JSONWriter) -> Void) { nest("[", "]", elements) }

  mutating func key(_ name: StaticString) {
    separate()
    buffer.writeString("\"")
    buffer.writeStaticString(name)
    buffer.writeString("\":")
    needsComma = false
  }

  mutating func string(_ text: String) {
    separate()
    buffer.writeInteger(UInt8(ascii: "\""))
    if text.utf8.contains(where: Self.mustEscape) { writeEscaped(text) } else { buffer.writeString(text) }
    buffer.writeInteger(UInt8(ascii: "\""))
  }

  mutating func integer(_ value: some BinaryInteger) {
    separate()
    buffer.writeString(String(value))
  }

  mutating func boolean(_ value: Bool) {
    separate()
    buffer.writeStaticString(value ? "true" : "false")
  }

  mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  /// The id as `EventID.description` has it, without a string in between: every answer has one.
  mutating func member(_ name: StaticString, _ id: EventID) {
    key(name)
    separate()
    buffer.writeStaticString("\"")
    for (position, word) in [id.high, id.high << 32, id.high << 48, id.low, id.low << 16].enumerated() {
      if position > 0 { buffer.writeInteger(UInt8(ascii: "-")) }
      writeHex(word, digits: [8, 4, 4, 4, 12][position])
    }
    buffer.writeStaticString("\"")
  }

  mutating func member(_ name: StaticString, _ values: [String]) {
    key(name)
    array { writer in for value in values { writer.string(value) } }
  }

  private mutating func nest(_ open: StaticString, _ close: StaticString, _ content: (inout JSONWriter) -> Void) {
    separate()
    buffer.writeStaticString(open)
    needsComma = false
    content(&self)
    buffer.writeStaticString(close)
    needsComma = true
  }

  /// The first `digits` hexadecimal digits of `word`.
  private mutating func writeHex(_ word: UInt64, digits: Int) {
    var rest = word
    for _ in 0..<digits {
      let nibble = UInt8(rest >> 60)
      buffer.writeInteger(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble)
      rest <<= 4
    }
  }

  private mutating func separate() {
    if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
    needsComma = true
  }

  private static func mustEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }

  private mutating func writeEscaped(_ text: String) {
    let digits = Array("0123456789abcdef".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
      case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
      case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
      case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
      case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
      case 0..<0x20: buffer.writeBytes(Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default: buffer.writeInteger(byte)
      }
    }
  }
}
