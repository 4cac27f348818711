import MultipartFormData
import Testing

@Suite("The parser, chunk by chunk")
struct MultipartDialogueTests {
  private static let head = MultipartPartHead(
    name: "a", headers: [MultipartHeader(name: "Content-Disposition", value: Array("form-data; name=\"a\"".utf8))])

  private func feed(_ parser: inout MultipartParser, _ text: String) throws -> [MultipartEvent] {
    try Array(text.utf8).withUnsafeBytes { try parser.received($0) }
  }

  private func parserInBody(boundary: String = "b") throws -> MultipartParser {
    var parser = MultipartParser(boundary: try MultipartBoundary(boundary))
    let events = try feed(&parser, "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n")
    #expect(events == [.partBegan(Self.head)])
    return parser
  }

  @Test("reports body bytes where they lie and holds back what may be a boundary line")
  func heldBack() throws {
    var parser = try parserInBody()
    #expect(try feed(&parser, "one") == [.body(0..<3)])
    #expect(try feed(&parser, "two\r") == [.body(0..<3)])
    #expect(try feed(&parser, "\n--") == [])
    #expect(try feed(&parser, "c\r\n-") == [.heldBody(Array("\r\n--".utf8)), .body(0..<1)])
    #expect(try feed(&parser, "-b \t") == [])
    #expect(try feed(&parser, "\r") == [])
    #expect(try feed(&parser, "\r") == [.heldBody(Array("\r\n--b \t\r".utf8))])
    #expect(try feed(&parser, "\n--b--") == [])
    #expect(try parser.ended() == [.partEnded, .finished])
  }

  @Test("ends a part as soon as its boundary line is complete, and says nothing of what follows the last")
  func endsEarly() throws {
    var parser = try parserInBody()
    #expect(try feed(&parser, "1\r\n--b--\r\nepilogue") == [.body(0..<1), .partEnded, .finished])
    #expect(try feed(&parser, "\r\n--b\r\nmore") == [])
    #expect(try parser.ended() == [])
  }

  @Test("knows a boundary line that follows the headers at once, also when they came before")
  func boundaryLineAtBodyStart() throws {
    var parser = try parserInBody()
    #expect(try feed(&parser, "-") == [])
    #expect(try feed(&parser, "-b") == [])
    #expect(try feed(&parser, "\n") == [.partEnded])

    parser = try parserInBody()
    #expect(try feed(&parser, "--") == [])
    #expect(try feed(&parser, "x") == [.heldBody(Array("--".utf8)), .body(0..<1)])
  }

  @Test("does not take a boundary for one that is not at the start of a line")
  func notAtLineStart() throws {
    var parser = try parserInBody()
    #expect(try feed(&parser, "x") == [.body(0..<1)])
    #expect(try feed(&parser, "--b--\r\n") == [.body(0..<5)])
    #expect(throws: MultipartError.finalBoundaryMissing(part: 1)) { try parser.ended() }
  }

  @Test("gives the whole of each body as one range when the form comes as one chunk")
  func oneRange() throws {
    for fixture in FormFixture.all {
      var parser = MultipartParser(boundary: try MultipartBoundary(contentType: fixture.contentType))
      let events = try fixture.form.withUnsafeBytes { try parser.received($0) + parser.ended() }
      let ranges = events.compactMap { if case .body(let range) = $0 { range } else { nil } }
      #expect(ranges.map { Array(fixture.form[$0]) } == fixture.parts.map(\.body).filter { !$0.isEmpty }, "\(fixture.title)")
      #expect(!events.contains { if case .heldBody = $0 { true } else { false } }, "\(fixture.title)")
    }
  }

  @Test("needs nothing of an empty chunk")
  func emptyChunk() throws {
    var parser = try parserInBody()
    #expect(try feed(&parser, "") == [])
    #expect(try parser.received(UnsafeRawBufferPointer(start: nil, count: 0)) == [])
    #expect(try feed(&parser, "1\n--b--\n") == [.body(0..<1), .partEnded, .finished])
  }
}
