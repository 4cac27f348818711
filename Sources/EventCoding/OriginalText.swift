public import FaceEvents

/// The sender's own JSON text, put together again from what is stored.
public enum OriginalText {
  /// The text with every picture back in its place, byte for byte as it was sent.
  ///
  /// - Parameter pictures: bytes of each of the event's pictures, in order. Nil writes an empty string in its place, as boxes do for a
  ///   picture that is switched off.
  public static func restore(_ event: FaceEvent, pictures: [SharedBytes?]) -> [UInt8] {
    precondition(pictures.count == event.pictures.count, "one element per picture")
    var out: [UInt8] = []
    out.reserveCapacity(event.originalText.count + event.pictures.reduce(0) { $0 + $1.byteCount / 3 * 4 + 8 })
    event.originalText.withUnsafeBytes { text in
      var copied = 0
      for (picture, bytes) in zip(event.pictures, pictures) {
        guard let cut = picture.cut else { continue }
        out.append(contentsOf: text[copied..<cut.offset])
        copied = cut.offset
        bytes?.withUnsafeBytes { cut.text.write($0, to: &out) }
      }
      out.append(contentsOf: text[copied...])
    }
    return out
  }

  /// How many bytes ``restore(_:pictures:)`` gives for canonical base64; a little less than it gives for other spellings.
  public static func byteCountEstimate(_ event: FaceEvent) -> Int {
    event.pictures.reduce(event.originalText.count) { $0 + ($1.cut == nil ? 0 : ($1.byteCount + 2) / 3 * 4) }
  }
}
