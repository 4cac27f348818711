/// Why something could not be kept or read. Texts are for the operator: operation, place and cause, never content.
public enum StorageError: Error, Sendable, Equatable, Codable {
  /// No space is left, or less than the reserve. Trying again helps once there is room.
  case diskFull(String)
  /// What is stored is not what was written.
  case damaged(String)
  /// A newer program has written this data.
  case schemaTooNew(String)
  /// Another process uses the data directory.
  case locked(String)
  /// The store is shut down.
  case closed
  /// Anything else, for example an I/O error.
  case failed(String)
}

extension StorageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .diskFull(let text): "disk full: \(text)"
    case .damaged(let text): "damaged: \(text)"
    case .schemaTooNew(let text), .locked(let text), .failed(let text): text
    case .closed: "the store is closed"
    }
  }
}
