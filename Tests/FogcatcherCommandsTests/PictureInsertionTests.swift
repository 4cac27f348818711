import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("Sending: pictures put into events")
struct PictureInsertionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var json: String
    var path: [String]
    var expected: String

    var testDescription: String { json }
  }

  @Test(
    "A member is replaced where it is and added where it is not; nothing else changes",
    arguments: [
      Case(json: #"{}"#, path: ["a"], expected: #"{"a":"P"}"#),
      Case(json: #"{ "b" : 1 }"#, path: ["a"], expected: #"{"a":"P", "b" : 1 }"#),
      Case(json: #"{"a":"","b":1}"#, path: ["a"], expected: #"{"a":"P","b":1}"#),
      Case(json: #"{"b":{"a":1},"a":null}"#, path: ["a"], expected: #"{"b":{"a":1},"a":"P"}"#),
      Case(json: #"{"a":1,"a":2}"#, path: ["a"], expected: #"{"a":1,"a":"P"}"#),
      Case(json: #"{"s":"{\"a\":\"}","a" : [1,"]"] }"#, path: ["a"], expected: #"{"s":"{\"a\":\"}","a" : "P" }"#),
      Case(json: #"{"x":{"b":2}}"#, path: ["x", "a"], expected: #"{"x":{"a":"P","b":2}}"#),
      Case(json: #"{"x":{"b":2,"a":""}}"#, path: ["x", "a"], expected: #"{"x":{"b":2,"a":"P"}}"#),
      Case(json: #"{"b":2}"#, path: ["x", "a"], expected: #"{"x":{"a":"P"},"b":2}"#),
      Case(json: #"{"x":"","b":2}"#, path: ["x", "a"], expected: #"{"x":{"a":"P"},"b":2}"#),
    ])
  func members(_ item: Case) {
    let out = JSONMembers.set(item.path, to: Array("\"P\"".utf8), in: Array(item.json.utf8))
    #expect(String(decoding: out, as: UTF8.self) == item.expected)
  }

  @Test(
    "A picture stands where its form has it",
    arguments: [
      (PictureRole.reference, EventForm.g1, ["reg_pic"]), (.scene, .g1, ["ext_data", "spot_pic"]),
      (.face, .g3c, ["ext_data", "recognize_face"]),
      (.infrared, .g3c, ["ext_data", "ir_pic"]), (.scene, .g4a, ["spot_pic"]), (.reference, .g5, ["reg_image"]),
      (.face, .g5, ["recognize_face_image"]),
      (.scene, .r2, ["ext_data", "spot_pic"]),
    ])
  func places(role: PictureRole, form: EventForm, path: [String]) { #expect(PicturePlace(role: role, form: form).path == path) }

  @Test("A file becomes base64 in the event; what is not an event stays as it is")
  func apply() async throws {
    try await withTemporaryDirectory { directory in
      try write("picture", to: "\(directory)/p.jpg")
      let argument = try #require(PictureArgument(argument: "scene=\(directory)/p.jpg"))
      let insertion = try PictureInsertion([argument])
      let event = #"{"identity_id":"E-1","timestamp":1709626502345,"score":0.7,"ext_data":{"dev_sno":"FOGLAB0001"}}"#
      let out = String(decoding: insertion.apply(to: Array(event.utf8)), as: UTF8.self)
      #expect(out == event.replacing("\"ext_data\":{", with: "\"ext_data\":{\"spot_pic\":\"cGljdHVyZQ==\","))
      for other in ["{", "[]", "nonsense"] { #expect(insertion.apply(to: Array(other.utf8)) == Array(other.utf8)) }
    }
  }

  @Test("The argument names a role and a file", arguments: ["scene", "scene=", "=x.jpg", "portrait=x.jpg", "other=x.jpg"])
  func badArgument(text: String) { #expect(PictureArgument(argument: text) == nil) }

  @Test("A picture that is not there is an error")
  func missing() throws {
    let argument = try #require(PictureArgument(argument: "face=/nowhere/x.jpg"))
    #expect(throws: FileError.self) { try PictureInsertion([argument]) }
  }
}
