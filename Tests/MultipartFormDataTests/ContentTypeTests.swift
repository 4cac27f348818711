import MultipartFormData
import Testing

private func mediaType(_ type: String, _ subtype: String, _ parameters: (String, String)...) -> ContentType {
  ContentType(type: type, subtype: subtype, parameters: parameters.map { .init(name: $0.0, value: $0.1) })
}

@Suite("A Content-Type header")
struct ContentTypeTests {
  @Test(
    "gives type, subtype and parameters",
    arguments: [
      ("application/json", mediaType("application", "json")),
      (" Application/JSON ; Charset=\"UTF-8\"", mediaType("application", "json", ("charset", "UTF-8"))),
      ("image/svg+xml;a=1;a=2", mediaType("image", "svg+xml", ("a", "1"), ("a", "2"))),
      ("text/plain; a=\"x;\\\"y\\\\z\" junk; ; b; c =d", mediaType("text", "plain", ("a", "x;\"y\\z"), ("c", "d"))),
      ("*/*;", mediaType("*", "*")),
    ])
  func read(header: String, expected: ContentType) {
    #expect(ContentType(header) == expected)
  }

  @Test(
    "is nothing when it does not begin with type/subtype",
    arguments: ["", "json", "/json", "text/", "a/b/c", "te xt/plain", "; charset=utf-8", "text\u{0}/plain"]
  )
  func unreadable(header: String) {
    #expect(ContentType(header) == nil)
  }

  @Test("is asked for its parameters in any case, the first one winning")
  func parameters() throws {
    let type = try #require(ContentType("text/plain; Charset=GBK; charset=utf-8"))
    #expect(type.parameter("CHARSET") == "GBK")
    #expect(type.parameter("boundary") == nil)
    #expect(type.essence == "text/plain")
  }
}
