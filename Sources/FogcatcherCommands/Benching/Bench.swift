import FaceEvents
import SQLiteStorage

/// The disk alone, then a node that receives and stores, then the same node asked for what it stored.
struct Bench: Sendable {
  struct Figures: Sendable {
    var disk: DiskMeasure.Figures
    var received: BenchLoad.Figures
    var use: BenchUse
    var read: BenchReading.Figures
    /// Of the request of one event, head included.
    var requestBytes: Int
    /// Rows in the database after the node has stopped.
    var storedEvents: Int64 = 0

    /// Every event that was sent was accepted, is there, and is what was sent.
    var isSound: Bool { received.failed == 0 && read.failed == 0 && storedEvents == received.kept.count && !received.kept.isEmpty }
  }

  let plan: BenchPlan
  let directory: BenchDirectory
  let stop: StopRequest

  /// - Throws: ``CommandFailure``, also when it was stopped. The node has ended in any case.
  func run() async throws -> Figures {
    try await BenchThreads.with(plan.connections + 1) { threads in
      let disk = try await showing("1 of 3: the disk alone") {
        let measure = DiskMeasure(
          path: directory.file("disk"), batchBytes: plan.batchBytes, duration: plan.diskDuration, bytesMax: plan.diskBytesMax)
        return try await threads.run { try measure.run(stop: stop) }
      }
      try checkStop()
      let node = try await threads.run { try BenchNode.start(in: directory) }
      var figures: Figures
      do {
        figures = try await measure(node, disk, threads)
      } catch {
        try await threads.run { node.stop() }
        throw CommandFailure([("\(error)"), node.complaints].filter { !$0.isEmpty }.joined(separator: "; the node says: "))
      }
      Terminal.showProgress("stopping the node")
      try await threads.run { node.stop() }
      figures.storedEvents = try await countStored()
      return figures
    }
  }

  private func measure(_ node: BenchNode, _ disk: DiskMeasure.Figures, _ threads: BenchThreads) async throws -> Figures {
    // An hour back, so that the last ones are not of the future.
    let events = BenchEvents(plan, start: Timestamp(milliseconds: WallClock.now.milliseconds - 3_600_000))
    let load = BenchLoad(
      events: events, port: node.port, connections: plan.connections, duration: plan.duration, eventsMax: plan.eventsMax)
    let before = try await look(at: node, threads)
    let received = try await showing("2 of 3: receive and store", load.progress) { try await load.run(on: threads, stop: stop) }
    let use = BenchUse(
      from: before, to: try await look(at: node, threads), time: received.time, processors: Processors.available)
    try checkStop()
    BenchReading.forget(filesIn: directory.picturesPath)
    let reading = BenchReading(
      events, received.kept, port: node.port, connections: plan.readConnections, duration: plan.readDuration)
    let read = try await showing("3 of 3: read back and compare", reading.progress) { try await reading.run(on: threads, stop: stop) }
    try checkStop()
    return Figures(disk: disk, received: received, use: use, read: read, requestBytes: events.request.bytes.count)
  }

  private func look(at node: BenchNode, _ threads: BenchThreads) async throws -> BenchUse.Reading {
    try await threads.run {
      let connection = try LoopbackConnection(port: node.port)
      _ = try connection.get("/metrics")
      return BenchUse.Reading(
        node: .of(node.pid), load: .own, busySeconds: Processors.busySeconds,
        commitSeconds: BenchUse.commitSeconds(inMetrics: connection.bodyText))
    }
  }

  /// Not asked of the node: what a later start would find.
  private func countStored() async throws -> Int64 {
    do {
      let store = try SQLiteStore.openReadOnly(directory: directory.dataPath)
      defer { try? store.close() }
      return try await store.counts().events
    } catch {
      throw CommandFailure(error)
    }
  }

  private func checkStop() throws {
    if stop.wasMade { throw CommandFailure("stopped before the end; what was written is removed") }
  }

  private static let progressPeriod = Duration.milliseconds(500)

  /// Shows how far it is while `work` goes on.
  private func showing<Result>(
    _ phase: String, _ progress: BenchLoad.Progress? = nil, _ work: () async throws -> Result
  ) async throws -> Result {
    let (begin, done) = (ContinuousClock.now, StopRequest())
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        while await done.sleep(until: .now + Self.progressPeriod) {
          let count = progress.map { ", \($0.count) events" } ?? ""
          Terminal.showProgress("\(phase): \((ContinuousClock.now - begin).components.seconds) s\(count)")
        }
      }
      defer { done.request() }
      return try await work()
    }
  }
}
