import Testing
import TestSupport

@testable import EventKeeping

@Suite("From one stage to the next")
struct HandoffTests {
  @Test("Everything arrives in order, one at a time, and the end after it", arguments: [true, false])
  func passesOn(isReceiverFirst: Bool) async {
    let handoff = Handoff<Int>()
    let gate = Gate()
    async let received = {
      if !isReceiverFirst { await gate.pass() }
      var values: [Int] = []
      while let value = await handoff.next() { values.append(value) }
      return values
    }()
    if !isReceiverFirst { gate.open() }
    for value in 0..<500 { await handoff.send(value) }
    handoff.finish()
    #expect(await received == Array(0..<500))
  }

  @Test("After the end there is nothing")
  func ends() async {
    let handoff = Handoff<Int>()
    handoff.finish()
    #expect(await handoff.next() == nil)
    #expect(await handoff.next() == nil)
  }
}
