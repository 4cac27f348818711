import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("The report of a bench")
struct BenchReportTests {
  private func figures(events: Int = 30_000, stored: Int64 = 30_000, diskBytesPerSecond: Int64 = 130_000_000) throws -> Bench.Figures {
    var syncs = LatencyHistogram()
    syncs.record(.milliseconds(4))
    let id = try #require(EventID("018e0dae-2cc9-8cea-b2bd-0f93d0357625"))
    var received = BenchLoad.Figures()
    received.kept = (0..<events).map { BenchLoad.Kept(number: $0, id: id) }
    received.answers.record(.microseconds(12_300))
    received.time = .seconds(30)
    let usage = { (seconds: Double) in ProcessUsage(processorSeconds: seconds, threadSeconds: [:], residentBytesMax: 48 << 20) }
    let use = BenchUse(
      from: .init(node: usage(0), load: usage(0), busySeconds: 0, commitSeconds: 0),
      to: .init(node: usage(24), load: usage(6), busySeconds: 33, commitSeconds: 29), time: .seconds(30), processors: 2)
    return Bench.Figures(
      disk: DiskMeasure.Figures(bytes: diskBytesPerSecond * 5, time: .seconds(5), syncs: syncs, batchBytes: 3_840_000), received: received,
      use: use, read: BenchReading.Figures(events: 9_000, bytes: 2_520_000_000, time: .seconds(15)), requestBytes: 160_500,
      storedEvents: stored)
  }

  @Test("It says how fast, what bounds it, and what that means for a site")
  func sound() throws {
    let figures = try figures()
    #expect(figures.isSound)
    let text = BenchReport(plan: BenchPlan(), figures: figures).lines.joined(separator: "\n")
    #expect(!text.contains("Other programs"))
    for part in [
      "130 MB/s, batches of 3.7 MiB", "1000 events/s, 120 MB/s of pictures; 30000 events in 30.0 s, 0 failed",
      "node 0.80 s, load 0.20 s for 1000 events", "55 % of 2 processors busy: node 40 %, load 10 %, others 5 %", "node 48.0 MiB at most",
      "600 events/s, 168 MB/s; a random 9000 events with original and pictures, every byte as sent",
      "30000 events are stored of 30000 that were acknowledged",
      "Bound by the disk: pictures are stored at 92 % of the rate that it has alone.", "it keeps up with 50 boxes",
      "1 Gbit/s carries 740 of them a second: there it is the network that bounds.",
    ] { #expect(text.contains(part), "\(part) in \(text)") }
  }

  @Test("Lost events and refused ones stand out, and nothing received is nothing sound")
  func unsound() throws {
    var lost = try figures(stored: 29_998)
    lost.received.failures = ["HTTP 507": 3]
    let text = BenchReport(plan: BenchPlan(), figures: lost).lines.joined(separator: "\n")
    #expect(!lost.isSound && text.contains("2 ARE LOST") && text.contains("failed 3 times: HTTP 507"), "\(text)")
    let nothing = try figures(events: 0, stored: 0)
    #expect(!nothing.isSound)
    #expect(BenchReport(plan: BenchPlan(), figures: nothing).lines.contains { $0.contains("0.0 events/s") })
  }

  @Test("Other programs that took much are mentioned")
  func disturbed() throws {
    var figures = try figures()
    figures.use.busySeconds = 42
    #expect(BenchReport(plan: BenchPlan(), figures: figures).lines.contains { $0.hasPrefix("Other programs had 20 % of the processors") })
  }

  @Test("Numbers have a digit below where it says something", arguments: [(0.04, "0.0"), (9.96, "10.0"), (99.94, "99.9"), (100.4, "100")])
  func rates(value: Double, text: String) { #expect(BenchReport.rate(value) == text) }
}
