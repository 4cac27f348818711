import EventCoding
import FaceEvents
import TestSupport
import Testing

@Suite struct FormDataEncoderTests {
  @Test("Every JSON fixture is the same event as form-data", arguments: (try? Fixtures.jsonEventPaths()) ?? [])
  func fixtures(_ path: String) throws {
    let body = try Body(fixture: path)
    let expected = try body.event()
    let encoded = try #require(FormDataEncoder().encode(body.bytes))
    let decoded = try Body(encoded.body, encoded.contentType).event()
    #expect(decoded.event.contentDigest == expected.event.contentDigest)
    #expect(decoded.event.id == expected.event.id)
    #expect(decoded.event.person == expected.event.person)
    #expect(decoded.event.form == expected.event.form)
  }

  @Test("A box's receiver reads it too: scalars as text, ext_data as compact JSON text, pictures as base64 text")
  func shape() throws {
    let encoded = try #require(FormDataEncoder().encode(Fixtures.bytes("events/G1.json")))
    let text = String(decoding: encoded.body, as: UTF8.self)
    let boundary = try #require(encoded.contentType.split(separator: "boundary=").last)
    #expect(encoded.contentType.hasPrefix("multipart/form-data; boundary="))
    let parts = text.split(separator: "--\(boundary)").dropLast().map { $0.split(separator: "\r\n\r\n", maxSplits: 1) }
    let headers = parts.map { String($0[0].drop { $0.isNewline }) }
    #expect(
      headers
        == ["identity_id", "identity_name", "group_name", "reg_pic", "timestamp", "score", "ext_data"].map {
          "Content-Disposition: form-data; name=\"\($0)\""
        })
    let values = parts.map { String($0[1].dropLast()) }
    #expect(values[1] == "Lin Wei")
    #expect(values[3].hasPrefix("/9j/2wBD"))
    #expect(values[4] == "1709626502345")
    #expect(values[5] == "0.71")
    #expect(values[6].hasPrefix(#"{"device_ip":"10.20.30.41","ep_id":"#))
  }

  @Test(
    "What plain text could not carry travels as JSON",
    arguments: [
      #"{"identity_id":17}"#, #"{"identity_id":"a","score":"0.7"}"#, #"{"identity_id":"a","x":null}"#, #"{"identity_id":"a","x":true}"#,
      #"{"identity_id":"a","x":12}"#,
      #"{"identity_id":"a","x":"{}"}"#, #"{"identity_id":"a","x":"[1]"}"#, #"{"identity_id":"a","x":"{'a': 1}"}"#,
      #"{"identity_id":"a","ext_data":null}"#,
      #"{"identity_id":"a","ext_data":"text"}"#, #"{"identity_id":"a","ext_data":[]}"#, #"{"identity_id":"a","device_ip":"x"}"#,
      #"{"identity_id":"a","ext_data[x]":"y"}"#,
      #"{"identity_id":"a","ext_data.x":"y"}"#, #"{"identity_id":"a","x":"\u0000"}"#, #"{"identity_id":"a","x":"\ud800"}"#,
      #"{"identity_id":"a","timestamp":"1709626502345"}"#,
      #"{"identity_id":"a","x":1,"x":"2"}"#, #"{"identity_id":"a","ext_data":{},"ext_data":{"a":1}}"#,
      #"{"identity_id":"a","ext_data":{"a":1},"\u0065xt_data":{"b":2}}"#,
      #"{"identity_id":"a","":"empty name"}"#, #"{"identity_id":"a","a\\b":1,"c\\":2,"\\\\":3,"d\"e":4,"f\ng":5,"%":6,"%2":7,"%41":8}"#,
    ])
  func asJSON(_ json: String) throws {
    let expected = try Body(json).event()
    let encoded = try #require(FormDataEncoder().encode(Array(json.utf8)))
    let decoded = try Body(encoded.body, encoded.contentType).event()
    #expect(decoded.event.contentDigest == expected.event.contentDigest, "\(decoded.originalText)")
  }

  @Test("Text that is not UTF-8 travels as JSON")
  func notUTF8() throws {
    let json = Array(#"{"identity_id":"a","x":""#.utf8) + [0xE9, 0xFF, 0xD8, 0xFF] + Array(#""}"#.utf8)
    let encoded = try #require(FormDataEncoder().encode(json))
    #expect(try Body(encoded.body, encoded.contentType).event().event.contentDigest == Body(json).event().event.contentDigest)
  }

  @Test(
    "What no form can carry is not encoded",
    arguments: [
      "", "[]", "[{}]", "1", "null", "{", #"{"a%22b":1}"#, #"{"a%0ab":1}"#, #"{"a%0Db":1}"#, #"{"\u0000":1}"#, #"{"\ud800":1}"#,
      #"{"a\u007f":1}"#,
      "{" + (0..<257).map { "\"k\($0)\":1" }.joined(separator: ",") + "}",
    ])
  func refused(_ json: String) { #expect(FormDataEncoder().encode(Array(json.utf8)) == nil) }

  @Test("As many members as a form may have parts are encoded and read back")
  func most() throws {
    let json = #"{"identity_id":"a","# + (1..<256).map { "\"k\($0)\":\"v\"" }.joined(separator: ",") + "}"
    let encoded = try #require(FormDataEncoder().encode(Array(json.utf8)))
    #expect(try Body(encoded.body, encoded.contentType).event().event.id == Body(json).event().event.id)
  }
}
