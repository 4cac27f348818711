import MultipartFormData
import Testing

@Suite("The limits of a form")
struct MultipartLimitTests {
  @Test("let exactly so many parts through", arguments: [(2, true), (3, true), (4, false)])
  func parts(count: Int, isAccepted: Bool) {
    let part = "--b\nContent-Disposition: form-data; name=a\n\n1\n"
    let form = crlf(String(repeating: part, count: count) + "--b--\n")
    expect(form, limits: MultipartLimits(partsMax: 3), isAccepted: isAccepted, else: .tooManyParts(limit: 3))
  }

  @Test("let exactly so many headers through, a folded one counting once", arguments: [(2, true), (3, true), (4, false)])
  func headers(count: Int, isAccepted: Bool) {
    let more = (1..<count).map { "X-\($0): 1\n folded\n" }.joined()
    let form = crlf("--b\nContent-Disposition: form-data; name=a\n\(more)\n1\n--b--\n")
    expect(form, limits: MultipartLimits(headersMax: 3), isAccepted: isAccepted, else: .tooManyHeaders(part: 1, limit: 3))
  }

  @Test("let exactly so many bytes of headers through", arguments: [(-1, true), (0, true), (1, false)], ["\n", "\r\n"])
  func headerBytes(excess: (Int, Bool), lineEnd: String) {
    let (bytesOver, isAccepted) = excess
    let before = "Content-Disposition: form-data; name=a\(lineEnd)X: "
    let padding = String(repeating: "x", count: 100 - before.utf8.count - lineEnd.utf8.count + bytesOver)
    let form = Array("--b\(lineEnd)\(before)\(padding)\(lineEnd)\(lineEnd)1\(lineEnd)--b--\(lineEnd)".utf8)
    expect(form, limits: MultipartLimits(headerBytesMax: 100), isAccepted: isAccepted, else: .headersTooLarge(part: 1, limitBytes: 100))
  }

  @Test("count headers for each part anew")
  func headersOfEachPart() {
    let part = "--b\nContent-Disposition: form-data; name=a\nX: 1\n\n1\n"
    let form = crlf(part + part + part + "--b--\n")
    expect(form, limits: MultipartLimits(headerBytesMax: 60, headersMax: 2), isAccepted: true, else: .tooManyParts(limit: 0))
  }

  @Test("are 256 parts, 8 KiB and 16 headers unless told otherwise")
  func defaults() {
    #expect(MultipartLimits() == MultipartLimits(partsMax: 256, headerBytesMax: 8192, headersMax: 16))
  }

  @Test("stop a header line that never ends before it is gathered")
  func endlessHeader() throws {
    var parser = MultipartParser(boundary: try MultipartBoundary("b"))
    let opening = crlf("--b\nX: ")
    #expect(try opening.withUnsafeBytes { try parser.received($0) } == [])
    let flood = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    #expect(throws: MultipartError.headersTooLarge(part: 1, limitBytes: 8192)) {
      try flood.withUnsafeBytes { try parser.received($0) }
    }
  }

  @Test("take padding of 256 blanks for a boundary line and more for data", arguments: [255, 256, 257])
  func padding(count: Int) throws {
    let blanks = String(repeating: " ", count: count)
    let form = crlf("--b\nContent-Disposition: form-data; name=a\n\n1\n--b\(blanks)\nContent-Disposition: form-data; name=c\n\n2\n--b--\n")
    for size in [1, 100, form.count] {
      guard case .parts(let parts, isFinished: true) = outcome(of: pieces(of: form, size: size), boundary: "b") else {
        Issue.record("in pieces of \(size) bytes the form was refused")
        continue
      }
      #expect(parts.map(\.head.name) == (count > 256 ? ["a"] : ["a", "c"]), "in pieces of \(size) bytes")
    }
  }

  private func expect(_ form: [UInt8], limits: MultipartLimits, isAccepted: Bool, else error: MultipartError) {
    let whole = outcome(of: form, boundary: "b", limits: limits)
    if isAccepted {
      guard case .parts(_, isFinished: true) = whole else {
        Issue.record("\(whole)")
        return
      }
    } else {
      #expect(whole == .error(error))
    }
    for cut in 0...form.count {
      #expect(outcome(of: [form[..<cut], form[cut...]], boundary: "b", limits: limits) == whole, "cut at \(cut)")
    }
    #expect(outcome(of: pieces(of: form, size: 1), boundary: "b", limits: limits) == whole)
  }
}
