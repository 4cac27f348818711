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
