import MultipartFormData
import Testing

/// What a careless search would take hours for. The time limit is the test: these take well under a second each.
@Suite("A hostile form", .timeLimit(.minutes(1)))
struct MultipartHostileTests {
  private static let opening = crlf("--b\nContent-Disposition: form-data; name=a\n\n")

  @Test(
    "costs time in proportion to its size",
    arguments: ["\r\n--", "\n", "\r", "-", "\r\n--b-", "\r\n--b x", "\r\n--b\r", "\n--", "--b"])
  func nearBoundaries(pattern: String) throws {
    let body = Array(String(repeating: pattern, count: 100_000).utf8)
    let form = Self.opening + body + crlf("x\n--b--")
    let parts = try form.withUnsafeBytes { try MultipartParser.parts(in: $0, boundary: MultipartBoundary("b")) }
    #expect(parts.map(\.body) == [Self.opening.count..<Self.opening.count + body.count + 1])
  }

  @Test("costs time in proportion to its size when it comes in small pieces", arguments: ["\r\n--", "\n", "\r\n--b--", "\r\n--b x"])
  func nearBoundariesInPieces(pattern: String) {
    let body = Array(String(repeating: pattern + "x", count: 10_000).utf8)
    let form = Self.opening + body + crlf("\n--b--")
    guard case .parts(let parts, isFinished: true) = outcome(of: pieces(of: form, size: 7), boundary: "b") else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.body) == [body])
  }

  @Test("costs time in proportion to its size when the boundary is as long as can be")
  func longBoundary() throws {
    let boundary = String(repeating: "-", count: 70)
    let near = "\r\n" + String(repeating: "-", count: 71)
    let body = Array(String(repeating: near, count: 2_000).utf8)
    let form = Array("--\(boundary)\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + body + Array("\r\n--\(boundary)--".utf8)
    guard case .parts(let found, isFinished: true) = outcome(of: pieces(of: form, size: 13), boundary: boundary) else {
      Issue.record("refused")
      return
    }
    #expect(found.map(\.body.count) == [body.count])
  }

  @Test("may hide its boundary behind a long preamble, and is still read")
  func longPreamble() {
    let form = Array(String(repeating: "\n--bb", count: 100_000).utf8) + crlf("\n--b--")
    #expect(outcome(of: form, boundary: "b") == .parts([], isFinished: true))
  }

  @Test("cannot make a header cost more than its bytes", arguments: [";", "a=;", "\"", "name=\"", "name*='", "\\", "%22", " ", "\n "])
  func headers(pattern: String) {
    let value = String(repeating: pattern, count: 8000 / pattern.utf8.count)
    let form = Array("--b\nContent-Disposition: form-data; name=\"kept\"; x=\(value)\n\n1\n--b--".utf8)
    let whole = outcome(of: form, boundary: "b", limits: MultipartLimits(headerBytesMax: 10_000))
    guard case .parts(let parts, isFinished: true) = whole else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.head.name) == ["kept"])
  }

  @Test("may be any bytes: it is read or refused, the same however it is cut", arguments: 0..<200)
  func noise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let fixture = FormFixture.all.randomElement(using: &generator) ?? FormFixture.curl
    var form = fixture.form
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0..<form.count, using: &generator)
      switch Int.random(in: 0...2, using: &generator) {
      case 0: form[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: form.remove(at: place)
      default: form.insert([10, 13, 45, 34, 58, 92].randomElement(using: &generator) ?? 10, at: place)
      }
    }
    let boundary = (try? MultipartBoundary(contentType: fixture.contentType).text) ?? "b"
    let whole = outcome(of: form, boundary: boundary)
    for _ in 0..<5 {
      #expect(outcome(of: randomPieces(of: form, using: &generator), boundary: boundary) == whole, "seed \(seed)")
    }
  }
}
