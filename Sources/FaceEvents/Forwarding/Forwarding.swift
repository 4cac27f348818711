/// Forwarding as people steer it, through the command line, the console or the box configuration. Everything applies at once and is kept.
public protocol Forwarding: Sendable {
  /// In the order in which they were made.
  func targets() async throws(ForwardingError) -> [ForwardTarget]

  /// Throws what ``save(_:start:)`` would refuse in the target, and changes nothing.
  func check(_ target: ForwardTarget) async throws(ForwardingError)

  /// Adds a target or changes the one with its id. Events in flight to the old one are finished or sent again.
  /// - Parameter start: for a new target. ``TargetStart/end`` is what people expect.
  func save(_ target: ForwardTarget, start: TargetStart) async throws(ForwardingError)

  /// With its cursor and its parked events.
  func removeTarget(_ id: String) async throws(ForwardingError)

  /// - Parameter reason: shown to people.
  func pauseTarget(_ id: String, reason: String) async throws(ForwardingError)

  func resumeTarget(_ id: String) async throws(ForwardingError)

  /// Starts again with other events; those behind the start are sent once more.
  func restartTarget(_ id: String, at start: TargetStart) async throws(ForwardingError)

  /// Sends this body once to each URL, and says what came back. Works while the target is paused, and touches neither cursor nor counts.
  /// - Parameter event: JSON of an event as a box would send it, or nil for a status target, which gets the node's own state.
  func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer]

  /// By target, in the order of ``targets()``.
  func backlog() async throws(ForwardingError) -> [TargetBacklog]

  /// - Parameters:
  ///   - target: nil for all.
  ///   - sequence: exclusive; 0 for the first page.
  func parked(target: String?, after sequence: Int64, limit: Int) async throws(ForwardingError) -> [ParkedEvent]

  /// Has parked events sent again, besides what else there is to send.
  /// - Parameter sequences: nil for all of the target.
  /// - Returns: how many will be.
  func replayParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int

  /// - Parameter sequences: nil for all of the target.
  /// - Returns: how many there were.
  func dropParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int
}

public enum ForwardingError: Error, Sendable, Equatable, Codable, CustomStringConvertible {
  case noSuchTarget(String)
  case invalid(TargetProblem)
  case storage(StorageError)

  public var description: String {
    switch self {
    case .noSuchTarget(let id): "there is no target \(id); `fogcatcher target list` shows those there are"
    case .invalid(let problem): problem.description
    case .storage(let error): error.description
    }
  }
}

/// What one URL said to one request.
public struct TargetAnswer: Sendable, Equatable, Codable {
  /// Masked (``TargetURL/masked(_:)``).
  public var url: String
  /// Nil when nobody answered.
  public var httpStatus: Int?
  public var headers: [TargetHeader]
  /// At most 64 KiB, as it came.
  public var body: [UInt8]
  /// Why nobody answered, in words; nil when somebody did.
  public var failure: String?
  public var milliseconds: Int

  public init(url: String, httpStatus: Int?, headers: [TargetHeader], body: [UInt8], failure: String?, milliseconds: Int) {
    self.url = url
    self.httpStatus = httpStatus
    self.headers = headers
    self.body = body
    self.failure = failure
    self.milliseconds = milliseconds
  }

  /// Whether an event with this answer counts as delivered.
  public var isAccepted: Bool { httpStatus.map { (200..<300).contains($0) && $0 != 207 } ?? false }
}

/// How a target is doing.
public struct TargetBacklog: Sendable, Equatable, Codable {
  public enum Phase: String, Sendable, CaseIterable, Codable {
    /// Everything is delivered.
    case idle
    case delivering
    /// Waits after a failure that may pass.
    case backingOff = "backing-off"
    case paused
  }

  public var target: String
  public var phase: Phase
  /// Events that are still to be looked at (``WaitingEvents/count``).
  public var waitingEvents: Int64
  /// From the size of the bodies sent last; nil before the first.
  public var waitingBytesEstimate: Int64?
  public var oldestReceivedAt: Timestamp?
  public var inFlight: Int
  public var parkedEvents: Int
  /// Over the last ten seconds.
  public var eventsPerSecond: Double
  /// Since the start of the node.
  public var forwarded: Int64
  public var lastAnswer: LastAnswer?
  /// Until then nothing is sent, because of the last answer.
  public var nextTryAt: Timestamp?
  public var pause: TargetPause?

  public struct LastAnswer: Sendable, Equatable, Codable {
    public var at: Timestamp
    /// Such as "HTTP 200" or "connection refused".
    public var text: String

    public init(at: Timestamp, text: String) {
      self.at = at
      self.text = text
    }
  }

  public init(
    target: String, phase: Phase, waitingEvents: Int64, waitingBytesEstimate: Int64?, oldestReceivedAt: Timestamp?, inFlight: Int,
    parkedEvents: Int, eventsPerSecond: Double, forwarded: Int64, lastAnswer: LastAnswer?, nextTryAt: Timestamp?, pause: TargetPause?
  ) {
    self.target = target
    self.phase = phase
    self.waitingEvents = waitingEvents
    self.waitingBytesEstimate = waitingBytesEstimate
    self.oldestReceivedAt = oldestReceivedAt
    self.inFlight = inFlight
    self.parkedEvents = parkedEvents
    self.eventsPerSecond = eventsPerSecond
    self.forwarded = forwarded
    self.lastAnswer = lastAnswer
    self.nextTryAt = nextTryAt
    self.pause = pause
  }
}
