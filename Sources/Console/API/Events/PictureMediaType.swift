import FaceEvents

/// What a picture is, by its first bytes. Nothing that a browser would run: what is not known is only bytes.
enum PictureMediaType {
  static let all = ["image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp", "application/octet-stream"]

  static func of(_ picture: SharedBytes) -> String {
    let start = picture.withUnsafeBytes { Array($0.prefix(12)) }
    let webP = start.count == 12 && start.starts(with: "RIFF".utf8) && start[8...].elementsEqual("WEBP".utf8)
    return switch true {
    case start.starts(with: [0xFF, 0xD8, 0xFF]): "image/jpeg"
    case start.starts(with: [0x89, 0x50, 0x4E, 0x47]): "image/png"
    case start.starts(with: "GIF8".utf8): "image/gif"
    case start.starts(with: "BM".utf8): "image/bmp"
    case webP: "image/webp"
    default: "application/octet-stream"
    }
  }

  static func fileEnding(of type: String) -> String {
    switch type {
    case "image/jpeg": "jpg"
    case "application/octet-stream": "bin"
    default: String(type.dropFirst("image/".count))
    }
  }
}
