import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Console

@Suite struct PageTextTests {
  /// Signs that are joined with another one into one character, which is what Mustache by itself looks at.
  private static let joined = ["\"\u{301}x", "\u{600}<b>", "<\u{338}", "&\u{20DD}", "'\u{301}"]

  @Test("No sign of HTML leaves a text, whatever it is joined with", arguments: joined)
  func escaped(_ text: String) {
    let out = PageText.escaped(text).unicodeScalars
    #expect(!out.contains { "<>\"'".unicodeScalars.contains($0) })
    #expect(PageText.escaped("a & b") == "a &amp; b" && PageText.escaped("\u{1F600}\u{674E}") == "\u{1F600}\u{674E}")
  }

  @Test("Every template escapes so, also where one stands in another", arguments: joined)
  func templates(_ text: String) {
    let renderer = PageRenderer()
    #expect(renderer.hasEveryTemplate)
    let row: PageView = ["damaged": false, "name": text, "href": text, "class": text, "where": text]
    let rows = renderer.html("rows", ["rows": [row], "t": [:] as PageView])
    let inLayout = renderer.html("failure", ["title": text, "failure": text, "detail": text, "t": ["failure_title": text]])
    #expect(rows.contains("<td") && inLayout.contains("<html"))
    for page in [rows, inLayout] { #expect(!page.unicodeScalars.map(\.value).contains(subsequence: text.unicodeScalars.map(\.value))) }
  }

  @Test("Numbers that are no time are none, and end nobody", arguments: ["-9223372036854775808", "9223372036854775807", "253402300800000"])
  func times(_ text: String) {
    let request = PageRequest(
      Request(head: HTTPRequest(method: .get, scheme: nil, authority: "h", path: "/events"), body: RequestBody(buffer: ByteBuffer())))
    #expect(PageTime.parse(text, request) == nil)
    #expect(PageTime.parse("1709626502345", request) == Timestamp(milliseconds: 1_709_626_502_345))
  }

  @Test("A tree of JSON has its strings as they are, with escapes read")
  func tree() throws {
    let texts = try #require(PageTexts.all[.en])
    func tree(_ text: String) -> String { JSONTree.html(SharedBytes(Array(text.utf8)), texts: texts) }
    #expect(tree(#"{"a":"x\"\u00e9\ud83d\ude00\n\/<"}"#).contains("x&quot;é😀\n/&lt;"))
    #expect(tree(#"{"a":"\ud83d"}"#).contains("\u{FFFD}"))
    for broken in [#"{"a":"x"#, #"{"a":"x\"#, #"{"a":"\u12"#, #"{"a":"\u"#] { #expect(tree(broken).hasPrefix("<ul")) }
    let long = tree("{\"a\":\"" + String(repeating: "y", count: 3_000_000) + "\"}")
    #expect(long.utf8.count < 5_000)
  }
}

extension Array where Element: Equatable {
  fileprivate func contains(subsequence: [Element]) -> Bool {
    guard count >= subsequence.count else { return false }
    return (0...count - subsequence.count).contains { self[$0..<$0 + subsequence.count].elementsEqual(subsequence) }
  }
}
