import Dispatch

/// The tests of this target block: on sockets, processes and threads. They run here, one at a time, and leave the concurrency pool to the
/// other targets' tests.
@globalActor actor BlockingThread {
  static let shared = BlockingThread()
  private static let executor = QueueExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { Self.executor.asUnownedSerialExecutor() }
}

private final class QueueExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "end-to-end")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
