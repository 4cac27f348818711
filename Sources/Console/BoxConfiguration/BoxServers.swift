import FaceEvents

/// One of the three things that a box can be told: where a lane goes, and how.
protocol BoxServers: Encodable, Sendable {
  static var path: String { get }
  static var lane: TargetLane { get }
  /// What the request calls the URLs.
  static var urlField: String { get }

  /// - Throws: with the field that is missing or wrong.
  init(_ fields: ConfigurationFields) throws(BoxConfigurationError)
  /// As it is now; without targets the defaults of protocol.md 5.
  init(_ targets: [ForwardTarget])

  var urls: [String] { get set }
  /// Everything but the URLs.
  func configure(_ target: inout ForwardTarget)
}

extension BoxServers {
  static func format(_ fields: ConfigurationFields) throws(BoxConfigurationError) -> TargetFormat {
    guard let format = TargetFormat(rawValue: try fields.text("content-type").lowercased()) else {
      throw .parameter("content-type", "must be json or form-data")
    }
    return format
  }

  /// - Parameter switches: which of the pictures that boxes can switch are on; infrared has no switch.
  static func pictures(_ switches: [(PictureRole, Bool)]) -> Set<PictureRole> {
    Set(PictureRole.allCases).subtracting(switches.filter { !$0.1 }.map(\.0))
  }

  static func urls(of targets: [ForwardTarget]) -> [String] { targets.flatMap(\.urls).map(BoxURL.shown) }
}

/// URLs may hold passwords, which a GET must not tell everybody. A client that writes back what it read must not change them either.
enum BoxURL {
  static func shown(_ url: String) -> String {
    guard let parts = TargetURL(url), parts.password != nil || parts.path.contains("?") else { return url }
    return TargetURL.masked(url)
  }
}

/// History targets (protocol.md 5.2).
struct HistoryServers: BoxServers {
  static let path = "HistoryEventUrl"
  static let lane = TargetLane.history
  static let urlField = "history_upload_event_url"

  var urls: [String]
  var needsReference: Bool
  var format: TargetFormat
  var periodSeconds: Int
  var needsScene: Bool
  var needsFace: Bool

  private enum CodingKeys: String, CodingKey {
    case urls = "history_upload_event_url"
    case needsReference = "history_need_reg_pic"
    case format = "content-type"
    case periodSeconds = "reported_peroid"
    case needsScene = "history_need_spot_pic"
    case needsFace = "history_need_recognize_face"
  }

  init(_ fields: ConfigurationFields) throws(BoxConfigurationError) {
    urls = try fields.texts(Self.urlField)
    needsReference = try fields.boolean("history_need_reg_pic", or: true)
    format = try Self.format(fields)
    periodSeconds = try fields.integer("reported_peroid", in: 1...86_400, unit: "seconds")
    needsScene = try fields.boolean("history_need_spot_pic", or: true)
    needsFace = try fields.boolean("history_need_recognize_face", or: true)
  }

  init(_ targets: [ForwardTarget]) {
    urls = Self.urls(of: targets)
    let first = targets.first ?? ForwardTarget(id: "none", lane: .history, urls: [])
    needsReference = first.pictures.contains(.reference)
    format = first.format
    periodSeconds = first.periodSeconds
    needsScene = first.pictures.contains(.scene)
    needsFace = first.pictures.contains(.face)
  }

  func configure(_ target: inout ForwardTarget) {
    target.format = format
    target.periodSeconds = periodSeconds
    target.pictures = Self.pictures([(.reference, needsReference), (.scene, needsScene), (.face, needsFace)])
  }
}

/// Realtime targets (protocol.md 5.1), visited in the order of their list.
struct RealtimeServers: BoxServers {
  static let path = "EventServerUrl"
  static let lane = TargetLane.realtime
  static let urlField = "event_server_url"

  var urls: [String]
  var needsReference: Bool
  var format: TargetFormat
  var needsScene: Bool
  var needsFace: Bool
  var sendsStrangers: Bool

  private enum CodingKeys: String, CodingKey {
    case urls = "event_server_url"
    case needsReference = "real_need_reg_pic"
    case format = "content-type"
    case needsScene = "real_need_spot_pic"
    case needsFace = "real_need_recognize_face"
    case sendsStrangers = "real_need_send_all_person_type"
  }

  init(_ fields: ConfigurationFields) throws(BoxConfigurationError) {
    urls = try fields.texts(Self.urlField)
    needsReference = try fields.boolean("real_need_reg_pic", or: true)
    format = try Self.format(fields)
    needsScene = try fields.boolean("real_need_spot_pic", or: true)
    needsFace = try fields.boolean("real_need_recognize_face", or: true)
    sendsStrangers = try fields.boolean("real_need_send_all_person_type", or: true)
  }

  init(_ targets: [ForwardTarget]) {
    urls = Self.urls(of: targets)
    let first = targets.first ?? ForwardTarget(id: "none", lane: .realtime, urls: [])
    needsReference = first.pictures.contains(.reference)
    format = first.format
    needsScene = first.pictures.contains(.scene)
    needsFace = first.pictures.contains(.face)
    sendsStrangers = first.classes?.contains(.stranger) ?? true
  }

  func configure(_ target: inout ForwardTarget) {
    target.format = format
    target.pictures = Self.pictures([(.reference, needsReference), (.scene, needsScene), (.face, needsFace)])
    target.classes = sendsStrangers ? nil : Set(PersonClass.allCases).subtracting([.stranger])
  }
}

/// The status target (protocol.md 5.3): one URL, JSON alone.
struct StatusServer: BoxServers {
  static let path = "MonitorServerUrl"
  static let lane = TargetLane.status
  static let urlField = "monitor_server_url"

  var urls: [String]
  var periodSeconds: Int

  private enum CodingKeys: String, CodingKey {
    case url = "monitor_server_url"
    case periodSeconds = "reported_peroid"
  }

  init(_ fields: ConfigurationFields) throws(BoxConfigurationError) {
    urls = try fields.texts(Self.urlField)
    guard urls.count <= 1 else { throw .parameter(Self.urlField, "must be one URL") }
    guard try Self.format(fields) == .json else { throw .parameter("content-type", "must be json: status reports have no other form") }
    periodSeconds = try fields.integer("reported_peroid", in: 1...86_400, unit: "seconds")
  }

  init(_ targets: [ForwardTarget]) {
    urls = Self.urls(of: Array(targets.prefix(1)))
    periodSeconds = targets.first?.periodSeconds ?? TargetLane.status.periodSecondsDefault
  }

  func configure(_ target: inout ForwardTarget) { target.periodSeconds = periodSeconds }

  func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(urls.first ?? "", forKey: .url)
    try box.encode(periodSeconds, forKey: .periodSeconds)
  }
}
