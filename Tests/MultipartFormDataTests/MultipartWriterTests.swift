import MultipartFormData
import Testing

@Suite("The form writer")
struct MultipartWriterTests {
  @Test("writes text and file parts in the bytes that RFC 7578 asks for")
  func bytes() {
    var writer = MultipartWriter()
    writer.append(name: "identity_id", body: Array("E-20417".utf8))
    writer.append(name: "ext_data", contentType: "application/json", body: Array("{}".utf8))
    writer.append(name: "reg_pic", filename: "reg_pic.jpg", contentType: "image/jpeg", body: [0xFF, 0xD8])
    let (form, boundary) = writer.finish()
    let text = boundary.text
    let expected =
      crlf("--\(text)\nContent-Disposition: form-data; name=\"identity_id\"\n\nE-20417\n")
      + crlf("--\(text)\nContent-Disposition: form-data; name=\"ext_data\"\nContent-Type: application/json\n\n{}\n")
      + crlf("--\(text)\nContent-Disposition: form-data; name=\"reg_pic\"; filename=\"reg_pic.jpg\"\nContent-Type: image/jpeg\n\n")
      + [0xFF, 0xD8] + crlf("\n--\(text)--\n")
    #expect(form == expected)
  }

  @Test("escapes in names what cannot stand between quotation marks, and nothing else")
  func escaping() {
    var writer = MultipartWriter()
    writer.append(name: "a\"\r\nb\\c%22;图", filename: "\"", body: [])
    let (form, _) = writer.finish()
    #expect(String(decoding: form, as: UTF8.self).contains(#"; name="a%22%0D%0Ab\c%22;图"; filename="%22""#))
  }

  @Test("does not let a content type end its line")
  func contentTypeInjection() {
    var writer = MultipartWriter()
    writer.append(name: "a", contentType: "text/plain\r\nX: 1", body: [])
    let (form, boundary) = writer.finish()
    guard case .parts(let parts, isFinished: true) = outcome(of: form, boundary: boundary.text) else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.head.contentType) == ["text/plain  X: 1"])
    #expect(parts.first?.head.headers.count == 2)
  }

  @Test("passes over a boundary that occurs in a part")
  func collision() {
    var first = SeededGenerator(seed: 7)
    var empty = MultipartWriter()
    let taken = empty.finish(using: &first).boundary

    var writer = MultipartWriter()
    writer.append(name: "a", body: Array("x\(taken.text)x".utf8))
    var again = SeededGenerator(seed: 7)
    let (form, boundary) = writer.finish(using: &again)
    #expect(boundary != taken)
    guard case .parts(let parts, isFinished: true) = outcome(of: form, boundary: boundary.text) else {
      Issue.record("refused")
      return
    }
    #expect(parts.map(\.body) == [Array("x\(taken.text)x".utf8)])
  }

  @Test("is empty after it finished, and a form without parts is its closing line")
  func emptyAgain() {
    var writer = MultipartWriter()
    writer.append(name: "a", body: [1])
    _ = writer.finish()
    let (form, boundary) = writer.finish()
    #expect(form == crlf("--\(boundary.text)--\n"))
  }

  @Test("names its boundary in a Content-Type that is understood")
  func contentType() throws {
    var writer = MultipartWriter()
    let boundary = writer.finish().boundary
    #expect(boundary.contentType == "multipart/form-data; boundary=\(boundary.text)")
    #expect(try MultipartBoundary(contentType: boundary.contentType) == boundary)
    #expect(ContentType(boundary.contentType)?.essence == "multipart/form-data")
  }

  @Test("quotes a boundary in the Content-Type that is not a token", arguments: ["a b", "a;b", "a\"b", "a\\b", "a=b", "a/b:c?", "图"])
  func contentTypeQuoted(text: String) throws {
    let boundary = try MultipartBoundary(text)
    #expect(boundary.contentType.hasSuffix("\""))
    #expect(try MultipartBoundary(contentType: boundary.contentType) == boundary)
  }
}
