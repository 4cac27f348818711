import MultipartFormData
import Testing

@Suite("The boundary")
struct MultipartBoundaryTests {
  @Test(
    "is found in a Content-Type header however it is written",
    arguments: [
      ("multipart/form-data; boundary=abc", "abc"),
      ("multipart/form-data;boundary=abc;charset=utf-8", "abc"),
      ("Multipart/Form-Data; charset=utf-8; BOUNDARY = \"abc\" ", "abc"),
      ("multipart/form-data; boundary=\"a b;c\"; x=y", "a b;c"),
      ("multipart/form-data; boundary=\"a\\\"b\"", "a\"b"),
      ("multipart/form-data; boundary=\"abc", "abc"),
      ("multipart/form-data; boundary=\"abc \"", "abc"),
      ("multipart/form-data; boundary=----=_Part_1_99.17", "----=_Part_1_99.17"),
      ("multipart/form-data; x=\"; boundary=no\"; boundary=yes", "yes"),
      ("multipart/form-data; boundary=first; boundary=second", "first"),
      ("multipart/form-data, boundary=AaB03x", "AaB03x"),
      ("multipart/form-data boundary=AaB03x; charset=x", "AaB03x"),
      ("boundary=abc", "abc"),
      ("multipart/form-data; boundary='()+_,-./:=?0aZ", "'()+_,-./:=?0aZ"),
      ("multipart/form-data; boundary=<a>@[b]{}|~", "<a>@[b]{}|~"),
    ])
  func fromContentType(header: String, text: String) throws {
    #expect(try MultipartBoundary(contentType: header).text == text)
  }

  @Test(
    "is asked for when the Content-Type header has none, or none that can work",
    arguments: [
      ("", MultipartError.boundaryMissing),
      ("multipart/form-data", .boundaryMissing),
      ("multipart/form-data; boundary", .boundaryMissing),
      ("application/json; charset=utf-8", .boundaryMissing),
      ("multipart/form-data; boundary=", .boundaryEmpty),
      ("multipart/form-data; boundary=\"\"", .boundaryEmpty),
      ("multipart/form-data; boundary=\"  \"", .boundaryEmpty),
      ("multipart/form-data; boundary=\"a\tb\"", .boundaryCharacterInvalid(9)),
      ("multipart/form-data; boundary=a\u{7F}", .boundaryCharacterInvalid(127)),
    ])
  func missing(header: String, error: MultipartError) {
    #expect(throws: error) { try MultipartBoundary(contentType: header) }
  }

  @Test("has 1 to 70 characters", arguments: [(0, false), (1, true), (69, true), (70, true), (71, false)])
  func length(count: Int, isAccepted: Bool) throws {
    let text = String(repeating: "x", count: count)
    guard isAccepted else {
      #expect(throws: count == 0 ? MultipartError.boundaryEmpty : .boundaryTooLong(characters: count)) { try MultipartBoundary(text) }
      return
    }
    let form = crlf("--\(text)\nContent-Disposition: form-data; name=a\n\n1\n--\(text)--")
    guard case .parts(let parts, isFinished: true) = outcome(of: form, boundary: text) else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.body) == [[UInt8(ascii: "1")]])
  }

  @Test("is guessed from the first line of every form that begins with it", arguments: FormFixture.all)
  func sniffed(fixture: FormFixture) throws {
    let boundary = try MultipartBoundary(contentType: fixture.contentType)
    let sniffed = fixture.form.withUnsafeBytes { MultipartBoundary.sniff($0) }
    let hasPreamble = !String(decoding: fixture.form, as: UTF8.self).drop(while: \.isNewline).hasPrefix("--")
    #expect(sniffed == (hasPreamble ? nil : boundary))
  }

  @Test(
    "is guessed only where there may be one",
    arguments: [
      ("", nil), ("-", nil), ("--", nil), ("--\r\n", nil), ("{}", nil), ("a\r\n--b\r\n", nil), ("--\t\r\nx", nil), ("--a\u{1}b\r\n", nil),
      ("--a--\r\nContent-Disposition: form-data; name=x\r\n", "a--"), ("--a--", "a"), ("--a--\r\n", "a"), ("--a--\n", "a"),
      ("----\r\n", "--"),
      ("--a \t\r\nb", "a"), ("\r\n\r\n--a\nb", "a"), ("--a", "a"),
      ("--" + String(repeating: "x", count: 70) + "\r\n", String(repeating: "x", count: 70)),
      ("--" + String(repeating: "x", count: 71) + "\r\n", nil), ("--" + String(repeating: "x", count: 10_000), nil),
    ])
  func sniffing(body: String, text: String?) {
    #expect(Array(body.utf8).withUnsafeBytes { MultipartBoundary.sniff($0) }?.text == text)
  }
}
