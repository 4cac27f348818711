import Dispatch

/// A thread of one stage's own, which may block it. On the shared pool each of its steps would wait behind whatever else is done there,
/// while all senders wait for it.
final class WriterExecutor: TaskExecutor {
  private let queue: DispatchQueue

  init(_ stage: String) {
    queue = DispatchQueue(label: "fogcatcher.\(stage)", qos: .userInitiated)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
