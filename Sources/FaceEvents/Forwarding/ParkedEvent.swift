/// An event that a target refused for good, or that cannot be sent at all. It waits for a person; the events after it went on.
public struct ParkedEvent: Sendable, Equatable, Codable {
  public static let excerptBytesMax = 1_024

  public var target: String
  /// The event's place in the commit order; with the target it names the parked event.
  public var sequence: Int64
  public var eventID: EventID?
  /// Nil when the node could not send it, for example because a picture of it is damaged here.
  public var httpStatus: Int?
  /// A sentence for people.
  public var reason: String
  /// The beginning of the target's answer, at most ``excerptBytesMax`` bytes of valid UTF-8.
  public var excerpt: String
  /// Requests that were made for it in vain.
  public var attempts: Int
  public var parkedAt: Timestamp
  /// Asked for again, and not yet accepted.
  public var isReplaying: Bool

  public init(
    target: String, sequence: Int64, eventID: EventID?, httpStatus: Int?, reason: String, excerpt: String, attempts: Int,
    parkedAt: Timestamp, isReplaying: Bool = false
  ) {
    self.target = target
    self.sequence = sequence
    self.eventID = eventID
    self.httpStatus = httpStatus
    self.reason = reason
    self.excerpt = excerpt
    self.attempts = attempts
    self.parkedAt = parkedAt
    self.isReplaying = isReplaying
  }
}

/// The answer of a target may repeat what was sent.
extension ParkedEvent: CustomStringConvertible, CustomReflectable {
  public var description: String { "parked event \(sequence) of \(target)" }
  public var customMirror: Mirror { Mirror(self, children: ["target": target, "sequence": sequence]) }
}
