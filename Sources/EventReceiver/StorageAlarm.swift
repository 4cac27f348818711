import FaceEvents
import Logging
import Synchronization

/// Says once that storing fails and once that it works again: the requests in between have their own lines.
final class StorageAlarm: Sendable {
  private let logger: Logger
  private let failing = Mutex<StorageError?>(nil)

  init(logger: Logger) {
    self.logger = logger
  }

  func failed(_ error: StorageError) {
    let isNews = failing.withLock { failing in
      defer { failing = error }
      return failing == nil
    }
    if isNews { logger.error("events cannot be stored", metadata: ["cause": .string(error.description)]) }
  }

  func succeeded() {
    let wasFailing = failing.withLock { $0.take() } != nil
    if wasFailing { logger.notice("events can be stored again") }
  }
}
