import MultipartFormData
import Testing

@Suite("Any form")
struct MultipartPropertyTests {
  @Test("comes back from the writer as it went in, however it is cut", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var writer = MultipartWriter()
    let parts = (0..<Int.random(in: 0...6, using: &generator)).map { _ in randomPart(&generator) }
    for part in parts { writer.append(name: part.name, filename: part.filename, contentType: part.contentType, body: part.body) }
    let (form, boundary) = writer.finish(using: &generator)

    guard case .parts(let found, isFinished: true) = outcome(of: form, boundary: boundary.text) else {
      Issue.record("seed \(seed): the form was refused")
      return
    }
    #expect(found.map(\.head.name) == parts.map(\.name), "seed \(seed)")
    #expect(found.map(\.head.filename) == parts.map(\.filename), "seed \(seed)")
    #expect(found.map(\.head.contentType) == parts.map(\.contentType), "seed \(seed)")
    #expect(found.map(\.body) == parts.map(\.body), "seed \(seed)")
    for _ in 0..<10 {
      let cut = outcome(of: randomPieces(of: form, using: &generator), boundary: boundary.text)
      #expect(cut == .parts(found, isFinished: true), "seed \(seed)")
    }
  }

  /// Bodies are made of the pieces of boundary lines, so that nearly every byte is a near miss.
  @Test("has its first part end where a plain reading of the rules says, however it is cut", arguments: 0..<400)
  func soup(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = ["\r", "\n", "\r\n", "-", "--", "b", "--b", "\n--b", "\r\n--b", " ", "\t", "x", "\r\n--b--", "--bb", "bb"]
    let boundary = ["b", "bb", "b--b"].randomElement(using: &generator) ?? "b"
    let lineEnd = Bool.random(using: &generator) ? "\r\n" : "\n"
    let drawn = (0..<Int.random(in: 0...12, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
    let body = Array(drawn.joined().utf8)
    let form = Array("--\(boundary)\(lineEnd)Content-Disposition: form-data; name=a\(lineEnd)\(lineEnd)".utf8) + body

    let whole = outcome(of: form, boundary: boundary)
    switch PlainReading.firstPart(of: body, boundary: boundary, endsLinesByLineFeed: lineEnd == "\n") {
    case .cutShort: #expect(whole == .error(.finalBoundaryMissing(part: 1)), "seed \(seed)")
    case .closed(let length):
      guard case .parts(let parts, isFinished: true) = whole else {
        Issue.record("seed \(seed): \(whole)")
        return
      }
      #expect(parts.map(\.body) == [Array(body[..<length])], "seed \(seed)")
    case .followed(let length):
      // The soup has no headers, so a second part is either refused or is not there: a closing line instead.
      switch whole {
      case .error(let error): #expect(Self.errorsOfSecondPart.contains(error), "seed \(seed)")
      case .parts(let parts, let isFinished):
        #expect(parts.map(\.body) == [Array(body[..<length])] && isFinished, "seed \(seed)")
      }
    }
    for _ in 0..<5 {
      #expect(outcome(of: randomPieces(of: form, using: &generator), boundary: boundary) == whole, "seed \(seed)")
    }
  }

  private static let errorsOfSecondPart: [MultipartError] = [
    .partWithoutHeaders(part: 2), .headersNotEnded(part: 2), .headerMalformed(part: 2, line: 1), .finalBoundaryMissing(part: 2),
  ]

  private func randomPart(_ generator: inout SeededGenerator) -> FormFixture.Part {
    let names = ["identity_id", "", "a \"b\"", "图片", "line\r\nend", "semi;colon=x", "ext_data[device_ip]", "50%"]
    let body: [UInt8] = (0..<[0, 1, 30, 3000].randomElement(using: &generator)!).map { _ in  // safe: the list is not empty
      [13, 10, 45, 0x46, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
    }
    return FormFixture.Part(
      names.randomElement(using: &generator) ?? "", filename: Bool.random(using: &generator) ? names.randomElement(using: &generator) : nil,
      contentType: Bool.random(using: &generator) ? "image/jpeg" : nil, body)
  }
}

/// The rules of ``MultipartParser`` again, slow and plain.
enum PlainReading {
  enum End: Equatable {
    case cutShort
    /// The body's length when the closing line ends it.
    case closed(Int)
    /// The body's length when another part follows.
    case followed(Int)
  }

  static func firstPart(of body: [UInt8], boundary: String, endsLinesByLineFeed: Bool) -> End {
    let line = Array("--\(boundary)".utf8)
    for start in 0...body.count where start == 0 || body[start - 1] == 10 {
      var rest = body[start...]
      guard rest.starts(with: line) else { continue }
      rest = rest.dropFirst(line.count)
      let isClosing = rest.starts(with: [45, 45])
      if isClosing { rest = rest.dropFirst(2) }
      rest = rest.drop { $0 == 32 || $0 == 9 }
      let isAtEnd = rest.isEmpty || rest == [13]
      guard rest.first == 10 || rest.starts(with: [13, 10]) || (isClosing && isAtEnd) else { continue }
      var end = max(0, start - 1)
      if end > 0, body[end - 1] == 13, !endsLinesByLineFeed { end -= 1 }
      return isClosing ? .closed(end) : .followed(end)
    }
    return .cutShort
  }
}
