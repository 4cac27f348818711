import FaceEvents
import Testing

@testable import EventCoding

@Suite struct Base64Tests {
  /// What stands in the buffer after the attempt, and how many bytes of it are the result.
  static func decodeInPlace(_ text: [UInt8]) -> (buffer: [UInt8], count: Int?) {
    var buffer = text
    let count = buffer.withUnsafeMutableBytes { Base64.decodeInPlace($0) }
    return (buffer, count)
  }

  static func decoded(_ text: [UInt8]) -> [UInt8]? {
    let (buffer, count) = decodeInPlace(text)
    return count.map { Array(buffer[..<$0]) }
  }

  static func encoded(_ bytes: [UInt8], urlSafe: Bool = false, padded: Bool = true) -> String {
    var out: [UInt8] = []
    bytes.withUnsafeBytes { Base64.append($0, urlSafe: urlSafe, padded: padded, to: &out) }
    return String(decoding: out, as: UTF8.self)
  }

  @Test(
    "The vectors of RFC 4648 section 10 hold",
    arguments: [
      ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func vectors(_ bytes: String, _ text: String) {
    #expect(Self.encoded(Array(bytes.utf8)) == text)
    #expect(Self.decoded(Array(text.utf8)) == Array(bytes.utf8))
  }

  @Test("Nothing is no base64, and is written as nothing")
  func empty() {
    #expect(Self.decoded([]) == nil)
    #expect(Self.encoded([]) == "")
  }

  @Test("Every length is written and read as the reference does", arguments: 1...200)
  func lengths(_ count: Int) {
    var random = Seeded(UInt64(count))
    for bytes in [random.bytes(count), [UInt8](repeating: 0xFF, count: count), [UInt8](repeating: 0, count: count)] {
      let text = ReferenceBase64.encode(bytes)
      #expect(Self.encoded(bytes) == text)
      #expect(Self.decoded(Array(text.utf8)) == bytes)
      let urlSafe = text.replacing("+", with: "-").replacing("/", with: "_")
      #expect(Self.encoded(bytes, urlSafe: true) == urlSafe)
      #expect(Self.encoded(bytes, urlSafe: true, padded: false) == urlSafe.replacing("=", with: ""))
    }
  }

  @Test("A text of another length is left as it was", arguments: 0...40)
  func otherLengths(_ count: Int) {
    let text = [UInt8](repeating: UInt8(ascii: "Q"), count: count)
    let (buffer, length) = Self.decodeInPlace(text)
    #expect((length == nil) == (count % 4 != 0 || count == 0))
    if length == nil { #expect(buffer == text) }
  }

  @Test(
    "Any byte at any place is decoded as the reference does, or leaves the text exactly as it was", arguments: [4, 8, 20, 24, 68, 100, 148])
  func everyByteEverywhere(_ count: Int) {
    var random = Seeded(UInt64(count))
    let symbols = Set(ReferenceBase64.standard)
    for padding in 0...2 {
      let text = Array(ReferenceBase64.encode(random.bytes(count / 4 * 3 - padding)).utf8)
      for index in text.indices {
        for byte in UInt8.min...UInt8.max {
          var changed = text
          changed[index] = byte
          let (buffer, length) = Self.decodeInPlace(changed)
          // The reference is slow, and before the last group only the alphabet matters.
          let expected = index < count - 4 && !symbols.contains(byte) ? nil : ReferenceBase64.decode(changed)
          let isRight = length.map { Array(buffer[..<$0]) } == expected && (length != nil || buffer == changed)
          if !isRight { Issue.record("byte \(byte) at \(index) of \(count), padding \(padding)") }
        }
      }
    }
  }

  @Test("Bits that are left over must be zero")
  func trailingBits() {
    #expect(Self.decoded(Array("QQ==".utf8)) == [0x41])
    #expect(Self.decoded(Array("QR==".utf8)) == nil)
    #expect(Self.decoded(Array("QUI=".utf8)) == [0x41, 0x42])
    #expect(Self.decoded(Array("QUJ=".utf8)) == nil)
    for text in ["====", "Q===", "=Q==", "QQ=Q", "Q=Q=", "QQ==QQ==", "QUI=QUI="] {
      #expect(Self.decoded(Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test("What is written is read back, whatever the bytes", arguments: 0..<20)
  func roundTrip(_ seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<20 {
      let bytes = random.bytes(random.int(1..<900))
      #expect(Self.decoded(Array(Self.encoded(bytes).utf8)) == bytes, "seed \(seed)")
    }
  }
}
