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
    let header = Array(contentType.utf8)
    guard let parameter = HeaderParameters(header)["boundary"] ?? Self.misplacedParameter(in: header) else { throw .boundaryMissing }
    try self.init(parameter.mediaTypeText)
  }

  private static func misplacedParameter(in header: [UInt8]) -> HeaderParameters.Parameter? {
    let key = Array("boundary=".utf8)
    let starts = header.indices.dropLast(key.count - 1)
    guard let start = starts.first(where: { ASCII.isEqualIgnoringCase(header[$0..<$0 + key.count], key) }) else { return nil }
    return HeaderParameters([ASCII.semicolon] + header[start...])["boundary"]
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The Content-Type header value for a form with this boundary, which is quoted when it has to be.
  public var contentType: String {
    let prefix = "multipart/form-data; boundary="
    guard !bytes.allSatisfy(ASCII.isTokenCharacter) else { return prefix + text }
    let escaped = bytes.flatMap { $0 == ASCII.quote || $0 == ASCII.backslash ? [ASCII.backslash, $0] : [$0] }
    return "\(prefix)\"\(String(decoding: escaped, as: UTF8.self))\""
  }
}

extension MultipartBoundary {
  /// Guesses the boundary from a body whose Content-Type is missing or wrong: its first line that is not empty must begin with `--`.
  /// Nil when it does not, or when the rest of that line cannot be a boundary.
  public static func sniff(_ body: UnsafeRawBufferPointer) -> MultipartBoundary? {
    let start = body.firstIndex { $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed } ?? body.count
    guard body.count - start > 2, body[start] == ASCII.hyphen, body[start + 1] == ASCII.hyphen else { return nil }
    // Beyond this a line is no boundary line, so that a body without line ends is not searched to its end.
    let window = body.part(start + 2..<min(body.count, start + 2 + lengthMax + Delimiter.paddingBytesMax + 2))
    let lineFeed = window.firstIndex(of: ASCII.lineFeed, from: 0)
    var line = Array(window[..<(lineFeed ?? window.count)])[...]
    if line.last == ASCII.carriageReturn { line = line.dropLast() }
    line = ASCII.trimmed(line)
    // A form without parts is its closing line alone.
    let isAlone = start + 2 + (lineFeed ?? window.count) + 1 >= body.count
    if isAlone, line.count > 2, line.suffix(2) == [ASCII.hyphen, ASCII.hyphen] { line = line.dropLast(2) }
    return try? MultipartBoundary(bytes: Array(line))
  }
}
