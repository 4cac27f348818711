import NIOCore
import Testing

@testable import EventReceiver

@Suite("The intake of one connection, as a dialogue")
struct IntakeStateMachineTests {
  typealias Machine = IntakeStateMachine

  static let limits = Machine.Limits(
    headerRead: .seconds(10), bodyStall: .seconds(30), bodyBytesPerSecondMin: 4096, idle: .seconds(120), admissionWait: .seconds(10),
    linger: .seconds(5), shutdownBody: .seconds(5), lingerBytesMax: 1000)

  /// `seconds` after the connection was opened.
  private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(1_000_000_000 * (100 + seconds))) }

  private func machine() -> Machine { Machine(limits: Self.limits, now: at(0)) }

  private func head(
    _ length: Int? = nil, chunked: Bool = false, encoded: Bool = false, max: Int = 1 << 20, expects: Bool = false, keepsAlive: Bool = true
  ) -> Machine.Head {
    Machine.Head(
      length: length, isChunked: chunked, isEncoded: encoded, bytesMax: max, expectsContinue: expects, keepsAlive: keepsAlive)
  }

  @Test("A request without a body is handed on at its end, and the connection waits for the next")
  func answersSimple() {
    var machine = machine()
    #expect(machine.headReceived(head(), now: at(0)) == .none)
    #expect(machine.endReceived(now: at(0)) == .handOver)
    #expect(!machine.closesAfterAnswer(hasMore: false))
    #expect(machine.answerWritten(hasMore: false, now: at(1)) == .nextRequest)
    #expect(machine.headReceived(head(), now: at(2)) == .none)
  }

  @Test("A small body needs no memory from others")
  func exemptsSmall() {
    var machine = machine()
    #expect(machine.headReceived(head(4096), now: at(0)) == .none)
    #expect(machine.bodyReceived(4096, now: at(0)) == .append)
    #expect(machine.endReceived(now: at(0)) == .handOver)
  }

  @Test("A body reserves its length once a first piece has come", arguments: [(1023, false), (1024, true), (4000, true)])
  func reservesAfterProbation(received: Int, reserves: Bool) {
    var machine = machine()
    #expect(machine.headReceived(head(100_000), now: at(0)) == .none)
    #expect(machine.bodyReceived(received, now: at(0)) == (reserves ? .reserve(length: 100_000) : .append))
  }

  @Test("While it waits for memory the connection is not read; then it goes on")
  func waits() {
    var machine = machine()
    _ = machine.headReceived(head(100_000), now: at(0))
    #expect(machine.bodyReceived(3000, now: at(0)) == .reserve(length: 100_000))
    #expect(machine.mustWait(now: at(0)) == .none)
    #expect(!machine.mayRead && machine.readSize == .waiting)
    #expect(machine.ticked(now: at(9), isContended: true) == .none)
    #expect(machine.admitted(bytes: 100_000, now: at(9)) == .none)
    #expect(machine.mayRead && machine.readSize == .body)
    #expect(machine.bodyReceived(97_000, now: at(9)) == .append)
    #expect(machine.endReceived(now: at(9)) == .handOver)
  }

  @Test("Who waits too long for memory is refused")
  func refusesOverload() {
    var machine = machine()
    _ = machine.headReceived(head(100_000), now: at(0))
    _ = machine.bodyReceived(3000, now: at(0))
    _ = machine.mustWait(now: at(0))
    #expect(machine.ticked(now: at(10), isContended: true) == .refuse(.overloaded))
    #expect(machine.closesAfterAnswer(hasMore: false))
    // What comes before the answer is out stays with its sender; afterwards it is thrown away, and counted.
    #expect(!machine.mayRead)
    #expect(machine.answerWritten(hasMore: false, now: at(10)) == .linger)
    #expect(machine.mayRead)
  }

  @Test("A body that is complete before its memory is there is handed on when it is")
  func completesWhileWaiting() {
    var machine = machine()
    _ = machine.headReceived(head(5000), now: at(0))
    #expect(machine.bodyReceived(3000, now: at(0)) == .reserve(length: 5000))
    _ = machine.mustWait(now: at(0))
    #expect(machine.bodyReceived(2000, now: at(0)) == .append)
    #expect(machine.endReceived(now: at(0)) == .none)
    #expect(machine.inputClosed(hasMore: false, now: at(1)) == .none)
    #expect(machine.admitted(bytes: 5000, now: at(2)) == .handOver)
    #expect(machine.closesAfterAnswer(hasMore: false))
  }

  @Test("What comes in without memory is bounded", arguments: [(16 << 10, true), (16 << 10 + 1, false)])
  func boundsUnreserved(total: Int, fits: Bool) {
    var machine = machine()
    _ = machine.headReceived(head(100_000), now: at(0))
    _ = machine.bodyReceived(3000, now: at(0))
    _ = machine.mustWait(now: at(0))
    #expect(machine.bodyReceived(total - 3000, now: at(0)) == (fits ? .append : .refuse(.overloaded)))
  }

  @Test("A length above the limit is refused before anything is read", arguments: [(999, false), (1000, false), (1001, true)])
  func refusesLength(length: Int, isRefused: Bool) {
    var machine = machine()
    #expect(machine.headReceived(head(length, max: 1000), now: at(0)) == (isRefused ? .refuse(.tooLarge(limit: 1000)) : .none))
  }

  @Test("A chunked body is refused when it passes the limit", arguments: [(999, false), (1000, false), (1001, true)])
  func refusesChunked(received: Int, isRefused: Bool) {
    var machine = machine()
    _ = machine.headReceived(head(chunked: true, max: 1000), now: at(0))
    _ = machine.bodyReceived(500, now: at(0))
    #expect(machine.bodyReceived(received - 500, now: at(0)) == (isRefused ? .refuse(.tooLarge(limit: 1000)) : .append))
  }

  @Test("A body of unknown length reserves more when it outgrows its share")
  func grows() {
    var machine = machine()
    _ = machine.headReceived(head(chunked: true, max: 100_000), now: at(0))
    #expect(machine.bodyReceived(2000, now: at(0)) == .reserve(length: nil))
    #expect(machine.admitted(bytes: 10_000, now: at(0)) == .none)
    #expect(machine.bodyReceived(8000, now: at(0)) == .append)
    #expect(machine.bodyReceived(1, now: at(0)) == .reserveMore)
    #expect(machine.mustWait(now: at(0)) == .none)
    #expect(machine.admitted(bytes: 100_000, now: at(3)) == .none)
    #expect(machine.bodyReceived(80_000, now: at(3)) == .append)
  }

  @Test("A compressed body reserves as one of unknown length")
  func treatsEncodedAsUnknown() {
    var machine = machine()
    _ = machine.headReceived(head(2000, encoded: true), now: at(0))
    #expect(machine.bodyReceived(2000, now: at(0)) == .reserve(length: nil))
  }

  @Test("Who expects to be told to go on is told when the memory is there, not before")
  func continues() {
    var machine = machine()
    #expect(machine.headReceived(head(100_000, expects: true), now: at(0)) == .reserve(length: 100_000))
    #expect(machine.mustWait(now: at(0)) == .none)
    #expect(machine.admitted(bytes: 100_000, now: at(1)) == .sendContinue)
    #expect(machine.bodyReceived(100_000, now: at(1)) == .append)
  }

  @Test("Who expects to be told to go on with too much is refused instead")
  func refusesExpectation() {
    var machine = machine()
    #expect(machine.headReceived(head(2000, max: 1000, expects: true), now: at(0)) == .refuse(.tooLarge(limit: 1000)))
  }

  @Test("Parts of a refused body are nobody's")
  func dropsRest() {
    var machine = machine()
    _ = machine.headReceived(head(2000, max: 1000), now: at(0))
    #expect(machine.bodyReceived(500, now: at(0)) == .none)
    #expect(machine.endReceived(now: at(0)) == .none)
  }
}
