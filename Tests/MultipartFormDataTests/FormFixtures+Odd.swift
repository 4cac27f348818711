/// Forms that no tidy client writes, and that are understood all the same.
extension FormFixture {
  static let bareLineFeeds = FormFixture(
    title: "line feeds only",
    contentType: "multipart/form-data; boundary=xyz",
    form: Array("--xyz\nContent-Disposition: form-data; name=a\n\n1\n2\n\n--xyz\ncontent-disposition:form-data;name=b\n\n\n--xyz--\n".utf8),
    parts: [Part("a", "1\n2\n"), Part("b", "")])

  /// The carriage return at the very end of the picture is data, because this sender ends its lines without one.
  static let bareLineFeedsWithBinary = FormFixture(
    title: "line feeds only around a picture",
    contentType: "multipart/form-data; boundary=xyz",
    form: Array("--xyz\nContent-Disposition: form-data; name=\"p\"; filename=\"p.jpg\"\n\n".utf8) + trickyJPEG + Array("\n--xyz--".utf8),
    parts: [Part("p", filename: "p.jpg", trickyJPEG)])

  static let extendedNames = FormFixture(
    title: "extended and unquoted parameters",
    contentType: "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"gc0p4Jq0M2Yt08j34c0p ok\"",
    form: crlf(
      """
      --gc0p4Jq0M2Yt08j34c0p ok
      CONTENT-DISPOSITION: form-data; name*=UTF-8''%E5%9B%BE; filename="fallback.jpg"; filename*=utf-8'zh'%e5%9b%be%20%27.jpg

      1
      --gc0p4Jq0M2Yt08j34c0p ok
      Content-Disposition: form-data; filename*=iso-8859-1''caf%E9.jpg ; name = plain

      2
      --gc0p4Jq0M2Yt08j34c0p ok
      Content-Disposition: form-data; name="kept"; name*=broken

      3
      --gc0p4Jq0M2Yt08j34c0p ok--

      """),
    parts: [Part("图", filename: "图 '.jpg", "1"), Part("plain", filename: "café.jpg", "2"), Part("kept", "3")])

  static let oddButReadable = FormFixture(
    title: "preamble, epilogue, padding, folding, encodings that are not applied",
    contentType: "multipart/form-data; boundary=xyz",
    form: crlf(
      """
      This is a form. --xyz
      --xyzw
      --xyz \t
      Content-Transfer-Encoding: base64
      Content-Disposition:
       form-data;
      \tname="folded
        name"; filename=""

      RS0yMDQxNw==
      --xyz
      Content-Disposition: attachment; x; ;name="unclosed

      2
      --xyz--\t
      --xyz
      Content-Disposition: form-data; name="ignored"

      3
      --xyz--

      """),
    parts: [Part("folded name", filename: "", "RS0yMDQxNw=="), Part("unclosed", "2")])

  static let longerBoundaryInside = FormFixture(
    title: "another boundary that begins like this one",
    contentType: "multipart/form-data; boundary=AaB03x",
    form: crlf(
      """
      --AaB03x
      Content-Disposition: form-data; name="nested"
      Content-Type: multipart/mixed; boundary=AaB03x-inner

      --AaB03x-inner
      Content-Type: text/plain

      one
      --AaB03x-inner--
      --AaB03x--x
      --AaB03x x
      --AaB03x-
      --AaB03
      --AaB03x--

      """),
    parts: [
      Part(
        "nested", contentType: "multipart/mixed; boundary=AaB03x-inner",
        crlf("--AaB03x-inner\nContent-Type: text/plain\n\none\n--AaB03x-inner--\n--AaB03x--x\n--AaB03x x\n--AaB03x-\n--AaB03"))
    ])

  static let emptyBodies = FormFixture(
    title: "empty parts, with and without a line for their content",
    contentType: "multipart/form-data; boundary=b",
    form: crlf(
      """
      --b
      Content-Disposition: form-data; name=""


      --b
      Content-Disposition: form-data; name="no content line"

      --b
      Content-Disposition: form-data; name="one line end"



      --b
      Content-Disposition: form-data; name="last"

      --b--

      """),
    parts: [Part("", ""), Part("no content line", ""), Part("one line end", "\r\n"), Part("last", "")])

  static let noParts = FormFixture(
    title: "no parts, as an empty FormData", contentType: "multipart/form-data; boundary=b", form: crlf("--b--\n"), parts: [])

  static let noPartsOpened = FormFixture(
    title: "no parts between two lines", contentType: "multipart/form-data; boundary=b", form: crlf("--b\n--b--"), parts: [])

  static let noLineEndAtEnd = FormFixture(
    title: "no line end at the end", contentType: "multipart/form-data; boundary=b",
    form: crlf("\n\n--b\nContent-Disposition: form-data; name=\"a\"\n\n1\n--b-- "), parts: [Part("a", "1")])
}
