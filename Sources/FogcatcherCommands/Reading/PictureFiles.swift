import EventCoding
import FaceEvents

/// Writes pictures into a directory, under names that sort by time.
struct PictureFiles {
  private let directory: String

  /// Makes the directory.
  init(directory: String) throws(FileError) {
    try Directory.make(directory)
    self.directory = directory
  }

  /// `20240305T081502.345Z_<id>_<nn>-<role>.jpg`; `index` counts from 0, the extension is that of the bytes.
  static func name(of picture: EventPicture, index: Int, in event: FaceEvent, bytes: SharedBytes) -> String {
    let number = index + 1 < 10 ? "0\(index + 1)" : "\(index + 1)"
    let kind = bytes.withUnsafeBytes { PictureKind(signatureOf: $0) }
    return "\(RFC3339.compactText(event.time))_\(event.id)_\(number)-\(picture.role.word).\(kind?.fileExtension ?? "bin")"
  }

  /// Beside its place first, then renamed: a picture under its name is whole. One that is there already is replaced by the same bytes.
  /// - Returns: its path.
  func write(_ picture: EventPicture, index: Int, of event: FaceEvent, bytes: SharedBytes) throws(FileError) -> String {
    let path = "\(directory)/\(Self.name(of: picture, index: index, in: event, bytes: bytes))"
    try bytes.withUnsafeBytes { memory throws(FileError) in try FileBytes.write(memory, to: path) }
    return path
  }
}
