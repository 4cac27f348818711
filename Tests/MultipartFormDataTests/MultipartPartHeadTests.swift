import MultipartFormData
import Testing

@Suite("The headers of a part")
struct MultipartPartHeadTests {
  @Test(
    "name the field, whatever the sender's way of writing it",
    arguments: [
      (#"form-data; name="a""#, "a"),
      (#"form-data;name=a"#, "a"),
      (#"FORM-DATA; NAME="a""#, "a"),
      (#"form-data; name=a b ; x=1"#, "a b"),
      (#"form-data; name="a;b=c""#, "a;b=c"),
      (#"form-data; name="a\"b""#, #"a"b"#),
      (#"form-data; name="a\\b""#, #"a\b"#),
      (#"form-data; name="a\b""#, #"a\b"#),
      (#"form-data; name="a%22b%0d%0Ac%20%2""#, "a\"b\r\nc%20%2"),
      (#"form-data; name=a%22b"#, "a%22b"),
      (#"form-data; name="a"#, "a"),
      (#"form-data; name="a\"#, #"a\"#),
      (#"form-data; name="a\""#, #"a\"#),
      (#"form-data; name="a\\""#, #"a\"#),
      (#"form-data; name"#, nil),
      (#"name="a""#, nil),
      (#"form-data; name="""#, ""),
      (#"form-data; filename="name=no"; name=yes"#, "yes"),
      (#"form-data; name="first"; name="second""#, "first"),
      (#"form-data; name="plain"; name*=UTF-8''%e5%9B%be"#, "图"),
      (#"form-data; name*=UTF-8'zh'a%20b"#, "a b"),
      (#"form-data; name*="UTF-8''a%20b""#, "a b"),
      (#"form-data; name*=ISO-8859-1''%E9%"#, "é%"),
      (#"form-data; name*=UTF-8'%20; name=kept"#, "kept"),
      (#"form-data; name="图片""#, "图片"),
    ])
  func names(disposition: String, name: String?) {
    let form = crlf("--b\nContent-Disposition: \(disposition)\n\n1\n--b--")
    guard let name else {
      #expect(outcome(of: form, boundary: "b") == .error(.partWithoutName(part: 1)))
      return
    }
    guard case .parts(let parts, isFinished: true) = outcome(of: form, boundary: "b") else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.head.name) == [name])
  }

  @Test("are all there, in order, with bytes that are not UTF-8 as they came")
  func rawHeaders() throws {
    let form =
      crlf("--b\nX-One:1\nContent-Disposition: form-data; name=\"") + [0xB2, 0xE2]
      + crlf("\"\nContent-Transfer-Encoding: base64\nx-one:  2 \n\nRS0=\n--b--")
    guard case .parts(let parts, isFinished: true) = outcome(of: form, boundary: "b"), let part = parts.first else {
      Issue.record("refused")
      return
    }
    #expect(part.head.headers.map(\.name) == ["X-One", "Content-Disposition", "Content-Transfer-Encoding", "x-one"])
    #expect(part.head.headers[1].value == Array("form-data; name=\"".utf8) + [0xB2, 0xE2, UInt8(ascii: "\"")])
    #expect(part.head.name == "\u{FFFD}\u{FFFD}")
    #expect(part.head.header("X-ONE") == "1")
    #expect(part.head.header("content-transfer-encoding") == "base64")
    #expect(part.body == Array("RS0=".utf8), "the encoding is shown, not applied")
  }
}
