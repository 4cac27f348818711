import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

@Suite struct FormMergingTests {
  static func multipart(_ parts: [(name: String, type: String?, file: String?, body: [UInt8])]) -> Body {
    var out: [UInt8] = []
    for part in parts {
      out += Array("--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(part.file.map { "; filename=\"\($0)\"" } ?? "")\r\n".utf8)
      out += Array((part.type.map { "Content-Type: \($0)\r\n" } ?? "").utf8) + Array("\r\n".utf8) + part.body + Array("\r\n".utf8)
    }
    return Body(out + Array("--b--\r\n".utf8), "multipart/form-data; boundary=b")
  }

  static func text(_ name: String, _ value: String, type: String? = nil) -> (name: String, type: String?, file: String?, body: [UInt8]) {
    (name, type, nil, Array(value.utf8))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var form: String
    /// With `@` where the identity stands, when it is not the first member.
    var json: String
    var warning: String?
    var testDescription: String { form }
  }

  static let cases: [Case] = [
    Case(form: #"ext_data={"a":"1"}"#, json: #"{"ext_data":{"a":"1"}}"#),
    Case(form: "ext_data={'a': '1', 'b': None}", json: #"{"ext_data":{"a":"1","b":null}}"#, warning: "ext_data is a Python literal"),
    Case(form: "ext_data[a]=1&ext_data[person_type]=2", json: #"{"ext_data":{"a":"1","person_type":2}}"#),
    Case(form: "ext_data.a=1&ext_data.person_type=2", json: #"{"ext_data":{"a":"1","person_type":2}}"#),
    Case(form: "ext_data[info][age]=youth&ext_data[info][sex]=1", json: #"{"ext_data":{"info":{"age":"youth","sex":"1"}}}"#),
    Case(form: "ext_data.info.age=youth&ext_data.info.sex=1", json: #"{"ext_data":{"info":{"age":"youth","sex":"1"}}}"#),
    Case(form: "device_ip=10.0.0.1&person_type=2", json: #"{"ext_data":{"device_ip":"10.0.0.1","person_type":2}}"#),
    Case(
      form: #"ext_data={"a":"1"}&ext_data[b]=2&ext_data.c=3&device_ip=x"#, json: #"{"ext_data":{"a":"1","b":"2","c":"3","device_ip":"x"}}"#),
    Case(form: #"ext_data[b]=2&ext_data={"a":"1"}"#, json: #"{"ext_data":{"a":"1","b":"2"}}"#),
    Case(form: #"ext_data={}&ext_data[b]=2"#, json: #"{"ext_data":{"b":"2"}}"#),
    Case(form: #"ext_data={ }"#, json: #"{"ext_data":{ }}"#),
    // Twice the same is once; what differs is kept beside it.
    Case(form: #"ext_data={"device_ip":"x"}&device_ip=x&ext_data[device_ip]=x"#, json: #"{"ext_data":{"device_ip":"x"}}"#),
    Case(
      form: #"ext_data={"device_ip":"x"}&device_ip=y"#, json: #"{"device_ip":"y",@,"ext_data":{"device_ip":"x"}}"#,
      warning: "a member of ext_data was sent twice with different values; the second is kept beside it"),
    Case(
      form: #"ext_data[device_ip]=x&device_ip=y"#, json: #"{"device_ip":"y",@,"ext_data":{"device_ip":"x"}}"#,
      warning: "a member of ext_data was sent twice with different values; the second is kept beside it"),
    Case(
      form: #"ext_data={"a":1}&ext_data={"b":2}"#, json: #"{"ext_data":"{\"b\":2}",@,"ext_data":{"a":1}}"#,
      warning: "ext_data was sent more than once; the first object counts"),
    Case(
      form: #"ext_data=device_ip&ext_data={"a":1}"#, json: #"{"ext_data":"device_ip",@,"ext_data":{"a":1}}"#,
      warning: "ext_data was sent more than once; the first object counts"),
    // Lost values.
    Case(form: "ext_data=device_ip", json: #"{"ext_data":"device_ip"}"#, warning: "ext_data has no values, only text"),
    Case(form: "ext_data=a&ext_data=b", json: #"{"ext_data":["a","b"]}"#, warning: "ext_data has no values, only text"),
    Case(form: "ext_data=", json: #"{"ext_data":""}"#, warning: "ext_data has no values, only text"),
    Case(form: "ext_data=[1]", json: #"{"ext_data":"[1]"}"#, warning: "ext_data has no values, only text"),
    // Other generations have no ext_data: their members stay at the top.
    Case(form: "ep_info={}&person_type=2&dev_sno=x", json: #"{"ep_info":{},"person_type":2,"dev_sno":"x"}"#),
    Case(form: "user_type=vip&spot_pic=", json: #"{"user_type":"vip","spot_pic":""}"#),
    Case(form: "person_type=2&out_timestamp=1709626504000&ir_pic=", json: #"{"person_type":2,"out_timestamp":1709626504000,"ir_pic":""}"#),
    Case(form: "media_device_info[media_device_id]=x", json: #"{"media_device_info":{"media_device_id":"x"}}"#),
    Case(form: "recognize_face_attr.age=youth", json: #"{"recognize_face_attr":{"age":"youth"}}"#),
    // Types.
    Case(form: "score=0.71&timestamp=1709626502345", json: #"{"score":0.71,"timestamp":1709626502345}"#),
    Case(form: "score=0.710", json: #"{"score":0.710}"#), Case(form: "score=high", json: #"{"score":"high"}"#),
    Case(form: "score=", json: #"{"score":""}"#),
    Case(form: "score=NaN", json: #"{"score":"NaN"}"#), Case(form: "score=+1", json: #"{"score":" 1"}"#),
    Case(form: "score=01", json: #"{"score":"01"}"#),
    Case(form: "x=12&y=true&z=null&w=None", json: #"{"x":"12","y":"true","z":"null","w":"None"}"#),
    Case(form: #"x={"a":1}&y=[1,2]&z={"a":1"#, json: #"{"x":{"a":1},"y":[1,2],"z":"{\"a\":1"}"#),
    Case(form: "x={'a': True}", json: #"{"x":{"a":true}}"#),
    // Names that look like paths and are none.
    Case(form: "x.y=1&x[y]=2&ext_data[a=3&ext_datax.b=4", json: #"{"x.y":"1","x[y]":"2","ext_data[a":"3","ext_datax.b":"4"}"#),
    Case(form: "x=1&x=2", json: #"{"x":"1","x":"2"}"#, warning: "a name occurs twice in one object; the last one counts"),
  ]

  @Test("Shapes are merged in order of preference, and nothing is lost", arguments: cases)
  func merged(_ expected: Case) throws {
    let decoded = try Body("identity_id=a&" + expected.form, "application/x-www-form-urlencoded").event()
    let json = expected.json.contains("@") ? expected.json : "{@," + expected.json.dropFirst()
    #expect(decoded.originalText == json.replacing("@", with: #""identity_id":"a""#))
    let warning = expected.warning
    #expect(warning == nil || decoded.event.warnings.contains { $0.hasPrefix(warning ?? "") }, "\(decoded.event.warnings)")
  }

  @Test("A file fills the empty place that the JSON left for it", arguments: ["\"\"", "null"])
  func fillsEmptyPlace(_ empty: String) throws {
    let scene = try Fixtures.Picture.scene.bytes()
    let body = Self.multipart([
      Self.text("identity_id", "a"), Self.text("ext_data", #"{"spot_pic": \#(empty), "recognize_face": \#(empty), "device_ip": "x"}"#),
      ("recognize_face", "image/jpeg", "f.jpg", try Fixtures.Picture.face.bytes()), ("spot_pic", "image/jpeg", "s.jpg", scene),
    ])
    let decoded = try body.event()
    #expect(decoded.picture(.scene) == scene)
    #expect(try decoded.picture(.face) == Fixtures.Picture.face.bytes())
    let (s, f) = try (ReferenceBase64.encode(scene), ReferenceBase64.encode(Fixtures.Picture.face.bytes()))
    #expect(decoded.originalText == #"{"identity_id":"a","ext_data":{"spot_pic": "\#(s)", "recognize_face": "\#(f)", "device_ip": "x"}}"#)
  }

  @Test("A file does not replace another picture: both are kept")
  func keepsBothPictures() throws {
    let (scene, face) = try (Fixtures.Picture.scene.bytes(), Fixtures.Picture.face.bytes())
    let decoded = try Self.multipart([
      Self.text("identity_id", "a"), Self.text("ext_data", #"{"spot_pic":"\#(ReferenceBase64.encode(scene))"}"#),
      ("spot_pic", "image/jpeg", "s.jpg", face),
    ]).event()
    #expect(Set(decoded.pictures.map(\.array)) == [scene, face])
    #expect(decoded.event.warnings.contains("a member of ext_data was sent twice with different values; the second is kept beside it"))
  }

  @Test(
    "A file part is a picture by its bytes, whatever its type and name say",
    arguments: [
      ("reg_pic", "image/jpeg", "p.jpg"), ("reg_pic", "application/octet-stream", "blob"), ("reg_pic", nil, ""),
      ("reg_pic", "text/plain", nil), ("snapshot", "image/jpeg", "p"),
    ] as [(String, String?, String?)])
  func fileParts(_ name: String, _ type: String?, _ file: String?) throws {
    for picture in Fixtures.Picture.allCases {
      let decoded = try Self.multipart([Self.text("identity_id", "a"), (name, type, file, try picture.bytes())]).event()
      #expect(try decoded.pictures.map(\.array) == [picture.bytes()])
    }
    for other in ["face.png", "dot.gif", "dot.webp"] {
      let bytes = try Fixtures.bytes("pictures/\(other)")
      let decoded = try Self.multipart([Self.text("identity_id", "a"), ("reg_pic", type, file, bytes)]).event()
      #expect(decoded.pictures.map(\.array) == [bytes])
    }
  }

  @Test("A file that is no picture is kept: text as text, anything else as base64")
  func otherFiles() throws {
    let decoded = try Self.multipart([
      Self.text("identity_id", "a"), ("note", "text/plain", "note.txt", Array("two\r\nlines".utf8)),
      ("blob", nil, "b.bin", [0x00, 0xFE, 0xFF, 0x80]),
    ]).event()
    #expect(decoded.originalText == #"{"identity_id":"a","note":"two\r\nlines","blob":"AP7/gA=="}"#)
    #expect(decoded.event.warnings.contains("blob is a file that is neither a picture nor text; kept as base64"))
  }

  @Test("A part that says it is JSON is taken as it is, where it is")
  func jsonParts() throws {
    let decoded = try Self.multipart([
      Self.text("identity_id", "\"00817\"", type: "application/json"),
      Self.text("score", "\"0.7\"", type: "application/json; charset=utf-8"),
      Self.text("person_type", "\"4\"", type: "application/json"), Self.text("ext_data", "null", type: "application/json"),
      Self.text("x", "oops", type: "application/json"),
    ]).event()
    #expect(decoded.originalText == #"{"identity_id":"00817","score":"0.7","person_type":"4","ext_data":null,"x":"oops"}"#)
  }

  @Test("Text parts may come with a type, a charset and line ends of their own")
  func textParts() throws {
    let decoded = try Self.multipart([
      Self.text("identity_id", "a", type: "text/plain; charset=UTF-8"), Self.text("identity_name", "林薇", type: "text/plain"),
      Self.text("note", "a\r\nb\n\"c\"\\"),
    ]).event()
    #expect(decoded.originalText == #"{"identity_id":"a","identity_name":"林薇","note":"a\r\nb\n\"c\"\\"}"#)
  }

  @Test("Plus signs that the sender forgot to escape are put back in pictures, and nowhere else")
  func lostPlusSigns() throws {
    let bytes = PictureTextTests.jpeg + [0, 0, 0xFB, 0xEF, 0xBE, 0xFB, 0xEF, 0xBE]
    let text = ReferenceBase64.encode(bytes)
    try #require(text.contains("++++"))
    let forms = [
      "identity_id=a b&reg_pic=\(text)", "identity_id=a b&reg_pic=data:image/jpeg;base64,\(text)",
      #"identity_id=a b&ext_data={"spot_pic": "\#(text)", "note": "x y"}"#,
      "identity_id=a b&ext_data[spot_pic]=\(text)", "identity_id=a b&recognize_face=\(text)",
    ]
    for form in forms {
      let decoded = try Body(form.replacing(" ", with: "+"), "application/x-www-form-urlencoded").event()
      #expect(decoded.pictures.map(\.array) == [bytes])
      #expect(decoded.event.person.id == "a b")
      #expect(decoded.event.warnings.contains { $0.contains("had blanks in base64, which were read as plus signs") })
      #expect(decoded.event.pictures[0].cut != nil)
    }
    let escaped = try Body("identity_id=a&reg_pic=" + text.replacing("+", with: "%2B")).event()
    #expect(escaped.pictures.map(\.array) == [bytes])
    #expect(!escaped.event.warnings.contains { $0.contains("blanks") })
    // Without a form there is no knowing what the blanks were: a wrong picture is worse than none.
    let json = Body(#"{"identity_id":"a","reg_pic":"\#(text.replacing("+", with: " "))"}"#)
    #expect(try json.event().event.pictures.isEmpty)
    #expect(try json.event().original == json.bytes)
  }

  @Test("A name of thousands of levels is one plain name")
  func deepNames() throws {
    for name in [
      "ext_data" + String(repeating: "[a]", count: 17), "ext_data" + String(repeating: ".a", count: 100_000),
      "ext_data[" + String(repeating: "][", count: 100_000) + "]",
    ] {
      let decoded = try Body("identity_id=a&\(name)=1").event()
      #expect(decoded.originalText == #"{"identity_id":"a","\#(name)":"1"}"#)
    }
    let deep = "ext_data" + String(repeating: "[a]", count: 16)
    #expect(try Body("identity_id=a&\(deep)=1").event().originalText.contains(String(repeating: #"{"a":"#, count: 16)))
  }

  @Test("Parts that are too deep together are refused as the form they were")
  func tooDeep() throws {
    let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
    #expect(try Body("identity_id=a&x=\(deep)").event().originalText.contains(deep))
    for form in ["identity_id=a&x=[\(deep)]", #"identity_id=a&ext_data={"x":\#(deep)}"#] {
      let body = Body(form)
      let error = try body.error()
      #expect(error.code == .malformed)
      #expect(error.message.hasPrefix("the form can't be read as an event: nested deeper than 64 levels"))
      #expect(error.body.array == body.bytes)
    }
  }
}
