/// A box as everything that came from it describes it.
public struct BoxRecord: Sendable, Equatable {
  public var code: String
  public var origin: Box.CodeOrigin
  /// From where it sent last.
  public var sourceAddress: String?
  /// Of event times; nil before its first event.
  public var firstSeen: Timestamp?
  public var lastSeen: Timestamp?
  /// Arrival of the last event or status report.
  public var lastReceivedAt: Timestamp?
  public var lastStatusAt: Timestamp?
  public var eventCount: Int64
  /// Arrival minus event time of its newest events, the smallest of a few: what is left when sending late is taken away. Negative when the
  /// box's clock is ahead. Nil when it has no event with a time of its own.
  public var clockDifferenceMilliseconds: Int64?

  public init(
    code: String, origin: Box.CodeOrigin, sourceAddress: String?, firstSeen: Timestamp?, lastSeen: Timestamp?, lastReceivedAt: Timestamp?,
    lastStatusAt: Timestamp?, eventCount: Int64, clockDifferenceMilliseconds: Int64?
  ) {
    self.code = code
    self.origin = origin
    self.sourceAddress = sourceAddress
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.lastReceivedAt = lastReceivedAt
    self.lastStatusAt = lastStatusAt
    self.eventCount = eventCount
    self.clockDifferenceMilliseconds = clockDifferenceMilliseconds
  }
}

/// An endpoint by the box that it is behind.
public struct EndpointKey: Sendable, Hashable {
  public var box: String
  /// Nil stands for all events of the box that name no endpoint.
  public var id: String?

  public init(box: String, id: String?) {
    self.box = box
    self.id = id
  }
}

public struct EndpointRecord: Sendable, Equatable {
  public var key: EndpointKey
  /// As its newest event describes it; `endpoint.id` is that of the key.
  public var endpoint: Endpoint
  public var firstSeen: Timestamp?
  public var lastSeen: Timestamp?
  /// Arrival of its last event.
  public var lastReceivedAt: Timestamp?
  public var eventCount: Int64
  /// As of a box, of fewer events: where somebody passes once a day it may be how late that one was sent.
  public var clockDifferenceMilliseconds: Int64?

  public init(
    key: EndpointKey, endpoint: Endpoint, firstSeen: Timestamp?, lastSeen: Timestamp?, lastReceivedAt: Timestamp?, eventCount: Int64,
    clockDifferenceMilliseconds: Int64?
  ) {
    self.key = key
    self.endpoint = endpoint
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.lastReceivedAt = lastReceivedAt
    self.eventCount = eventCount
    self.clockDifferenceMilliseconds = clockDifferenceMilliseconds
  }
}
