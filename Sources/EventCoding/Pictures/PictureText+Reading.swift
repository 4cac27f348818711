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
    var reader = LooseBase64(UnsafeRawBufferPointer(rebasing: all[prefix...]))
    guard let bytes = reader.read(), bytes.withUnsafeBytes(isPicture) else { return nil }
    var text = reader.text
    text.prefix = Array(all[..<prefix])
    // The length first: a line break may be as long as the text, and writing it at every break of a shorter line would never end.
    if prefix + reader.writtenCount == all.count {
      var again: [UInt8] = []
      bytes.withUnsafeBytes { text.write($0, to: &again) }
      if again.withUnsafeBytes({ isSame($0, all) }) { return DecodedPicture(bytes: bytes, text: text) }
    }
    // Blanks that are no line breaks once were plus signs: what they stand for is not known, and a wrong picture is worse than none.
    return reader.hasBlanks ? nil : DecodedPicture(bytes: bytes, text: nil)
  }
  /// Eight bytes at a time.
  private static func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    var index = 0
    while index + 8 <= a.count {
      guard a.loadUnaligned(fromByteOffset: index, as: UInt64.self) == b.loadUnaligned(fromByteOffset: index, as: UInt64.self) else {
        return false
      }
      index += 8
    }
    return a[index...].elementsEqual(b[index...])
  }
}
