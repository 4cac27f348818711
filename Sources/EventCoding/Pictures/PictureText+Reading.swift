import FaceEvents

/// A picture taken out of a JSON string.
struct DecodedPicture {
  var bytes: SharedBytes
  /// How to write the text back; nil when it can't be described and has to stay where it is.
  var text: PictureText?
}

extension PictureText {
  /// A shorter value without the signature of a picture is a word, not a picture: "none" is valid base64 too.
  private static let unsignedBytesMin = 16

  /// Takes the picture out of the JSON string at `range`. Canonical base64, also behind a data URI's prefix, is decoded over its own text;
  /// anything else that is base64 (MIME line breaks, URL-safe, unpadded, escaped slashes) into memory of its own.
  /// - Returns: nil when it is not base64 or too short to be a picture; the storage is then as it was.
  static func decode(_ range: Range<Int>, of storage: ByteStorage) -> DecodedPicture? {
    let all = UnsafeMutableRawBufferPointer(rebasing: storage.bytes[range])
    let prefix = dataURIPrefix(UnsafeRawBufferPointer(all))
    let base64 = UnsafeMutableRawBufferPointer(rebasing: all[prefix...])
    if let length = Base64.decodeInPlace(base64) {
      var text = PictureText()
      text.prefix = Array(all[..<prefix])
      let start = range.lowerBound + prefix
      if isPicture(UnsafeRawBufferPointer(rebasing: base64[..<length])) {
        return DecodedPicture(bytes: storage.share(start..<start + length), text: text)
      }
      var restored: [UInt8] = []
      Base64.append(UnsafeRawBufferPointer(rebasing: base64[..<length]), to: &restored)
      base64.copyBytes(from: restored)
      return nil
    }
    return decodeLoosely(UnsafeRawBufferPointer(all), prefix: prefix)
  }

  private static func isPicture(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= unsignedBytesMin || PictureKind(signatureOf: bytes) != nil
  }

  /// Length of `data:image/jpeg;base64,` and the like at the beginning of `text`, 0 without it.
  private static func dataURIPrefix(_ text: UnsafeRawBufferPointer) -> Int {
    guard text.starts(with: "data:".utf8), let comma = text.prefix(256).firstIndex(of: UInt8(ascii: ",")) else { return 0 }
    return comma + 1
  }

  private static func decodeLoosely(_ all: UnsafeRawBufferPointer, prefix: Int) -> DecodedPicture? {
    var reader = LooseBase64Reader(UnsafeRawBufferPointer(rebasing: all[prefix...]))
    guard let bytes = reader.read(), bytes.withUnsafeBytes(isPicture) else { return nil }
    var text = reader.text
    text.prefix = Array(all[..<prefix])
    var again: [UInt8] = []
    bytes.withUnsafeBytes { text.write($0, to: &again) }
    let isSame = again.count == all.count && again.withUnsafeBytes { $0.elementsEqual(all) }
    return DecodedPicture(bytes: bytes, text: isSame ? text : nil)
  }
}

/// Reads base64 as liberally as it is written, and notes how.
private struct LooseBase64Reader {
  private let input: UnsafeRawBufferPointer
  private var index = 0
  private var symbols = 0
  private var padding = 0
  private(set) var text = PictureText()

  init(_ input: UnsafeRawBufferPointer) { self.input = input }

  /// - Returns: nil at the first character that has no place in base64.
  mutating func read() -> SharedBytes? {
    let output = ByteStorage(capacity: input.count / 4 * 3 + 3)
    var bits: UInt32 = 0
    while index < input.count {
      let start = index
      guard let character = next() else { return nil }
      switch character {
      case 0x0A, 0x0D, 0x20, 0x09: noteBreak(from: start)
      case UInt8(ascii: "="):
        padding += 1
        text.endsWithLineBreak = false
      default:
        guard padding == 0, let value = value(of: character, escaped: index - start > 1) else { return nil }
        text.endsWithLineBreak = false
        bits = bits << 6 | value
        symbols += 1
        if symbols % 4 == 0 { append(bits, 3, to: output) }
      }
    }
    text.isPadded = padding > 0 || symbols % 4 == 0
    switch symbols % 4 {
    case 2: append(bits << 12, 1, to: output)
    case 3: append(bits << 6, 2, to: output)
    case 1: return nil
    default: break
    }
    guard output.count > 0, padding <= 2 else { return nil }
    return output.share(0..<output.count)
  }

  /// One character of the string's value; nil for an escape that can't be base64.
  private mutating func next() -> UInt8? {
    let byte = input[index]
    index += 1
    guard byte == UInt8(ascii: "\\"), index < input.count else { return byte }
    index += 1
    switch input[index - 1] {
    case UInt8(ascii: "/"): return UInt8(ascii: "/")
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard index + 4 <= input.count else { return nil }
      let unit = (0..<4).reduce(UInt32(0)) { $0 << 4 | (HexDigit.value(input[index + $1]) ?? 0xFF) }
      index += 4
      return unit < 0x80 ? UInt8(unit) : nil
    default: return nil
    }
  }

  private mutating func value(of character: UInt8, escaped: Bool) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return UInt32(character) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt32(character) + 4
    case UInt8(ascii: "+"): return 62
    case UInt8(ascii: "/"):
      if escaped { text.hasEscapedSlashes = true }
      return 63
    case UInt8(ascii: "-"), UInt8(ascii: "_"):
      text.isURLSafe = true
      return character == UInt8(ascii: "-") ? 62 : 63
    default: return nil
    }
  }

  /// The first line says how long lines are and what ends them; whether all are so shows when the text is written again.
  private mutating func noteBreak(from start: Int) {
    if text.lineLength == 0 {
      text.lineLength = max(1, symbols + padding)
      text.lineBreak = []
    }
    if symbols + padding == text.lineLength || text.lineBreak.isEmpty { text.lineBreak += input[start..<index] }
    text.endsWithLineBreak = true
  }

  private func append(_ bits: UInt32, _ count: Int, to output: ByteStorage) {
    let bytes = (UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
    withUnsafeBytes(of: bytes) { output.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}

/// File kinds that boxes and their neighbours send, known by their first bytes.
package enum PictureKind: String, Sendable {
  case jpeg, png, gif, bmp, webp

  package init?(signatureOf bytes: UnsafeRawBufferPointer) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if bytes.starts(with: "GIF8".utf8) {
      self = .gif
    } else if bytes.starts(with: "BM".utf8), bytes.count > 26 {
      self = .bmp
    } else if bytes.starts(with: "RIFF".utf8), bytes.count > 12, bytes[8..<12].elementsEqual("WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }

  package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
  package var mediaType: String { "image/\(rawValue)" }
}
