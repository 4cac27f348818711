import MultipartFormData
import Testing

/// A form as a certain client sends it, and what is in it. Byte layouts were written by hand after each client's source.
struct FormFixture: Sendable, CustomTestStringConvertible {
  struct Part: Sendable {
    var name: String
    var filename: String?
    var contentType: String?
    var body: [UInt8]

    init(_ name: String, filename: String? = nil, contentType: String? = nil, _ body: [UInt8]) {
      self.name = name
      self.filename = filename
      self.contentType = contentType
      self.body = body
    }

    init(_ name: String, filename: String? = nil, contentType: String? = nil, _ body: String) {
      self.init(name, filename: filename, contentType: contentType, Array(body.utf8))
    }
  }

  var title: String
  var contentType: String
  var form: [UInt8]
  var parts: [Part]

  var testDescription: String { title }

  /// The beginning and end of a JPEG with everything in between that a careless search trips over.
  static let trickyJPEG: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 13, 10, 13, 10, 45, 45, 13, 45, 10, 45, 45, 0, 13, 13, 10, 10, 0xFF, 0xD9, 13]

  static let all: [FormFixture] = [
    curl, curlEscapedNames, requests, requestsDegenerate, browser, bareLineFeeds, bareLineFeedsWithBinary, extendedNames, oddButReadable,
    longerBoundaryInside, emptyBodies, noParts, noPartsOpened, noLineEndAtEnd,
  ]

  /// `curl -F identity_id=E-20417 -F 'ext_data={…};type=application/json' -F spot_pic=@gate.jpg`
  static let curl = FormFixture(
    title: "curl -F",
    contentType: "multipart/form-data; boundary=------------------------d74496d66958873e",
    form: crlf(
      """
      --------------------------d74496d66958873e
      Content-Disposition: form-data; name="identity_id"

      E-20417
      --------------------------d74496d66958873e
      Content-Disposition: form-data; name="ext_data"
      Content-Type: application/json

      {"device_ip":"10.20.30.41","person_type":1}
      --------------------------d74496d66958873e
      Content-Disposition: form-data; name="spot_pic"; filename="gate.jpg"
      Content-Type: image/jpeg


      """) + trickyJPEG + crlf("\n--------------------------d74496d66958873e--\n"),
    parts: [
      Part("identity_id", "E-20417"),
      Part("ext_data", contentType: "application/json", #"{"device_ip":"10.20.30.41","person_type":1}"#),
      Part("spot_pic", filename: "gate.jpg", contentType: "image/jpeg", trickyJPEG),
    ])

  /// Quotation marks: `\"` from curl before 7.81 and with --form-escape, `%22` since.
  static let curlEscapedNames = FormFixture(
    title: "curl with quotation marks in names",
    contentType: "multipart/form-data; boundary=------------------------0000000000000001",
    form: crlf(
      #"""
      --------------------------0000000000000001
      Content-Disposition: form-data; name="a \"b\" \\c"; filename="x\"y;z.jpg"

      1
      --------------------------0000000000000001
      Content-Disposition: form-data; name="a %22b%22"; filename="C:\temp\50%25.jpg"

      2
      --------------------------0000000000000001--

      """#),
    parts: [Part(#"a "b" \c"#, filename: #"x"y;z.jpg"#, "1"), Part(#"a "b""#, filename: #"C:\temp\50%25.jpg"#, "2")])

  /// `requests.post(url, data={"identity_id": …, "identity_name": "林薇", "ext_data": json.dumps(…)}, files={"reg_pic": ("face.jpg", …)})`
  static let requests = FormFixture(
    title: "Python requests with files=",
    contentType: "multipart/form-data; boundary=5f1b0c6d2a3e4f708192a3b4c5d6e7f8",
    form: crlf(
      """
      --5f1b0c6d2a3e4f708192a3b4c5d6e7f8
      Content-Disposition: form-data; name="identity_id"

      E-20417
      --5f1b0c6d2a3e4f708192a3b4c5d6e7f8
      Content-Disposition: form-data; name="identity_name"

      林薇
      --5f1b0c6d2a3e4f708192a3b4c5d6e7f8
      Content-Disposition: form-data; name="ext_data"

      {"device_ip": "10.20.30.41", "person_type": 1}
      --5f1b0c6d2a3e4f708192a3b4c5d6e7f8
      Content-Disposition: form-data; name="reg_pic"; filename="face.jpg"


      """) + trickyJPEG + crlf("\n--5f1b0c6d2a3e4f708192a3b4c5d6e7f8--\n"),
    parts: [
      Part("identity_id", "E-20417"), Part("identity_name", "林薇"),
      Part("ext_data", #"{"device_ip": "10.20.30.41", "person_type": 1}"#), Part("reg_pic", filename: "face.jpg", trickyJPEG),
    ])

  /// `requests.post(url, data=event, files=…)` with a nested dict: one part per key, values lost (protocol.md 2.7).
  static let requestsDegenerate = FormFixture(
    title: "Python requests with a nested dict",
    contentType: "multipart/form-data; boundary=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    form: crlf(
      """
      --0a1b2c3d4e5f60718293a4b5c6d7e8f9
      Content-Disposition: form-data; name="score"

      0.71
      --0a1b2c3d4e5f60718293a4b5c6d7e8f9
      Content-Disposition: form-data; name="ext_data"

      device_ip
      --0a1b2c3d4e5f60718293a4b5c6d7e8f9
      Content-Disposition: form-data; name="ext_data"

      person_type
      --0a1b2c3d4e5f60718293a4b5c6d7e8f9--

      """),
    parts: [Part("score", "0.71"), Part("ext_data", "device_ip"), Part("ext_data", "person_type")])

  /// `new FormData()` in Chrome: a text and a file without a known type.
  static let browser = FormFixture(
    title: "a browser",
    contentType: "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
    form: crlf(
      """
      ------WebKitFormBoundary7MA4YWxkTrZu0gW
      Content-Disposition: form-data; name="notes%0D%0Aof the day"

      line one
      line two

      ------WebKitFormBoundary7MA4YWxkTrZu0gW
      Content-Disposition: form-data; name="file"; filename="图 1.bin"
      Content-Type: application/octet-stream

      ---WebKitFormBoundary7MA4YWxkTrZu0gW
      ------WebKitFormBoundary7MA4YWxkTrZu0g
      x------WebKitFormBoundary7MA4YWxkTrZu0gW--
      ------WebKitFormBoundary7MA4YWxkTrZu0gW--

      """),
    parts: [
      Part("notes\r\nof the day", "line one\r\nline two\r\n"),
      Part(
        "file", filename: "图 1.bin", contentType: "application/octet-stream",
        crlf(
          "---WebKitFormBoundary7MA4YWxkTrZu0gW\n------WebKitFormBoundary7MA4YWxkTrZu0g\nx------WebKitFormBoundary7MA4YWxkTrZu0gW--")),
    ])
}
