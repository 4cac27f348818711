package import FaceEvents

/// A request body before its pictures are in it: text, and the places of the pictures, in order. Small, whatever the pictures are.
package struct OutgoingBody: Sendable {
  package enum Piece: Sendable {
    case text([UInt8])
    /// The event's picture with this index, written so.
    case picture(Int, PictureText)
  }

  package var contentType: String
  package var pieces: [Piece]
}

extension PictureText {
  /// How many characters a picture of so many bytes takes; nil when that depends on the bytes.
  package func textCount(ofPictureOf byteCount: Int) -> Int? {
    guard !hasEscapedSlashes else { return nil }
    let symbols = Base64.textCount(of: byteCount, padded: isPadded)
    let breaks = lineLength > 0 && symbols > 0 ? (symbols - 1) / lineLength : 0
    return prefix.count + symbols + (breaks + (endsWithLineBreak ? 1 : 0)) * lineBreak.count
  }

  /// The whole text of a picture, for the spellings that ``hasPlainSymbols`` is false for.
  package func text(of picture: SharedBytes) -> [UInt8] {
    var out: [UInt8] = []
    picture.withUnsafeBytes { write($0, to: &out) }
    return out
  }

  /// Whether the text is ``prefix`` and then nothing but the symbols, so that it can be written piece by piece.
  package var hasPlainSymbols: Bool { !hasEscapedSlashes && lineLength == 0 && lineBreak.isEmpty }

  /// Writes the symbols of a part of a picture; every part but the last has a multiple of three bytes.
  /// - Returns: how many, at most four thirds of the bytes and three.
  package func writeSymbols(_ part: UnsafeRawBufferPointer, to out: UnsafeMutableRawBufferPointer) -> Int {
    Base64.write(part, urlSafe: isURLSafe, padded: isPadded, to: out)
  }

  /// The same characters where they do not stand in JSON.
  var unescaped: PictureText {
    var text = self
    text.prefix = prefix.withUnsafeBytes(JSONText.unescape)
    text.lineBreak = lineBreak.withUnsafeBytes(JSONText.unescape)
    text.hasEscapedSlashes = false
    return text
  }
}
