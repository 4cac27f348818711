/// One header line of a part.
///
/// `Content-Transfer-Encoding` is only shown, never acted on: RFC 7578 section 4.7 deprecates it for form-data, and no HTTP sender encodes
/// a part because of it.
public struct MultipartHeader: Sendable, Hashable {
  /// As sent; compare without regard to case.
  public var name: String
  /// As sent, without surrounding blanks; the lines of a folded header are joined by one space.
  public var value: [UInt8]

  public init(name: String, value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// The value as UTF-8, with U+FFFD for what is not UTF-8.
  public var text: String { String(decoding: value, as: UTF8.self) }

  /// In any case. Nearly every sender writes the usual one, which compares faster.
  func isNamed(_ other: String) -> Bool { name == other || ASCII.isEqualIgnoringCase(name.utf8, other.utf8) }
}

/// What the headers of a part say (RFC 7578 section 4).
public struct MultipartPartHead: Sendable, Hashable {
  /// Field name, decoded. Bytes that are not UTF-8 appear as U+FFFD here and as they came in ``headers``. May be empty.
  public var name: String
  /// Decoded like ``name``; nil when the part is not a file. May hold a path: it is a hint from the sender, never a place to write to.
  public var filename: String?
  /// Value of the part's Content-Type header as sent, for ``ContentType/init(_:)``; nil when there is none, which means text/plain.
  public var contentType: String?
  /// Every header, in order.
  public var headers: [MultipartHeader]

  public init(name: String, filename: String? = nil, contentType: String? = nil, headers: [MultipartHeader] = []) {
    self.name = name
    self.filename = filename
    self.contentType = contentType
    self.headers = headers
  }

  /// Value of the first header of that name, in any case.
  public func header(_ name: String) -> String? {
    headers.first { $0.isNamed(name) }?.text
  }
}

extension MultipartPartHead {
  /// Any disposition with a name will do: `attachment` or none at all instead of `form-data` is odd but readable.
  init(headers: [MultipartHeader], part: Int) throws(MultipartError) {
    guard !headers.isEmpty else { throw .partWithoutHeaders(part: part) }
    let disposition = headers.first { $0.isNamed("Content-Disposition") }
    let parameters = HeaderParameters(disposition?.value ?? [])
    guard let name = Self.text(parameters["name*"], parameters["name"]) else { throw .partWithoutName(part: part) }
    self.init(name: name, filename: Self.text(parameters["filename*"], parameters["filename"]), headers: headers)
    contentType = header("Content-Type")
  }

  /// The extended form wins when both are there (RFC 6266 section 4.3).
  private static func text(_ extended: HeaderParameters.Parameter?, _ plain: HeaderParameters.Parameter?) -> String? {
    extended?.extendedText ?? plain?.formText
  }
}
