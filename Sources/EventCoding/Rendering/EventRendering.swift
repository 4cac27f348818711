package import FaceEvents

/// How a target wants its events: format, pictures, and what stands for those that are switched off.
package struct EventRendering: Sendable {
  package var format: TargetFormat
  package var pictures: Set<PictureRole>
  package var offPicture: OffPicture

  package init(format: TargetFormat, pictures: Set<PictureRole>, offPicture: OffPicture) {
    self.format = format
    self.pictures = pictures
    self.offPicture = offPicture
  }

  /// In form-data, pictures below this many bytes are written into the text at once: that of a tiny one could look like something else than
  /// a picture, a number for example, and must then be written so that it is not taken for one.
  package static let inlineBytesMax = 4_096

  /// Which pictures ``body(of:inline:)`` wants to have.
  package func inlinePictures(of event: FaceEvent) -> [Int] {
    guard format == .formData else { return [] }
    return event.pictures.indices.filter { index in
      let picture = event.pictures[index]
      return picture.cut != nil && picture.byteCount < Self.inlineBytesMax && pictures.contains(picture.role)
    }
  }

  /// As JSON: the sender's own text, byte for byte, but for the pictures that are switched off. As form-data: the same members as parts; an
  /// event that no form can carry goes as JSON.
  ///
  /// - Parameter inline: the bytes of ``inlinePictures(of:)``.
  /// - Returns: nil when the event's text does not have the structure that its pictures need, which only damage can cause.
  package func body(of event: FaceEvent, inline: [Int: SharedBytes] = [:]) -> OutgoingBody? {
    guard let edits = edits(of: event) else { return nil }
    if format == .formData, let body = formData(event, edits, inline) { return body }
    return OutgoingBody(contentType: "application/json", pieces: pieces(event.originalText, edits))
  }

  private func pieces(_ text: SharedBytes, _ edits: [TextEdit]) -> [OutgoingBody.Piece] {
    var pieces: [OutgoingBody.Piece] = []
    text.withUnsafeBytes { text in
      var copied = 0
      var pending: [UInt8] = []
      for edit in edits {
        pending.append(contentsOf: text[copied..<edit.range.lowerBound])
        copied = edit.range.upperBound
        guard let picture = edit.picture else { continue }
        pieces.append(.text(pending))
        pieces.append(.picture(picture.index, picture.text))
        pending = []
      }
      pending.append(contentsOf: text[copied...])
      pieces.append(.text(pending))
    }
    return pieces
  }

  /// The encoder sees a token for each large picture. A token is text like base64, so it is written just as the picture would be.
  private func formData(_ event: FaceEvent, _ edits: [TextEdit], _ inline: [Int: SharedBytes]) -> OutgoingBody? {
    let tokens = PictureTokens()
    var json: [UInt8] = []
    for piece in pieces(event.originalText, edits) {
      switch piece {
      case .text(let text): json += text
      case .picture(let index, let text):
        if let bytes = inline[index] { json += text.text(of: bytes) } else { json += tokens.token(index) }
      }
    }
    guard let (body, contentType) = FormDataEncoder(limits: Self.limits).encode(json) else { return nil }
    let pieces = tokens.split(body) { index, isJSON in
      let text = event.pictures[index].cut?.text ?? .canonical
      return isJSON ? text : text.unescaped
    }
    return OutgoingBody(contentType: contentType, pieces: pieces)
  }

  /// The text was accepted once, by limits that may have been other ones.
  private static var limits: EventDecoder.Limits {
    var limits = EventDecoder.Limits()
    limits.depthMax = 1_024
    limits.valuesMax = 1 << 22
    return limits
  }

  /// What is put into the text and taken out of it, in order.
  private func edits(of event: FaceEvent) -> [TextEdit]? {
    let off = event.pictures.indices.filter { !pictures.contains(event.pictures[$0].role) }
    var edits: [TextEdit] = []
    for (index, picture) in event.pictures.enumerated() where pictures.contains(picture.role) {
      guard let cut = picture.cut else { continue }
      guard (edits.last?.range.upperBound ?? 0) <= cut.offset, cut.offset <= event.originalText.count else { return nil }
      edits.append(TextEdit(range: cut.offset..<cut.offset, picture: (index, cut.text)))
    }
    // Without its text, a picture that was cut out leaves an empty string.
    guard off.contains(where: { event.pictures[$0].cut == nil || omits(event.pictures[$0]) }) else { return edits }
    guard let places = PicturePlaces(event, depthMax: Self.limits.depthMax, valuesMax: Self.limits.valuesMax) else { return nil }
    let omitted = off.filter { omits(event.pictures[$0]) }
    edits += places.members(omitted).map { TextEdit(range: $0, picture: nil) }
    edits += off.filter { event.pictures[$0].cut == nil && !omitted.contains($0) }
      .map { TextEdit(range: places.contents(of: $0), picture: nil) }
    return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// A picture under a key that nobody has documented would not be recognised as one that is missing.
  private func omits(_ picture: EventPicture) -> Bool { offPicture == .omit || picture.role == .other }
}

/// A part of the text that goes, and the picture that comes in its place.
struct TextEdit {
  var range: Range<Int>
  var picture: (index: Int, text: PictureText)?
}
