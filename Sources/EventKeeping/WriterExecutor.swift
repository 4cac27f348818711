import Dispatch

/// A thread of the writer's own. On the shared pool each of its steps would wait behind the requests that are being decoded there, while
/// all of them wait for it.
final class WriterExecutor: TaskExecutor {
  private let queue = DispatchQueue(label: "fogcatcher.writer", qos: .userInitiated)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
