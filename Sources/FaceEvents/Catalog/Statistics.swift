/// Which counts, and how they are summed up.
public struct StatisticsQuery: Sendable {
  public enum Step: String, Sendable, CaseIterable { case hour, day }

  /// What is told apart besides the time.
  public enum Dimension: String, Sendable, CaseIterable { case personClass = "class", box, endpoint, lane }

  public static let rowsMax = 100_000

  public var step = Step.hour
  public var dimensions: Set<Dimension> = [.personClass]
  /// Inclusive; counters are of whole hours (UTC), so both ends are widened to them.
  public var since: Timestamp
  /// Inclusive.
  public var until: Timestamp
  /// Of the viewer's clock, east positive: where a day begins. Rounded down to whole hours.
  public var utcOffsetSeconds = 0
  public var boxCode: String?
  public var endpointID: String?
  public var personClass: PersonClass?
  public var lane: Lane?

  public init(since: Timestamp, until: Timestamp) {
    self.since = since
    self.until = until
  }
}

/// How many events began in one hour or day. Dimensions that were not asked for are nil.
public struct StatisticsRow: Sendable, Hashable {
  /// When the hour, or the viewer's day, begins.
  public var start: Timestamp
  public var personClass: PersonClass?
  public var box: String?
  /// Also nil for events without an endpoint.
  public var endpoint: String?
  public var lane: Lane?
  public var eventCount: Int64

  public init(start: Timestamp, personClass: PersonClass?, box: String?, endpoint: String?, lane: Lane?, eventCount: Int64) {
    self.start = start
    self.personClass = personClass
    self.box = box
    self.endpoint = endpoint
    self.lane = lane
    self.eventCount = eventCount
  }
}
