/// A header value of the shape `word; name=value; name="quoted value"`, taken apart but not decoded: Content-Type and Content-Disposition
/// agree on this shape and differ in what an escape means.
struct HeaderParameters {
  struct Parameter {
    /// Lower case. Ends in `*` when the value is an extended one (RFC 8187).
    var name: String
    /// What stands between the quotation marks, escapes and all, or the unquoted text without surrounding blanks.
    var raw: [UInt8]
    var isQuoted: Bool
  }

  /// What stands before the first semicolon, without surrounding blanks.
  private(set) var word: [UInt8]
  /// In the order of the header. Without an `=` there is no parameter.
  private(set) var parameters: [Parameter] = []

  init(_ header: [UInt8]) {
    var rest = header[...]
    word = Array(ASCII.trimmed(Self.take(&rest, upTo: ASCII.semicolon)))
    while rest.popFirst() != nil {
      if let parameter = Self.takeParameter(&rest) { parameters.append(parameter) }
    }
  }

  /// The first parameter of that name, which is lower case.
  subscript(name: String) -> Parameter? { parameters.first { $0.name == name } }

  private static func take(_ rest: inout ArraySlice<UInt8>, upTo end: UInt8) -> ArraySlice<UInt8> {
    let taken = rest.prefix { $0 != end }
    rest = rest.dropFirst(taken.count)
    return taken
  }

  /// Leaves `rest` at the next semicolon, or empty.
  private static func takeParameter(_ rest: inout ArraySlice<UInt8>) -> Parameter? {
    let name = rest.prefix { $0 != ASCII.semicolon && $0 != ASCII.equals }
    rest = rest.dropFirst(name.count)
    guard rest.first == ASCII.equals else { return nil }
    rest = rest.dropFirst().drop(while: ASCII.isBlank)
    let isQuoted = rest.first == ASCII.quote
    let raw = isQuoted ? takeQuoted(&rest) : ASCII.trimmed(take(&rest, upTo: ASCII.semicolon))
    _ = take(&rest, upTo: ASCII.semicolon)
    return Parameter(name: ASCII.lowercased(ASCII.trimmed(name)), raw: Array(raw), isQuoted: isQuoted)
  }

  /// A quotation mark that is missing at the end counts as standing there: what was meant is still plain. It is not missing when the
  /// last one follows a backslash: browsers do not escape backslashes, so that a name may end in one.
  private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    rest = rest.dropFirst()
    var end = rest.startIndex
    while end < rest.endIndex, rest[end] != ASCII.quote {
      end += rest[end] == ASCII.backslash && end + 1 < rest.endIndex ? 2 : 1
    }
    if end == rest.endIndex, rest.suffix(2) == [ASCII.backslash, ASCII.quote] { end -= 1 }
    let taken = rest[..<end]
    rest = rest[end...].dropFirst()
    return taken
  }
}

extension HeaderParameters.Parameter {
  /// The text under the rules of a media type (RFC 9110 section 5.6.4): a backslash quotes whatever follows it.
  var mediaTypeText: String {
    guard isQuoted else { return String(decoding: raw, as: UTF8.self) }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in raw {
      if byte == ASCII.backslash, !isEscaped {
        isEscaped = true
      } else {
        text.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text under the rules that senders of form-data follow in fact. Browsers write `%22`, `%0D` and `%0A` for what cannot stand
  /// between quotation marks and nothing else (HTML standard, "multipart/form-data encoding algorithm"); curl and Python write `\"` and
  /// `\\`. A backslash before any other character is itself, as in a path, and so is any other percent sign.
  var formText: String {
    guard isQuoted, raw.contains(where: { $0 == ASCII.backslash || $0 == ASCII.percent }) else {
      return String(decoding: raw, as: UTF8.self)
    }
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      let (byte, length) = formCharacter(at: index)
      text.append(byte)
      index += length
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func formCharacter(at index: Int) -> (byte: UInt8, length: Int) {
    let byte = raw[index]
    if byte == ASCII.backslash, index + 1 < raw.count, raw[index + 1] == ASCII.quote || raw[index + 1] == ASCII.backslash {
      return (raw[index + 1], 2)
    }
    if byte == ASCII.percent, let value = PercentCoding.value(at: index, in: raw),
      value == ASCII.quote || value == ASCII.carriageReturn || value == ASCII.lineFeed
    {
      return (value, 3)
    }
    return (byte, 1)
  }

  /// The text of an extended value, `UTF-8''%E5%9B%BE.jpg` (RFC 8187 section 3.2): charset, language (ignored) and percent-encoded bytes.
  /// Nil when it has not this shape. ISO-8859-1 is read as such, every other charset as UTF-8.
  var extendedText: String? {
    let pieces = raw.split(separator: ASCII.apostrophe, maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3 else { return nil }
    let bytes = PercentCoding.decoded(pieces[2])
    if ASCII.isEqualIgnoringCase(pieces[0], "iso-8859-1".utf8) {
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
