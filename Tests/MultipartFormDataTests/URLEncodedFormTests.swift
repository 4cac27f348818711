import MultipartFormData
import Testing

@Suite("An urlencoded form")
struct URLEncodedFormTests {
  private func fields(_ text: String, fieldsMax: Int = 256) throws -> [URLEncodedForm.Field] {
    try Array(text.utf8).withUnsafeBytes { try URLEncodedForm.fields(in: $0, fieldsMax: fieldsMax) }
  }

  @Test(
    "gives its names and values in order, repeats and all",
    arguments: [
      ("", []),
      ("&&", []),
      ("a=1", [["a", "1"]]),
      ("a=1&b=2&a=3", [["a", "1"], ["b", "2"], ["a", "3"]]),
      ("a", [["a", ""]]),
      ("a=", [["a", ""]]),
      ("=a", [["", "a"]]),
      ("=", [["", ""]]),
      ("&a=b&&c&", [["a", "b"], ["c", ""]]),
      ("a=b=c==", [["a", "b=c=="]]),
      ("a+b=c+d%20e", [["a b", "c d e"]]),
      ("a=%2B%2b+", [["a", "++ "]]),
      ("%26%3D=%26%3D%25", [["&=", "&=%"]]),
      ("a=%E5%9B%BE%e7%89%87", [["a", "图片"]]),
      ("a=图", [["a", "图"]]),
      ("a=%", [["a", "%"]]),
      ("a=%4", [["a", "%4"]]),
      ("a=%4&b=%41", [["a", "%4"], ["b", "A"]]),
      ("a=%zz%4g%g4%%41%", [["a", "%zz%4g%g4%A%"]]),
      ("a=%2541", [["a", "%41"]]),
      ("a=%00%0D%0A", [["a", "\u{0}\r\n"]]),
      ("a=1;b=2", [["a", "1;b=2"]]),
      ("ext_data[device_ip]=10.20&ext_data.person_type=1", [["ext_data[device_ip]", "10.20"], ["ext_data.person_type", "1"]]),
      (
        "identity_id=E-20417&score=0.71&timestamp=1709626502345&ext_data=device_ip&ext_data=person_type",
        [
          ["identity_id", "E-20417"], ["score", "0.71"], ["timestamp", "1709626502345"], ["ext_data", "device_ip"],
          ["ext_data", "person_type"],
        ]
      ),
    ])
  func read(form: String, expected: [[String]]) throws {
    let found = try fields(form).map { [String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)] }
    #expect(found == expected)
  }

  @Test("is read as Python's requests writes it, base64 and JSON text and all")
  func requestsShape() throws {
    let found = try fields("reg_pic=%2F9j%2F2wBDAP%2F%2F%2B%2B%3D%3D&ext_data=%7B%22device_ip%22%3A+%2210.20.30.41%22%7D")
    #expect(found.map(\.value) == [Array("/9j/2wBDAP//++==".utf8), Array(#"{"device_ip": "10.20.30.41"}"#.utf8)])
  }

  @Test("may have exactly so many fields", arguments: [(2, true), (3, true), (4, false)])
  func limit(count: Int, isAccepted: Bool) throws {
    let form = "&&" + (0..<count).map { "a\($0)=1&" }.joined()
    guard isAccepted else {
      #expect(throws: MultipartError.tooManyFields(limit: 3)) { try fields(form, fieldsMax: 3) }
      return
    }
    #expect(try fields(form, fieldsMax: 3).count == count)
  }

  @Test("may have 256 fields unless told otherwise", arguments: [(256, true), (257, false)])
  func defaultLimit(count: Int, isAccepted: Bool) {
    let form = Array(String(repeating: "a&", count: count).utf8)
    let found = try? form.withUnsafeBytes { try URLEncodedForm.fields(in: $0) }
    #expect((found?.count == count) == isAccepted)
  }

  @Test("comes back from the encoder as it went in", arguments: 0..<40)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let written = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
      URLEncodedForm.Field(name: [UInt8(ascii: "n")] + randomBytes(&generator), value: randomBytes(&generator))
    }
    let read = try URLEncodedForm.encoded(written).withUnsafeBytes { try URLEncodedForm.fields(in: $0) }
    #expect(read == written, "seed \(seed)")
  }

  @Test("is written in the bytes that the URL standard asks for")
  func encoded() {
    let fields = [
      URLEncodedForm.Field(name: Array("a b".utf8), value: Array("*-._~/+=&%图".utf8)), URLEncodedForm.Field(name: [], value: []),
    ]
    #expect(String(decoding: URLEncodedForm.encoded(fields), as: UTF8.self) == "a+b=*-._%7E%2F%2B%3D%26%25%E5%9B%BE&=")
  }

  @Test("costs time in proportion to its size", .timeLimit(.minutes(1)), arguments: ["%", "+", "%2B", "=", "%2", "a"])
  func hostile(pattern: String) throws {
    let form = Array(("a=" + String(repeating: pattern, count: 200_000)).utf8)
    let found = try form.withUnsafeBytes { try URLEncodedForm.fields(in: $0) }
    #expect(found.map(\.value.count) == [(pattern == "%2B" ? 1 : pattern.utf8.count) * 200_000])
  }

  private func randomBytes(_ generator: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 0...200, using: &generator)).map { _ in
      let any = UInt8.random(in: 0...255, using: &generator)
      return Bool.random(using: &generator) ? any : [37, 38, 43, 61, 65].randomElement(using: &generator) ?? any
    }
  }
}
