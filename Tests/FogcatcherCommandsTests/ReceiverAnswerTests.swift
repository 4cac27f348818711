import Testing

@testable import FogcatcherCommands

@Suite("Sending: answers")
struct ReceiverAnswerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var isAccepted: Bool
    var lines: [String]

    var testDescription: String { "\(status) \(body)" }
  }

  static let id = "018e0d6f-0d29-8abc-9def-001122334455"

  @Test(
    "An answer is a line for each element, and accepted only without any error",
    arguments: [
      Case(
        status: 200, body: #"{"status":0,"message":"SUCCESS","data":{"id":"\#(id)","duplicate":false,"warnings":[]}}"#, isAccepted: true,
        lines: ["200  \(id)  stored"]),
      Case(
        status: 200, body: #"{"status":0,"data":{"id":"\#(id)","duplicate":true,"warnings":["dev_sno is missing","x"]}}"#, isAccepted: true,
        lines: ["200  \(id)  duplicate  warnings: dev_sno is missing; x"]),
      Case(status: 200, body: #"{"status":0,"data":{"quarantined":true,"reason":"r"}}"#, isAccepted: true, lines: ["200  quarantined"]),
      Case(status: 200, body: #"{"status":0,"data":{"kind":"status","warnings":[]}}"#, isAccepted: true, lines: ["200  status"]),
      Case(
        status: 207,
        body: #"{"status":1,"message":"1 of 2","data":[{"id":"\#(id)","duplicate":false},{"status":1,"error":{"code":1,"message":"no"}}]}"#,
        isAccepted: false, lines: ["207  \(id)  stored", "207  failed: no"]),
      Case(
        status: 400, body: #"{"status":40001,"message":"not JSON","error":{"code":40001,"message":"not JSON","status":"X"}}"#,
        isAccepted: false,
        lines: ["400  not JSON"]),
      Case(status: 200, body: "OK", isAccepted: true, lines: ["200  OK"]),
      Case(status: 204, body: "", isAccepted: true, lines: ["204  (no text)"]),
      Case(status: 302, body: "", isAccepted: false, lines: ["302  (no text)"]),
      Case(status: 500, body: "<h1>\u{1B}[0m</h1>", isAccepted: false, lines: ["500  <h1>?[0m</h1>"]),
    ])
  func answers(_ item: Case) {
    let answer = ReceiverAnswer(httpStatus: item.status, body: Array(item.body.utf8))
    #expect(answer.lines == item.lines)
    #expect(answer.isAccepted == item.isAccepted)
  }

  @Test("The tally counts what was accepted and what was not")
  func tally() {
    var tally = SendTally()
    tally.note(.answered(ReceiverAnswer(httpStatus: 200, body: Array(#"{"data":{"id":"x","duplicate":true,"warnings":["w"]}}"#.utf8))))
    tally.note(.answered(ReceiverAnswer(httpStatus: 503, body: [])))
    tally.note(.unanswered("nobody"))
    tally.note(.notSent("nothing"))
    #expect(tally == SendTally(sent: 4, accepted: 1, duplicates: 1, warned: 1, failed: 3))
    #expect(tally.text == "4 sent, 1 accepted (1 duplicate, 1 with warnings), 3 not")
  }
}
