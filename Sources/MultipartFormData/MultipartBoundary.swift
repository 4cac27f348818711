/// The text that separates the parts of a form (RFC 2046 section 5.1.1).
///
/// The grammar allows letters, digits, `'()+_,-./:=?` and inner spaces. Any character above space except DEL is accepted too, because
/// senders use them and they can do no harm; control characters would break the boundary line and are refused.
public struct MultipartBoundary: Sendable, Hashable {
  public static let lengthMax = 70

  /// Without the two hyphens that stand before it in the body.
  public let bytes: [UInt8]

  /// - Parameter text: blanks at its end are dropped, because after a boundary they are transport padding.
  public init(_ text: String) throws(MultipartError) { try self.init(bytes: Array(text.utf8)) }

  init(bytes: [UInt8]) throws(MultipartError) {
    var bytes = bytes
    while let last = bytes.last, ASCII.isBlank(last) { bytes.removeLast() }
    guard !bytes.isEmpty else { throw .boundaryEmpty }
    guard bytes.count <= Self.lengthMax else { throw .boundaryTooLong(characters: bytes.count) }
    if let bad = bytes.first(where: { $0 < 0x20 || $0 == 0x7F }) { throw .boundaryCharacterInvalid(bad) }
    self.bytes = bytes
  }

  /// - Parameter trusted: known to be valid.
  init(trusted bytes: [UInt8]) { self.bytes = bytes }

  /// Takes the boundary out of a Content-Type header value, whatever else stands there: `multipart/form-data; boundary="a b"; charset=x`.
  /// A comma or a blank instead of the semicolon is understood too.
  public init(contentType: String) throws(MultipartError) {
    if let parameter = HeaderParameters(contentType.utf8)["boundary"] {
      try self.init(parameter.mediaTypeText)
      return
    }
    let bytes = Array(contentType.utf8)
    let key = Array("boundary=".utf8)
    let starts = bytes.indices.dropLast(key.count - 1)
    guard let start = starts.first(where: { ASCII.isEqualIgnoringCase(bytes[$0..<$0 + key.count], key) }) else { throw .boundaryMissing }
    let repaired = HeaderParameters([ASCII.semicolon] + bytes[start...])
    guard let parameter = repaired["boundary"] else { throw .boundaryMissing }
    try self.init(parameter.mediaTypeText)
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension MultipartBoundary {
  /// Guesses the boundary from a body whose Content-Type is missing or wrong: its first line that is not empty must begin with `--`.
  /// Nil when it does not, or when the rest of that line cannot be a boundary.
  public static func sniff(_ body: UnsafeRawBufferPointer) -> MultipartBoundary? {
    let start = body.firstIndex { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed } ?? body.count
    guard body.count - start > 2, body[start] == ASCII.hyphen, body[start + 1] == ASCII.hyphen else { return nil }
    // Beyond this a line cannot be a boundary line, so a body without line ends is not searched.
    let window = body.part(start + 2..<min(body.count, start + 2 + lengthMax + Delimiter.paddingBytesMax + 2))
    guard let lineEnd = window.firstIndex(of: ASCII.lineFeed, from: 0) ?? (window.count + start + 2 == body.count ? window.count : nil)
    else {
      return nil
    }
    var line = Array(window[..<lineEnd])
    if line.last == ASCII.carriageReturn { line.removeLast() }
    while let last = line.last, ASCII.isBlank(last) { line.removeLast() }
    // A form without parts is its closing line alone.
    if line.suffix(2).elementsEqual([ASCII.hyphen, ASCII.hyphen]), line.count > 2, lineEnd + start + 3 >= body.count { line.removeLast(2) }
    return try? MultipartBoundary(bytes: line)
  }
}
