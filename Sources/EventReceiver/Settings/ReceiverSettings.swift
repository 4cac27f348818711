public import EventCoding

/// How the receiver behaves and what it can be made to do. Every limit has a tested answer.
public struct ReceiverSettings: Sendable {
  /// What a request that cannot be understood is answered; it goes to the quarantine either way.
  public enum OnUnreadable: String, Sendable, CaseIterable {
    /// 4xx with the reason.
    case reject
    /// 200 with `"quarantined":true`, for boxes that would send the same bad record for ever.
    case accept
  }

  /// Bytes of one event request's body, also after decompression. More is 413.
  public var bodyBytesMax = 32 << 20
  /// Bytes of the body of any other request. More is 413.
  public var otherBodyBytesMax = 1 << 20
  /// Bytes of request line and header fields together. More is 431.
  public var headerBytesMax = 64 << 10
  /// Number of header fields. More is 431.
  public var headerCountMax = 256
  public var jsonDepthMax = 64
  public var formPartsMax = 256

  /// From the connection's start, or the first byte of a later request, to the end of its header.
  public var headerReadTimeout: Duration = .seconds(10)
  /// Without a byte of the body. Also the grace before ``bodyBytesPerSecondMin`` counts.
  public var bodyStallTimeout: Duration = .seconds(30)
  /// Average that a body must keep up after the grace; a sixth of the grace while others wait for its memory.
  public var bodyBytesPerSecondMin = 4096
  /// Between two requests of a connection.
  public var keepAliveIdleTimeout: Duration = .seconds(120)
  /// How long an answer may wait for a reader that takes nothing of it, before the connection is closed.
  public var answerStallTimeout: Duration = .seconds(60)
  /// How long what a refused sender still sends is read and thrown away, so that it gets to read the answer.
  public var lingerTimeout: Duration = .seconds(10)
  /// How long a body that is on its way when shutdown begins may still take.
  public var shutdownBodyTimeout: Duration = .seconds(5)

  /// Open connections per listen address; more wait in the listen queue.
  public var connectionsMax = 4096
  /// Bytes of bodies in memory over all requests, from reading to the commit.
  public var bodiesInFlightBytesMax = 64 << 20
  /// How long a request waits unread for its share of ``bodiesInFlightBytesMax``, before it is answered 503.
  public var admissionWaitMax: Duration = .seconds(10)
  /// Below it `/readyz` says so. The keeper has the same setting and refuses to store.
  public var diskReserveBytes: Int64 = 512 << 20
  /// What `Retry-After` says in 503 and 507.
  public var retryAfterSeconds = 5

  public var onUnreadable = OnUnreadable.reject
  /// Missing required fields and undecodable pictures are 422 and quarantine instead of a warning.
  public var isStrict = false
  /// Further paths that take events or status reports, such as `/getRecord`.
  public var aliases: [String: RouteKind] = [:]
  /// A line of log per request.
  public var accessLog = true

  public init() {}

  /// What is wrong with the values, one sentence each, for the operator. Empty when they can be used.
  public var problems: [String] {
    var found: [String] = []
    func check(_ isGood: Bool, _ sentence: String) { if !isGood { found.append(sentence) } }
    check(bodyBytesMax >= 1024, "bodyBytesMax is \(bodyBytesMax); it must be at least 1024")
    check(otherBodyBytesMax >= 1024, "otherBodyBytesMax is \(otherBodyBytesMax); it must be at least 1024")
    check(
      bodiesInFlightBytesMax >= bodyBytesMax,
      "bodiesInFlightBytesMax is \(bodiesInFlightBytesMax); it must hold at least one body of bodyBytesMax (\(bodyBytesMax))")
    check(headerBytesMax >= 1024, "headerBytesMax is \(headerBytesMax); it must be at least 1024")
    check(headerCountMax >= 8, "headerCountMax is \(headerCountMax); it must be at least 8")
    check((1...512).contains(jsonDepthMax), "jsonDepthMax is \(jsonDepthMax); it must be 1 to 512")
    check(formPartsMax >= 1, "formPartsMax is \(formPartsMax); it must be at least 1")
    check(connectionsMax >= 1, "connectionsMax is \(connectionsMax); it must be at least 1")
    check(bodyBytesPerSecondMin >= 1, "bodyBytesPerSecondMin is \(bodyBytesPerSecondMin); it must be at least 1")
    check(retryAfterSeconds >= 1, "retryAfterSeconds is \(retryAfterSeconds); it must be at least 1")
    check(diskReserveBytes >= 0, "diskReserveBytes is \(diskReserveBytes); it must not be negative")
    let durations = [
      ("headerReadTimeout", headerReadTimeout), ("bodyStallTimeout", bodyStallTimeout), ("keepAliveIdleTimeout", keepAliveIdleTimeout),
      ("answerStallTimeout", answerStallTimeout),
      ("lingerTimeout", lingerTimeout), ("shutdownBodyTimeout", shutdownBodyTimeout), ("admissionWaitMax", admissionWaitMax),
    ]
    for (name, duration) in durations { check(duration > .zero, "\(name) is \(duration); it must be longer than 0") }
    return found + RouteTable.problems(of: aliases)
  }
}
