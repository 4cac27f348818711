import Testing

@testable import FogcatcherCommands

@Suite("What bounds a bench")
struct BottleneckTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var stored = 10e6
    var processors: Double? = 0.3
    var others = 0.1
    var thread = 0.3
    var commits = 0.3
    var expected: Bottleneck

    var testDescription: String { name }
  }

  @Test(
    "The first rule that holds decides",
    arguments: [
      Case(name: "nothing is full", expected: .load),
      Case(name: "at four fifths of the disk's rate", stored: 80e6, expected: .diskRate),
      Case(name: "just below", stored: 79.9e6, expected: .load),
      Case(name: "faster than the disk was alone", stored: 130e6, processors: 1, thread: 1, commits: 1, expected: .diskRate),
      Case(name: "processors full", processors: 0.9, thread: 1, commits: 1, expected: .processors),
      Case(name: "processors nearly full", processors: 0.89, expected: .load),
      Case(name: "processors full, a quarter with others", processors: 1, others: 0.25, expected: .processors),
      Case(name: "processors full, more with others", processors: 1, others: 0.26, expected: .otherPrograms),
      Case(name: "others have much, and some is left", processors: 0.8, others: 0.5, expected: .load),
      Case(name: "one thread full", thread: 0.9, commits: 1, expected: .oneThread),
      Case(name: "commits all the time and nobody works", thread: 0.89, commits: 0.8, expected: .diskWaits),
      Case(name: "commits most of the time", commits: 0.79, expected: .load),
      Case(name: "a system that says nothing of processors", processors: nil, thread: 0, commits: 0.9, expected: .diskWaits),
      Case(name: "without pictures the disk's rate says nothing", stored: 0, commits: 0.9, expected: .diskWaits),
    ])
  func rules(example: Case) {
    let facts = Bottleneck.Facts(
      storedBytesPerSecond: example.stored, diskBytesPerSecond: 100e6, processorShare: example.processors, othersShare: example.others,
      busiestThreadShare: example.thread, commitShare: example.commits)
    #expect(Bottleneck(facts) == example.expected)
  }

  @Test("What was used is told from two looks, and no share is above one")
  func use() {
    let usage = { (seconds: Double, threads: [String: Double]) in
      ProcessUsage(processorSeconds: seconds, threadSeconds: threads, residentBytesMax: 1_000)
    }
    let before = BenchUse.Reading(node: usage(1, ["1": 1]), load: usage(2, [:]), busySeconds: 100, commitSeconds: 5)
    let after = BenchUse.Reading(node: usage(7, ["1": 3, "2": 4]), load: usage(4, [:]), busySeconds: 116, commitSeconds: 20)
    let use = BenchUse(from: before, to: after, time: .seconds(10), processors: 2)
    #expect(use.nodeSeconds == 6 && use.loadSeconds == 2 && use.busiestThreadShare == 0.4)
    #expect(use.processorShare == 0.8 && use.commitShare == 1 && use.nodeResidentBytesMax == 1_000)
    let unknown = BenchUse(
      from: .init(commitSeconds: 0), to: .init(commitSeconds: 1), time: .seconds(10), processors: 2)
    #expect(unknown.processorShare == nil && unknown.busiestThreadShare == 0 && unknown.commitShare == 0.1)
  }

  @Test("The time in commits is found among a node's metrics")
  func metrics() {
    let text = "# TYPE fogcatcher_commit_seconds histogram\nfogcatcher_commit_seconds_sum 12.5\nfogcatcher_commit_seconds_count 3\n"
    #expect(BenchUse.commitSeconds(inMetrics: text) == 12.5)
    #expect(BenchUse.commitSeconds(inMetrics: "") == 0)
  }
}
