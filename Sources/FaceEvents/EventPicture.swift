/// What is known of one picture of an event besides its bytes.
public struct EventPicture: Sendable, Equatable {
  public var role: PictureRole
  /// The key that it was sent under, for example `recognize_face`.
  public var field: String
  public var digest: ContentDigest
  public var byteCount: Int
  public var cut: PictureCut?

  /// - Parameter cut: nil when the picture's text stayed in the original because no ``PictureText`` describes it.
  public init(role: PictureRole, field: String, digest: ContentDigest, byteCount: Int, cut: PictureCut?) {
    self.role = role
    self.field = field
    self.digest = digest
    self.byteCount = byteCount
    self.cut = cut
  }
}

/// Where a picture's text was taken out of the original, and how to write it back byte for byte.
public struct PictureCut: Sendable, Equatable {
  /// Byte offset in the text without pictures, between the string's quotation marks.
  public var offset: Int
  public var text: PictureText

  public init(offset: Int, text: PictureText) {
    self.offset = offset
    self.text = text
  }
}

/// How base64 was written inside the JSON string (protocol.md T10, T11). The default is canonical RFC 4648 section 4.
public struct PictureText: Sendable, Hashable {
  /// What stands before the base64, as in the JSON text: `data:image/jpeg;base64,` or nothing.
  public var prefix: [UInt8] = []
  public var isURLSafe = false
  public var isPadded = true
  /// Every `/` written as `\/`.
  public var hasEscapedSlashes = false
  /// Characters of base64 in a line; 0 for one long line.
  public var lineLength = 0
  /// The line break as in the JSON text, for example the four characters `\r\n` of two escapes.
  public var lineBreak: [UInt8] = []
  /// Whether a line break stands at the very end too.
  public var endsWithLineBreak = false

  public init() {}

  public static let canonical = PictureText()
}

/// Where a picture store has put a picture. Opaque to everybody but that store.
public struct PictureLocation: Sendable, Hashable {
  public var volume: UInt32
  public var offset: UInt64

  public init(volume: UInt32, offset: UInt64) {
    self.volume = volume
    self.offset = offset
  }
}
