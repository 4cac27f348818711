import MultipartFormData
import Testing

/// A form that cannot be read, and why.
struct BadForm: Sendable, CustomTestStringConvertible {
  var title: String
  var form: [UInt8]
  var error: MultipartError

  init(_ title: String, _ form: [UInt8], _ error: MultipartError) {
    self.title = title
    self.form = form
    self.error = error
  }

  var testDescription: String { title }

  static let named = "Content-Disposition: form-data; name=\"a\"\n"

  static let all: [BadForm] = [
    BadForm("nothing at all", [], .boundaryNotFound),
    BadForm("something else", crlf("{\"identity_id\":\"E-20417\"}"), .boundaryNotFound),
    BadForm("another boundary", crlf("--c\n\(named)\n1\n--c--\n"), .boundaryNotFound),
    BadForm("a boundary inside a line", crlf("x--b\n\(named)\n1\nx--b--\n"), .boundaryNotFound),
    BadForm("a first line without its end", crlf("--b"), .boundaryNotFound),

    BadForm("cut short in the headers' place", crlf("--b\n"), .finalBoundaryMissing(part: 1)),
    BadForm("cut short in a header", crlf("--b\nContent-Disp"), .finalBoundaryMissing(part: 1)),
    BadForm("cut short after the headers", crlf("--b\n\(named)\n"), .finalBoundaryMissing(part: 1)),
    BadForm("cut short in the second body", crlf("--b\n\(named)\n1\n--b\n\(named)\n22"), .finalBoundaryMissing(part: 2)),
    BadForm("cut short before the last hyphen", crlf("--b\n\(named)\n1\n--b-"), .finalBoundaryMissing(part: 1)),
    BadForm("a closing line with something behind it", crlf("--b\n\(named)\n1\n--b--x"), .finalBoundaryMissing(part: 1)),

    BadForm("no headers", crlf("--b\n\(named)\n1\n--b\n\n2\n--b--\n"), .partWithoutHeaders(part: 2)),
    BadForm("a disposition without a name", crlf("--b\nContent-Disposition: form-data\n\n1\n--b--\n"), .partWithoutName(part: 1)),
    BadForm(
      "an extended name that is not one", crlf("--b\nContent-Disposition: form-data; name*=a\n\n1\n--b--\n"), .partWithoutName(part: 1)),
    BadForm("a type and no disposition", crlf("--b\nContent-Type: text/plain; name=a\n\n1\n--b--\n"), .partWithoutName(part: 1)),

    BadForm("no empty line before the content", crlf("--b\n\(named){\"x\"}\n--b--\n"), .headerMalformed(part: 1, line: 2)),
    BadForm("content that looks nearly like a header", crlf("--b\n\(named)see also: x\n--b--\n"), .headerMalformed(part: 1, line: 2)),
    BadForm("a header without a name", crlf("--b\n: x\n\n1\n--b--\n"), .headerMalformed(part: 1, line: 1)),
    BadForm("a folded line that continues nothing", crlf("--b\n name=a\n\n1\n--b--\n"), .headerMalformed(part: 1, line: 1)),

    BadForm("headers that run into the closing line", crlf("--b\n\(named)--b--\n"), .headersNotEnded(part: 1)),
    BadForm(
      "headers that run into the next line", crlf("--b\n\(named)\n1\n--b\n\(named)--b\n\(named)\n1\n--b--"), .headersNotEnded(part: 2)),
    BadForm("two boundary lines in a row", crlf("--b\n--b\n\(named)\n1\n--b--\n"), .headersNotEnded(part: 1)),
    BadForm("headers that run into a closing line without an end", crlf("--b\n\(named)--b--"), .headersNotEnded(part: 1)),
  ]
}

@Suite("A form that cannot be read")
struct MultipartErrorTests {
  @Test("is refused with the error that says why, wherever it is cut", arguments: BadForm.all)
  func everyCut(bad: BadForm) {
    #expect(outcome(of: bad.form, boundary: "b") == .error(bad.error))
    for cut in 0...bad.form.count {
      #expect(outcome(of: [bad.form[..<cut], bad.form[cut...]], boundary: "b") == .error(bad.error), "cut at \(cut)")
    }
    let bytes = bad.form.indices.map { bad.form[$0...$0] }
    #expect(outcome(of: bytes, boundary: "b") == .error(bad.error))
  }

  @Test("stays refused, whatever comes later")
  func staysFailed() throws {
    var parser = MultipartParser(boundary: try MultipartBoundary("b"))
    for piece in [crlf("--b\n\n"), crlf("--b\n\(BadForm.named)\n1\n--b--\n")] {
      #expect(throws: MultipartError.partWithoutHeaders(part: 1)) { try piece.withUnsafeBytes { try parser.received($0) } }
    }
    #expect(throws: MultipartError.partWithoutHeaders(part: 1)) { try parser.ended() }
  }

  @Test(
    "is told to its sender: the part, the rule, the remedy",
    arguments: [
      (MultipartError.boundaryMissing, ["Content-Type", "boundary parameter", "send"]),
      (.boundaryEmpty, ["empty", "use 1 to 70"]),
      (.boundaryTooLong(characters: 71), ["71 characters", "at most 70"]),
      (.boundaryCharacterInvalid(7), ["control character 7", "use letters"]),
      (.boundaryNotFound, ["no line that begins with --", "make both agree"]),
      (.finalBoundaryMissing(part: 3), ["inside part 3", "closing line", "send it again"]),
      (.partWithoutHeaders(part: 4), ["part 4", "no headers", "Content-Disposition"]),
      (.partWithoutName(part: 5), ["part 5", "no name", "give it"]),
      (.headerMalformed(part: 6, line: 2), ["header line 2 of part 6", "Name: value", "put an empty line"]),
      (.headersNotEnded(part: 7), ["headers of part 7", "put an empty line"]),
      (.tooManyParts(limit: 256), ["more than 256 parts", "send fewer"]),
      (.tooManyHeaders(part: 8, limit: 16), ["part 8", "more than 16 headers", "send fewer"]),
      (.headersTooLarge(part: 9, limitBytes: 8192), ["headers of part 9", "more than 8192 bytes", "shorten"]),
      (.tooManyFields(limit: 256), ["more than 256 fields", "send fewer"]),
    ])
  func messages(error: MultipartError, phrases: [String]) {
    for phrase in phrases { #expect("\(error)".contains(phrase), "\(error)") }
  }
}
