import FaceEvents
import NIOCore
import Testing

@testable import EventReceiver

@Suite("Answers as JSON")
struct AnswerTests {
  private let id = EventID(high: 0x018e_0f3a_2b4c_8123, low: 0x8abc_def0_1234_5678)

  private func text(_ answer: Answer) -> String { String(buffer: answer.json) }

  @Test("An event")
  func event() {
    let answer = Answer.single(.event(id: id, isDuplicate: false, warnings: ["a \"quoted\" one"]))
    #expect(
      text(answer)
        == #"{"status":0,"message":"SUCCESS","data":{"id":"\#(id)","duplicate":false,"warnings":["a \"quoted\" one"]}}"#)
    #expect(answer.code == .success)
  }

  @Test("A status report has no id")
  func status() {
    #expect(text(.single(.status(warnings: []))) == #"{"status":0,"message":"SUCCESS","data":{"kind":"status","warnings":[]}}"#)
  }

  @Test("A quarantined request that is accepted")
  func quarantined() {
    let answer = Answer.single(.quarantined(reason: "no JSON"))
    #expect(text(answer) == #"{"status":0,"message":"SUCCESS","data":{"quarantined":true,"reason":"no JSON"}}"#)
    #expect(answer.code.httpStatus == 200)
  }

  @Test("An error, in the platform's form and the box's")
  func error() {
    let answer = Answer.failed(.picture, message: "reg_pic is no picture")
    #expect(
      text(answer)
        == #"{"status":40003,"message":"reg_pic is no picture","#
        + #""error":{"code":40003,"message":"reg_pic is no picture","status":"IMAGE_ERROR"}}"#)
    #expect(answer.code.httpStatus == 422)
  }

  @Test("An array has an entry for each element, in order")
  func array() {
    let answer = Answer.array([.event(id: id, isDuplicate: true, warnings: []), .status(warnings: ["w"])])
    #expect(
      text(answer)
        == #"{"status":0,"message":"SUCCESS","data":[{"status":0,"message":"SUCCESS","id":"\#(id)","duplicate":true,"warnings":[]},"#
        + #"{"status":0,"message":"SUCCESS","kind":"status","warnings":["w"]}]}"#)
    #expect(answer.code.httpStatus == 200)
  }

  @Test("An empty array is answered with an empty array")
  func emptyArray() {
    #expect(text(.array([])) == #"{"status":0,"message":"SUCCESS","data":[]}"#)
  }

  @Test("One failed element makes an array 207, with its reason in its place")
  func partlyFailed() {
    let answer = Answer.array([
      .event(id: id, isDuplicate: false, warnings: []), .failed(.parameter, message: "no person, time or picture"),
    ])
    #expect(answer.code == AnswerCode(httpStatus: 207, code: 40091, name: "PARAM_ERROR"))
    #expect(text(answer).hasPrefix(#"{"status":40091,"message":"1 of 2 elements failed; "#))
    #expect(
      text(answer).hasSuffix(
        #"{"status":40091,"message":"no person, time or picture","#
          + #""error":{"code":40091,"message":"no person, time or picture","status":"PARAM_ERROR"}}]}"#))
  }

  @Test("An element that could not be stored for a passing reason makes the whole array one to send again", arguments: [true, false])
  func partlyNotStored(isFull: Bool) {
    let reason = isFull ? AnswerCode.diskFull : .unavailable
    let answer = Answer.array([
      .event(id: id, isDuplicate: false, warnings: []), .failed(.parameter, message: "odd"), .failed(reason, message: "later"),
    ])
    #expect(answer.code == reason)
  }

  @Test(
    "Text is escaped as RFC 8259 has it",
    arguments: [
      ("plain", "plain"), ("a\"b\\c", #"a\"b\\c"#), ("\n\r\t", #"\n\r\t"#), ("\u{0}\u{1f}", #"\u0000\u001f"#), ("林薇 🙂/", "林薇 🙂/"),
      ("\u{7f}\u{2028}", "\u{7f}\u{2028}"),
    ])
  func escapes(text: String, expected: String) {
    var writer = JSONWriter()
    writer.string(text)
    #expect(String(buffer: writer.buffer) == "\"\(expected)\"")
  }
}
