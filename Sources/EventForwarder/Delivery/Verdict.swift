import FaceEvents

/// What an attempt to deliver one event means for it and for its target.
package enum Verdict: Sendable, Equatable {
  case accepted
  /// The same may be accepted later; the whole target waits.
  /// - after: how long at least, when the target said so.
  case retry(RetryReason, after: Duration? = nil)
  /// This event will never be accepted, others will.
  case refused(Refusal)
  /// Every event would get the same answer: somebody has to mend the target's settings.
  case pause(reason: String)
}

/// Why an event is parked.
package struct Refusal: Sendable, Equatable {
  var httpStatus: Int?
  var reason: String
  var excerpt = ""
}

/// A label of the metrics.
package enum RetryReason: String, Sendable, CaseIterable {
  case requestTimeout = "status_408"
  case tooEarly = "status_425"
  case tooManyRequests = "status_429"
  /// 502, 503, 504, 507: not now.
  case unavailable = "status_503"
  /// Any other: also what a server says that stumbles over the event.
  case serverError = "status_5xx"
  case timeout
  case network
  /// The node's own disk.
  case storage

  /// Whether the event itself may be the reason. The others are said of the moment.
  var mayBeTheEvent: Bool {
    switch self {
    case .serverError, .timeout, .network: true
    case .requestTimeout, .tooEarly, .tooManyRequests, .unavailable, .storage: false
    }
  }
}

extension Verdict {
  /// - Parameter retryAfter: the header of that name, read.
  ///
  /// | Status | Verdict |
  /// |---|---|
  /// | 2xx but 207 | accepted |
  /// | 207 | refused: the receiver says so of a part, and the event is the only part |
  /// | 408, 425, 429, 5xx | retry |
  /// | 3xx, 401, 403, 404, 405, 407, 410 | pause: it is said of the URL or of who asks, not of the event. A redirect is not followed, because the events would go where nobody told the node to send them |
  /// | other | refused |
  init(httpStatus status: Int, body: [UInt8], retryAfter: Duration?) {
    switch status {
    case 207: self = .refused(Refusal(httpStatus: status, reason: "HTTP 207", excerpt: Self.excerpt(body)))
    case 200..<300: self = .accepted
    case 408: self = .retry(.requestTimeout, after: retryAfter)
    case 425: self = .retry(.tooEarly, after: retryAfter)
    case 429: self = .retry(.tooManyRequests, after: retryAfter)
    case 502, 503, 504, 507: self = .retry(.unavailable, after: retryAfter)
    case 500...: self = .retry(.serverError, after: retryAfter)
    case 300..<400: self = .pause(reason: "HTTP \(status): the target redirects; set the URL that it redirects to, then resume")
    case 401, 403, 407:
      self = .pause(reason: "HTTP \(status): the target does not let the node in; set the headers or the certificate it wants, then resume")
    case 404, 405, 410:
      self = .pause(reason: "HTTP \(status): the target takes no events under this URL; check the path, then resume")
    default: self = .refused(Refusal(httpStatus: status, reason: "HTTP \(status)", excerpt: Self.excerpt(body)))
    }
  }

  /// The beginning of an answer as text, at most ``ParkedEvent/excerptBytesMax`` bytes of it.
  static func excerpt(_ body: [UInt8]) -> String {
    var text = String(decoding: body.prefix(ParkedEvent.excerptBytesMax), as: UTF8.self)
    // Repairing what is not UTF-8 makes it longer.
    while text.utf8.count > ParkedEvent.excerptBytesMax { text.removeLast() }
    return text
  }
}
