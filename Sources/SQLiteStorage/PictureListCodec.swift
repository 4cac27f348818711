import FaceEvents

/// The `pictures` column of an event: which pictures it has, where they are, and where their texts were cut out.
///
/// Layout, version 1. Numbers are LEB128: seven bits a byte, lowest first, the top bit set on all but the last byte.
///
///     1 byte    version: 1
///     number    count of pictures, then for each:
///       1 byte    role (1 to 5), plus 0x80 when there is a cut
///       number    length of the field name, then its UTF-8 bytes
///       32 bytes  SHA-256 of the picture
///       number    size of the picture in bytes
///       number    volume
///       number    offset in the volume
///       with a cut:
///         number    offset of the cut in the text without pictures
///         1 byte    how the base64 was written: 0 is canonical; otherwise 0x80 plus
///                   1 URL-safe alphabet, 2 no padding, 4 slashes escaped, 8 line break at the end
///         only after a byte that is not 0:
///           number    length of a line
///           number    length of the prefix, then its bytes
///           number    length of the line break, then its bytes
///
/// An event without pictures has NULL instead.
enum PictureListCodec {
  static let version: UInt8 = 1

  private static let hasCut: UInt8 = 0x80
  private static let isWrittenOut: UInt8 = 0x80

  /// - Parameter locations: one per picture.
  /// - Returns: nil when there are no pictures.
  static func encode(_ pictures: [EventPicture], _ locations: [PictureLocation]) -> [UInt8]? {
    precondition(pictures.count == locations.count, "one location per picture")
    guard !pictures.isEmpty else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(2 + 80 * pictures.count)
    out.append(version)
    append(UInt64(pictures.count), to: &out)
    for (picture, location) in zip(pictures, locations) {
      out.append(picture.role.rawValue | (picture.cut == nil ? 0 : hasCut))
      append(picture.field, to: &out)
      picture.digest.withRawBytes { out += $0 }
      append(UInt64(picture.byteCount), to: &out)
      append(UInt64(location.volume), to: &out)
      append(location.offset, to: &out)
      if let cut = picture.cut { append(cut, to: &out) }
    }
    return out
  }

  private static func append(_ cut: PictureCut, to out: inout [UInt8]) {
    append(UInt64(cut.offset), to: &out)
    let text = cut.text
    guard text != .canonical else {
      out.append(0)
      return
    }
    out.append(
      isWrittenOut | (text.isURLSafe ? 1 : 0) | (text.isPadded ? 0 : 2) | (text.hasEscapedSlashes ? 4 : 0)
        | (text.endsWithLineBreak ? 8 : 0))
    append(UInt64(text.lineLength), to: &out)
    append(UInt64(text.prefix.count), to: &out)
    out += text.prefix
    append(UInt64(text.lineBreak.count), to: &out)
    out += text.lineBreak
  }

  private static func append(_ text: String, to out: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &out)
    out += text.utf8
  }

  private static func append(_ number: UInt64, to out: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    out.append(UInt8(rest))
  }
}

extension PictureListCodec {
  struct Decoded: Equatable {
    var pictures: [EventPicture] = []
    var locations: [PictureLocation] = []
  }

  /// - Parameter bytes: none for an event without pictures.
  /// - Returns: nil when these bytes are not what ``encode(_:_:)`` writes.
  static func decode(_ bytes: UnsafeRawBufferPointer) -> Decoded? {
    var decoded = Decoded()
    guard !bytes.isEmpty else { return decoded }
    var reader = PictureListReader(bytes)
    // A picture takes at least 37 bytes, which bounds the loop by the bytes that are there.
    guard reader.byte() == version, let count = reader.number(), count > 0, count <= UInt64(bytes.count / 37) else { return nil }
    for _ in 0..<count {
      guard let (picture, location) = reader.picture() else { return nil }
      decoded.pictures.append(picture)
      decoded.locations.append(location)
    }
    return reader.isAtEnd ? decoded : nil
  }
}

/// Reads the layout of ``PictureListCodec``. Every method returns nil when the bytes end too early or cannot be.
private struct PictureListReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard let next = byte() else { return nil }
      let bits = UInt64(next & 0x7F)
      guard shift < 63 || bits <= 1 else { return nil }
      value |= bits << shift
      if next < 0x80 { return next == 0 && shift > 0 ? nil : value }
    }
    return nil
  }

  mutating func size() -> Int? { number().flatMap { Int(exactly: $0) } }

  mutating func slice() -> UnsafeRawBufferPointer? {
    guard let count = size() else { return nil }
    return slice(count)
  }

  mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count <= bytes.count - position else { return nil }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func picture() -> (EventPicture, PictureLocation)? {
    guard let head = byte(), let role = PictureRole(rawValue: head & 0x7F), let field = slice(),
      let digest = slice(32).flatMap({ ContentDigest(raw: $0) }), let byteCount = size(),
      let volume = number().flatMap({ UInt32(exactly: $0) }), let offset = number()
    else { return nil }
    var cut: PictureCut?
    if head & 0x80 != 0 {
      cut = pictureCut()
      if cut == nil { return nil }
    }
    let picture = EventPicture(role: role, field: String(decoding: field, as: UTF8.self), digest: digest, byteCount: byteCount, cut: cut)
    return (picture, PictureLocation(volume: volume, offset: offset))
  }

  private mutating func pictureCut() -> PictureCut? {
    guard let offset = size(), let style = byte() else { return nil }
    guard style != 0 else { return PictureCut(offset: offset, text: .canonical) }
    guard style & 0xF0 == 0x80, let lineLength = size(), let prefix = slice(), let lineBreak = slice() else { return nil }
    var text = PictureText()
    text.isURLSafe = style & 1 != 0
    text.isPadded = style & 2 == 0
    text.hasEscapedSlashes = style & 4 != 0
    text.endsWithLineBreak = style & 8 != 0
    text.lineLength = lineLength
    text.prefix = Array(prefix)
    text.lineBreak = Array(lineBreak)
    return PictureCut(offset: offset, text: text)
  }
}
