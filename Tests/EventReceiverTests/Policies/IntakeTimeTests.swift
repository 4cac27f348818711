import NIOCore
import Testing

@testable import EventReceiver

@Suite("The times and ends of one connection, as a dialogue")
struct IntakeTimeTests {
  typealias Machine = IntakeStateMachine

  private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(1_000_000_000 * (100 + seconds))) }

  private func machine() -> Machine { Machine(limits: IntakeStateMachineTests.limits, now: at(0)) }

  private func head(_ length: Int? = nil, keepsAlive: Bool = true) -> Machine.Head {
    Machine.Head(
      length: length, isChunked: false, isEncoded: false, bytesMax: 1 << 20, expectsContinue: false, keepsAlive: keepsAlive)
  }

  /// A machine that collects a body of 1 MB and has `received` bytes of it after a second.
  private func collecting(_ received: Int, admitted: Bool = true) -> Machine {
    var machine = machine()
    _ = machine.headReceived(head(1_000_000), now: at(0))
    if admitted {
      _ = machine.bodyReceived(2000, now: at(0))
      _ = machine.admitted(bytes: 1_000_000, now: at(0))
      _ = machine.bodyReceived(received - 2000, now: at(1))
    } else {
      _ = machine.bodyReceived(received, now: at(1))
    }
    return machine
  }

  // MARK: Time

  @Test("A header has its time from the start of the connection", arguments: [(9, false), (10, true)])
  func timesHeader(seconds: Int64, isOver: Bool) {
    var machine = machine()
    machine.partOfHeadReceived(now: at(5))
    #expect(machine.ticked(now: at(seconds), isContended: false) == (isOver ? .reject(.timeout) : .none))
  }

  @Test("Who connects and says nothing is dropped without an answer")
  func dropsSilent() {
    var machine = machine()
    #expect(machine.ticked(now: at(10), isContended: false) == .close)
  }

  @Test("A later header has its time from its first byte; before that the connection may be idle longer")
  func timesLaterHeader() {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    _ = machine.answerWritten(hasMore: false, now: at(0))
    #expect(machine.ticked(now: at(119), isContended: false) == .none)
    machine.partOfHeadReceived(now: at(119))
    #expect(machine.ticked(now: at(128), isContended: false) == .none)
    #expect(machine.ticked(now: at(129), isContended: false) == .reject(.timeout))
  }

  @Test("An idle connection is closed", arguments: [(119, false), (120, true)])
  func closesIdle(seconds: Int64, isOver: Bool) {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    _ = machine.answerWritten(hasMore: false, now: at(0))
    #expect(machine.ticked(now: at(seconds), isContended: false) == (isOver ? .close : .none))
  }

  @Test("A body that stops coming is refused", arguments: [(30, false), (31, true)])
  func refusesStall(seconds: Int64, isOver: Bool) {
    var machine = collecting(999_000)
    #expect(machine.ticked(now: at(seconds), isContended: false) == (isOver ? .refuse(.stalled) : .none))
  }

  /// One byte a second: no stall, and yet too slow once the grace of 30 s is over.
  @Test("A body that trickles is refused after the grace")
  func refusesTrickle() {
    var machine = collecting(2001)
    for second in 2...30 {
      _ = machine.bodyReceived(1, now: at(Int64(second)))
      #expect(machine.ticked(now: at(Int64(second)), isContended: false) == .none)
    }
    _ = machine.bodyReceived(1, now: at(31))
    #expect(machine.ticked(now: at(31), isContended: false) == .refuse(.tooSlow))
  }

  @Test("A slow body has its time when nobody else waits, and less when others do", arguments: [false, true])
  func hurriesUnderPressure(isContended: Bool) {
    // 20 kB in 5 s: slower than 4 KiB/s.
    var machine = collecting(20_000)
    _ = machine.bodyReceived(1, now: at(5))
    #expect(machine.ticked(now: at(4), isContended: isContended) == .none)
    #expect(machine.ticked(now: at(5), isContended: isContended) == (isContended ? .refuse(.tooSlow) : .none))
  }

  @Test("A body that holds no memory is not hurried")
  func sparesProbation() {
    var machine = collecting(500, admitted: false)
    #expect(machine.ticked(now: at(6), isContended: true) == .none)
  }

  @Test("The time spent waiting for memory does not count as slowness")
  func doesNotCountWaiting() {
    var machine = machine()
    _ = machine.headReceived(head(1_000_000), now: at(0))
    _ = machine.bodyReceived(2000, now: at(0))
    _ = machine.mustWait(now: at(0))
    _ = machine.admitted(bytes: 1_000_000, now: at(9))
    #expect(machine.ticked(now: at(13), isContended: true) == .none)
  }

  @Test("A lingering connection ends after its time or its bytes")
  func endsLingering() {
    var machine = machine()
    _ = machine.headReceived(head(keepsAlive: false), now: at(0))
    _ = machine.endReceived(now: at(0))
    #expect(machine.closesAfterAnswer(hasMore: false))
    #expect(machine.answerWritten(hasMore: false, now: at(0)) == .linger)
    #expect(machine.discarded(999) == .none)
    #expect(machine.ticked(now: at(4), isContended: false) == .none)
    var other = machine
    #expect(machine.ticked(now: at(5), isContended: false) == .close)
    #expect(other.discarded(1) == .none)
    #expect(other.discarded(1) == .close)
  }

  // MARK: Ends

  @Test("What is not HTTP is answered and the connection ends")
  func rejectsGarbage() {
    var machine = machine()
    #expect(machine.parserFailed(.malformed, hasMore: false, now: at(0)) == .reject(.malformed))
    #expect(machine.discarded(10) == .none)
  }

  @Test("Garbage behind a good request is answered after it")
  func rejectsGarbageLater() {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    #expect(machine.parserFailed(.malformed, hasMore: false, now: at(0)) == .none)
    #expect(!machine.closesAfterAnswer(hasMore: false))
    #expect(machine.answerWritten(hasMore: false, now: at(1)) == .reject(.malformed))
  }

  @Test("A connection that ends inside a body is an incomplete request")
  func refusesIncomplete() {
    var machine = collecting(5000)
    #expect(machine.inputClosed(hasMore: false, now: at(2)) == .refuse(.incomplete))
  }

  @Test("Who has sent everything and closes its side still gets every answer")
  func answersHalfClosed() {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    #expect(machine.inputClosed(hasMore: false, now: at(0)) == .none)
    #expect(!machine.closesAfterAnswer(hasMore: true))
    #expect(machine.answerWritten(hasMore: true, now: at(0)) == .nextRequest)
    _ = machine.headReceived(head(), now: at(0))
    #expect(machine.endReceived(now: at(0)) == .handOver)
    #expect(machine.caughtUp(now: at(0)) == .none)
    #expect(machine.closesAfterAnswer(hasMore: false))
    #expect(machine.answerWritten(hasMore: false, now: at(0)) == .linger)
  }

  @Test("Between two requests sent ahead, neither the end of the input nor garbage costs the second its answer")
  func looksAtTheRestFirst() {
    for isGarbage in [false, true] {
      var machine = machine()
      _ = machine.headReceived(head(), now: at(0))
      _ = machine.endReceived(now: at(0))
      #expect(machine.answerWritten(hasMore: true, now: at(0)) == .nextRequest)
      let action = isGarbage ? machine.parserFailed(.malformed, hasMore: true, now: at(0)) : machine.inputClosed(hasMore: true, now: at(0))
      #expect(action == .none)
      #expect(machine.headReceived(head(), now: at(0)) == .none)
      #expect(machine.endReceived(now: at(0)) == .handOver)
      #expect(machine.answerWritten(hasMore: false, now: at(0)) == (isGarbage ? .reject(.malformed) : .linger))
    }
  }

  @Test("A request that is complete but waits for memory holds up what follows it")
  func holdsUpWhatFollows() {
    var machine = machine()
    _ = machine.headReceived(head(5000), now: at(0))
    _ = machine.bodyReceived(3000, now: at(0))
    _ = machine.mustWait(now: at(0))
    #expect(!machine.isOccupied)
    _ = machine.bodyReceived(2000, now: at(0))
    _ = machine.endReceived(now: at(0))
    #expect(machine.isOccupied)
    #expect(machine.admitted(bytes: 5000, now: at(1)) == .handOver)
    #expect(machine.isOccupied)
  }

  @Test("A request sent ahead that breaks off is incomplete")
  func refusesBrokenAhead() {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    _ = machine.inputClosed(hasMore: false, now: at(0))
    _ = machine.answerWritten(hasMore: true, now: at(0))
    _ = machine.headReceived(head(5000), now: at(0))
    _ = machine.bodyReceived(10, now: at(0))
    #expect(machine.caughtUp(now: at(0)) == .refuse(.incomplete))
  }

  @Test("Too much sent ahead makes the answer under way the last")
  func endsAfterOverflow() {
    var machine = machine()
    _ = machine.headReceived(head(), now: at(0))
    _ = machine.endReceived(now: at(0))
    #expect(machine.overflowed() == .none)
    #expect(machine.closesAfterAnswer(hasMore: true))
  }

  @Test("Stopping closes idle connections, sends waiting ones away and gives bodies a last chance")
  func stops() {
    var idle = machine()
    #expect(idle.stopping(now: at(0)) == .close)

    var waiting = machine()
    _ = waiting.headReceived(head(100_000), now: at(0))
    _ = waiting.bodyReceived(2000, now: at(0))
    _ = waiting.mustWait(now: at(0))
    #expect(waiting.stopping(now: at(1)) == .refuse(.closing))

    var late = collecting(500_000)
    #expect(late.stopping(now: at(2)) == .none)
    #expect(late.ticked(now: at(6), isContended: false) == .none)
    #expect(late.ticked(now: at(7), isContended: false) == .refuse(.closing))

    var quick = collecting(500_000)
    _ = quick.stopping(now: at(2))
    #expect(quick.endReceived(now: at(3)) == .handOver)
    #expect(quick.closesAfterAnswer(hasMore: false))
  }

  @Test("Stopping does not wait for those who linger", arguments: [true, false])
  func stopsLingering(before: Bool) {
    var machine = machine()
    _ = machine.headReceived(head(keepsAlive: false), now: at(0))
    _ = machine.endReceived(now: at(0))
    if before { _ = machine.stopping(now: at(0)) }
    #expect(machine.answerWritten(hasMore: false, now: at(0)) == .linger)
    if !before { #expect(machine.stopping(now: at(0)) == .none) }
    #expect(machine.ticked(now: at(1), isContended: false) == .close)
  }

  @Test("After the channel is gone nothing happens any more")
  func staysClosed() {
    var machine = collecting(5000)
    machine.channelClosed()
    #expect(machine.ticked(now: at(1000), isContended: true) == .none)
    #expect(machine.bodyReceived(1, now: at(1)) == .none)
    #expect(machine.endReceived(now: at(1)) == .none)
    #expect(machine.admitted(bytes: 1, now: at(1)) == .none)
    #expect(!machine.mayRead)
  }
}
