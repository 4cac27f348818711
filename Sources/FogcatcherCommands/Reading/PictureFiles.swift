import EventCoding
import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
    let temporary = path + ".part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path: temporary) }
    let written = bytes.withUnsafeBytes { Self.writeAll($0, to: descriptor) }
    let error = written ? nil : FileError(path: temporary)
    close(descriptor)
    if let error {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else { throw FileError(path: path) }
    return path
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = systemWrite(descriptor, part.baseAddress, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
