import Testing

@testable import FogcatcherCommands

@Suite("The figures of a simulation")
struct SimulationFigureTests {
  @Test("Percentiles are at most 1/64 above the true value, and never above the longest")
  func percentiles() {
    var random = SeededNumbers(seed: 5)
    var histogram = LatencyHistogram()
    // From microseconds to hours.
    let values = (0..<5000).map { _ in Int64.random(in: 0...(1 << Int64.random(in: 1...34, using: &random)), using: &random) }.sorted()
    for value in values { histogram.record(.microseconds(value)) }
    for share in [0.001, 0.5, 0.9, 0.99, 1.0] {
      let truth = values[max(1, Int((share * 5000).rounded(.up))) - 1]
      let found = histogram.percentile(share)
      #expect(found >= .microseconds(truth), "\(share)")
      #expect(found <= .microseconds(truth + truth / 64 + 1), "\(share)")
    }
    #expect(histogram.longest == .microseconds(values[4999]) && histogram.percentile(1) == histogram.longest)
  }

  @Test("Without an answer there is no time, and the longest possible one has a place")
  func bounds() {
    var histogram = LatencyHistogram()
    #expect(histogram.percentile(0.5) == .zero)
    histogram.record(.seconds(Int64.max / 1_000_000))
    #expect(histogram.percentile(0.5) == histogram.longest)
  }

  @Test("The pace is kept by the number of the passage, so it does not drift")
  func pace() {
    #expect(Simulation.offset(of: 0, rate: 10) == .zero)
    #expect(Simulation.offset(of: 1000, rate: 10) == .seconds(100))
    #expect(Simulation.dueCount(rate: 10, in: .seconds(2)) == 20)
    #expect(Simulation.dueCount(rate: 0.1, in: .seconds(1)) == 1)
  }

  @Test("Failures are counted by reason, and the number of reasons is bounded")
  func failures() {
    let tally = SimulationTally()
    for number in 0..<100 { tally.note(.history, .unanswered("reason \(number)"), after: .milliseconds(1)) }
    tally.note(.history, .answered(ReceiverAnswer(httpStatus: 200, body: [])), after: .milliseconds(2))
    tally.note(.status, .answered(ReceiverAnswer(httpStatus: 503, body: [])), after: .milliseconds(2))
    let figures = tally.current
    #expect(figures.failed == 101 && figures.failures.count <= 21)
    #expect(figures.failures.values.reduce(0, +) == 101)
    #expect(figures.kinds[.history]?.answers.accepted == 1)
  }

  @Test("The report has the percentiles, what failed, and what the pace became")
  func report() {
    let tally = SimulationTally()
    for _ in 0..<10 { tally.noteStart(behind: .zero) }
    tally.noteStart(behind: .seconds(1))
    tally.noteNeverStarted(4)
    for _ in 0..<11 { tally.note(.history, .answered(ReceiverAnswer(httpStatus: 200, body: [])), after: .microseconds(1500)) }
    tally.note(.history, .answered(ReceiverAnswer(httpStatus: 503, body: [])), after: .milliseconds(40))
    let lines = SimulationReport(figures: tally.current, time: .seconds(2)).lines
    #expect(lines.count == 4)
    #expect(lines[1].split(separator: " ").map(String.init) == ["history", "12", "11", "0", "0", "1", "1.5", "1.5", "40.0", "40.0"])
    #expect(
      lines[2] == "11 passages in 2.0 s, 5.5 a second; 1 started late; 4 were due and never started: the target is slower than --rate")
    #expect(lines[3] == "failed 1 times: HTTP 503")
  }

  @Test("An end that was asked for ends waiting, and what is over is not waited for")
  func stop() async {
    let stop = StopRequest()
    #expect(await stop.sleep(until: .now - .seconds(1)))  // safe: it must not wait for what is over
    stop.request()
    #expect(await !stop.sleep(until: .now + .seconds(3600)))  // safe: it must not wait after the end was asked for
  }
}
