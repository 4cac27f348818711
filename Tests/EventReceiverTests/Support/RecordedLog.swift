import EventReceiver
import Logging
import Synchronization

/// Keeps what is logged, so that tests can look for what must be there and what must not.
final class RecordedLog: Sendable {
  struct Line: Sendable {
    var level: Logger.Level
    var message: String
    var metadata: [String: String]
  }

  private let recorded = Mutex<[Line]>([])
  private let answered = Mutex<[AccessRecord]>([])

  /// The access log.
  var requests: [AccessRecord] { answered.withLock { $0 } }

  func add(_ request: AccessRecord) { answered.withLock { $0.append(request) } }

  var lines: [Line] { recorded.withLock { $0 } }

  var logger: Logger {
    Logger(label: "test") { _ in Handler(log: self) }
  }

  func add(_ line: Line) { recorded.withLock { $0.append(line) } }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
      log.add(Line(level: event.level, message: "\(event.message)", metadata: metadata))
    }
  }
}
