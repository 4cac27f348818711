/// What a phase cost: the difference between two looks at the processes and the machine.
struct BenchUse: Sendable {
  /// A look.
  struct Reading: Sendable {
    var node: ProcessUsage?
    var load: ProcessUsage?
    var busySeconds: Double?
    /// From the node's own metrics.
    var commitSeconds: Double
  }

  /// Nil where the system says nothing of processes.
  var nodeSeconds: Double?
  var loadSeconds: Double?
  var busiestThreadSeconds: Double
  /// Of all processors, whoever had them.
  var busySeconds: Double?
  var commitSeconds: Double
  var nodeResidentBytesMax: Int64?
  var time: Duration
  /// Processors that may be used.
  var processors: Double

  init(from before: Reading, to after: Reading, time: Duration, processors: Double) {
    let difference = { (a: Double?, b: Double?) -> Double? in a.flatMap { a in b.map { $0 - a } } }
    nodeSeconds = difference(before.node?.processorSeconds, after.node?.processorSeconds)
    loadSeconds = difference(before.load?.processorSeconds, after.load?.processorSeconds)
    busySeconds = difference(before.busySeconds, after.busySeconds)
    busiestThreadSeconds = before.node.flatMap { a in after.node.map { ProcessUsage.busiestThreadSeconds(a, $0) } } ?? 0
    commitSeconds = after.commitSeconds - before.commitSeconds
    nodeResidentBytesMax = after.node?.residentBytesMax
    self.time = time
    self.processors = processors
  }

  private var seconds: Double { max(1e-9, time / .seconds(1)) }

  /// Of all processors that may be used, from 0 to 1.
  func share(of processorSeconds: Double) -> Double { min(1, max(0, processorSeconds / (seconds * processors))) }

  /// Where only part of the machine may be used, the machine is not busy when that part is: the greater of both counts.
  var processorShare: Double? {
    guard let nodeSeconds, let loadSeconds else { return nil }
    return share(of: max(nodeSeconds + loadSeconds, busySeconds ?? 0))
  }

  /// What neither node nor load had. 0 where the system does not say.
  var othersShare: Double {
    guard let nodeSeconds, let loadSeconds, let busySeconds else { return 0 }
    return share(of: busySeconds - nodeSeconds - loadSeconds)
  }

  var busiestThreadShare: Double { min(1, busiestThreadSeconds / seconds) }

  /// Two commits can be under way at once, pictures of one and rows of another.
  var commitShare: Double { min(1, commitSeconds / seconds) }

  /// - Returns: 0 when the node does not say.
  static func commitSeconds(inMetrics text: String) -> Double {
    let name = "fogcatcher_commit_seconds_sum "
    return text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Double($0.dropFirst(name.count)) } ?? 0
  }
}
