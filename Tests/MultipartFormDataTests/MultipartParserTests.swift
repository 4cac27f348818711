import MultipartFormData
import Testing

@Suite("A multipart form")
struct MultipartParserTests {
  @Test("is taken apart into the parts that its sender put in", arguments: FormFixture.all)
  func whole(fixture: FormFixture) throws {
    let boundary = try MultipartBoundary(contentType: fixture.contentType)
    let parts = try fixture.form.withUnsafeBytes { try MultipartParser.parts(in: $0, boundary: boundary) }
    #expect(parts.map(\.name) == fixture.parts.map(\.name))
    #expect(parts.map(\.filename) == fixture.parts.map(\.filename))
    #expect(parts.map(\.contentType) == fixture.parts.map(\.contentType))
    #expect(parts.map { Array(fixture.form[$0.body]) } == fixture.parts.map(\.body))
  }

  @Test("means the same wherever it is cut in two", arguments: FormFixture.all)
  func cutInTwo(fixture: FormFixture) throws {
    let boundary = try MultipartBoundary(contentType: fixture.contentType).text
    let whole = outcome(of: fixture.form, boundary: boundary)
    guard case .parts(let parts, isFinished: true) = whole else {
      Issue.record("the whole form gave \(whole)")
      return
    }
    #expect(parts.map(\.body) == fixture.parts.map(\.body))
    for cut in 0...fixture.form.count {
      let pieces = [fixture.form[..<cut], fixture.form[cut...]]
      #expect(outcome(of: pieces, boundary: boundary) == whole, "cut at \(cut)")
    }
  }

  @Test("means the same when it comes byte by byte", arguments: FormFixture.all)
  func byteByByte(fixture: FormFixture) throws {
    let boundary = try MultipartBoundary(contentType: fixture.contentType).text
    let bytes = fixture.form.indices.map { fixture.form[$0...$0] }
    #expect(outcome(of: bytes, boundary: boundary) == outcome(of: fixture.form, boundary: boundary))
  }
}
