/// Why a form could not be read. The description is for the sender: what is wrong, in which part (counted from 1), what to do. It never
/// repeats what was sent.
public enum MultipartError: Error, Sendable, Hashable {
  /// The Content-Type header names no boundary.
  case boundaryMissing
  case boundaryEmpty
  case boundaryTooLong(characters: Int)
  /// A control character, which cannot be part of a boundary line.
  case boundaryCharacterInvalid(UInt8)

  /// The body has no boundary line at all.
  case boundaryNotFound
  /// The body ended in that part, before the closing boundary line.
  case finalBoundaryMissing(part: Int)

  case partWithoutHeaders(part: Int)
  case partWithoutName(part: Int)
  /// `line` is counted from 1 within the part's headers.
  case headerMalformed(part: Int, line: Int)
  /// A boundary line stands where a header or the empty line after the headers was expected.
  case headersNotEnded(part: Int)

  case tooManyParts(limit: Int)
  case tooManyHeaders(part: Int, limit: Int)
  case headersTooLarge(part: Int, limitBytes: Int)

  /// Of an urlencoded form.
  case tooManyFields(limit: Int)
}

extension MultipartError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .boundaryMissing:
      "the Content-Type header has no boundary parameter; send multipart/form-data; boundary=… with the boundary that the body uses"
    case .boundaryEmpty:
      "the boundary in the Content-Type header is empty; use 1 to 70 characters that do not occur in the parts"
    case .boundaryTooLong(let characters):
      "the boundary in the Content-Type header has \(characters) characters; use at most \(MultipartBoundary.lengthMax)"
    case .boundaryCharacterInvalid(let byte):
      "the boundary in the Content-Type header has the control character \(byte); use letters, digits and hyphens"
    case .boundaryNotFound:
      "the body has no line that begins with -- and the boundary of the Content-Type header; make both agree"
    case .finalBoundaryMissing(let part):
      "the body ends inside part \(part): its closing line (--, boundary, --) is missing; the body was cut short, send it again whole"
    case .partWithoutHeaders(let part):
      "part \(part) has no headers; begin it with Content-Disposition: form-data; name=\"…\""
    case .partWithoutName(let part):
      "part \(part) has no name; give it the header Content-Disposition: form-data; name=\"…\""
    case .headerMalformed(let part, let line):
      "header line \(line) of part \(part) is not of the form Name: value; put an empty line between headers and content"
    case .headersNotEnded(let part):
      "the headers of part \(part) run into the next boundary line; put an empty line after them, also when the part is empty"
    case .tooManyParts(let limit):
      "the form has more than \(limit) parts; send fewer"
    case .tooManyHeaders(let part, let limit):
      "part \(part) has more than \(limit) headers; send fewer"
    case .headersTooLarge(let part, let limit):
      "the headers of part \(part) have more than \(limit) bytes; shorten them"
    case .tooManyFields(let limit):
      "the form has more than \(limit) fields; send fewer"
    }
  }
}
