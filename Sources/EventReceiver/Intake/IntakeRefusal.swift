/// Why a request's body is not read, or not read to its end.
enum IntakeRefusal: Sendable, Equatable {
  /// More than the limit, in bytes.
  case tooLarge(limit: Int)
  /// No memory for it within the time that a request may wait.
  case overloaded
  /// Nothing of the body came for too long.
  case stalled
  /// The body came, but too slowly.
  case tooSlow
  /// The connection ended, or what came is not HTTP, before the body was complete.
  case incomplete
  /// The program is stopping.
  case closing
}

/// Why a connection is answered before it has sent a complete header.
enum HeaderRefusal: Sendable, Equatable {
  case malformed
  case tooLarge
  case timeout
}
