/// Where events, or the node's own state, are sent on to, and how (design: 7; protocol.md 5.1 to 5.3, 7.4).
///
/// One history target has one URL, because it has one cursor: a dead URL never delays another. A list of URLs, as the box configuration has
/// it, is several targets of one ``group``. A realtime target has its URLs in one list, because they are visited in that order.
public struct ForwardTarget: Sendable, Equatable, Identifiable {
  /// Stable, 1 to 64 of `a-z`, `0-9`, `-`, `_`, `.`; the label in metrics and logs, so it holds no secret.
  public var id: String
  /// For people; the id when they gave none.
  public var name: String
  /// What made the target together with others, for example the box configuration's list of history URLs; nil for one made alone.
  public var group: String?
  public var lane: TargetLane
  /// `http` or `https`. One for history and status, 1 to 16 for realtime.
  public var urls: [String]
  public var format = TargetFormat.json
  /// Pictures of other roles are switched off.
  public var pictures = Set(PictureRole.allCases)
  public var offPicture = OffPicture.empty
  /// History: the longest pause between two looks for events, which are otherwise looked for when they come. Status: between two reports.
  public var periodSeconds: Int
  /// Events that are read ahead in one go, 1 to 100.
  public var batch = 100
  /// Requests in flight, 1 to 64.
  public var concurrency = 24
  /// For one whole exchange.
  public var timeoutMilliseconds: Int
  /// Sent with every request; the values are secrets.
  public var headers: [TargetHeader] = []
  /// Nil for all.
  public var classes: Set<PersonClass>?
  /// 0 to 1; a score in percent counts as its hundredth part. Events without a score are sent.
  public var scoreMin: Double?
  public var tls = TargetTLS()
  /// Nil while it is delivered to.
  public var pause: TargetPause?

  /// With the defaults of the lane: history every 5 s and 30 s for an answer, realtime 0.5 s for an answer, status every 20 s.
  public init(id: String, name: String? = nil, lane: TargetLane, urls: [String]) {
    self.id = id
    self.name = name ?? id
    self.lane = lane
    self.urls = urls
    periodSeconds = lane.periodSecondsDefault
    timeoutMilliseconds = lane.timeoutMillisecondsDefault
  }
}

/// What a target gets.
public enum TargetLane: String, Sendable, CaseIterable, Codable {
  /// Every history event, in commit order, until it is accepted.
  case history
  /// Every realtime event, at once and once.
  case realtime
  /// The node's own state (protocol.md 4.2).
  case status

  public var periodSecondsDefault: Int { self == .status ? 20 : 5 }
  public var timeoutMillisecondsDefault: Int {
    switch self {
    case .history: 30_000
    case .realtime: 500
    case .status: 10_000
    }
  }
}

/// The values are those of the box configuration's `content-type`.
public enum TargetFormat: String, Sendable, CaseIterable, Codable {
  case json
  case formData = "form-data"
}

/// What stands in the place of a picture that is switched off.
public enum OffPicture: String, Sendable, CaseIterable, Codable {
  /// `""`, as boxes do.
  case empty
  /// The member is left out.
  case omit
}

public struct TargetHeader: Sendable, Equatable, Codable {
  public var name: String
  public var value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// Whom an `https` target must be. Without anything set: whoever the system's certificate authorities vouch for.
public struct TargetTLS: Sendable, Equatable, Codable {
  /// PEM file with the authorities to trust instead of the system's.
  public var caFile: String?
  /// PEM files with the node's own certificate chain and its key; both or neither.
  public var certificateFile: String?
  public var keyFile: String?
  /// Believe anybody. Whoever is in between can read and change everything.
  public var isInsecure = false

  public init(caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, isInsecure: Bool = false) {
    self.caFile = caFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.isInsecure = isInsecure
  }
}

/// Why and since when a target gets nothing.
public struct TargetPause: Sendable, Equatable, Codable {
  /// A sentence for people, with what to do when the node paused it by itself.
  public var reason: String
  public var atMilliseconds: Int64
  /// The node did it, because the target refuses everything.
  public var isAutomatic: Bool

  public init(reason: String, at time: Timestamp, isAutomatic: Bool) {
    self.reason = reason
    atMilliseconds = time.milliseconds
    self.isAutomatic = isAutomatic
  }
}

extension ForwardTarget {
  /// Whether an event of this lane, class and score goes to the target.
  public func wants(_ event: FaceEvent) -> Bool {
    switch (lane, event.lane) {
    case (.history, .history), (.realtime, .realtime): break
    default: return false
    }
    if let classes, !classes.contains(event.person.personClass) { return false }
    guard let scoreMin, let score = event.score else { return true }
    return (score.scale == .unit ? score.value : score.value / 100) >= scoreMin
  }
}
