public import FaceEvents

/// Everything that the query API and the pages show, behind protocols: neither knows how it is kept or delivered.
public struct ConsoleSources: Sendable {
  public var catalog: any EventCatalog
  /// Commit order, for resuming the stream without a gap.
  public var log: any EventLog
  public var pictures: any PictureStore
  public var forwarding: any Forwarding
  public var quarantine: any QuarantineDesk
  /// The bytes that the sender sent, with the pictures put back. In the order of the event's pictures.
  public var restoreOriginal: @Sendable (FaceEvent, [SharedBytes]) -> [UInt8]
  /// Has a body understood and kept as if it had been posted to `path`, and gives the answer that its sender would have got.
  public var submit: @Sendable (_ body: [UInt8], _ path: String) async -> (httpStatus: Int, answer: String)
  /// An event of nobody, as a box would send it on this lane now.
  public var inventEvent: @Sendable (Lane) -> [UInt8]
  public var node: @Sendable () async -> NodeFacts
  public var now: @Sendable () -> Timestamp

  public init(
    catalog: any EventCatalog, log: any EventLog, pictures: any PictureStore, forwarding: any Forwarding, quarantine: any QuarantineDesk,
    restoreOriginal: @escaping @Sendable (FaceEvent, [SharedBytes]) -> [UInt8],
    submit: @escaping @Sendable (_ body: [UInt8], _ path: String) async -> (httpStatus: Int, answer: String),
    inventEvent: @escaping @Sendable (Lane) -> [UInt8] = { _ in Array(#"{"identity_id":"\#(Person.testID)"}"#.utf8) },
    node: @escaping @Sendable () async -> NodeFacts, now: @escaping @Sendable () -> Timestamp
  ) {
    self.catalog = catalog
    self.log = log
    self.pictures = pictures
    self.forwarding = forwarding
    self.quarantine = quarantine
    self.restoreOriginal = restoreOriginal
    self.submit = submit
    self.inventEvent = inventEvent
    self.node = node
    self.now = now
  }
}

/// The node as people want to know it.
public struct NodeFacts: Sendable {
  public struct ReceivePath: Sendable, Equatable {
    public var path: String
    /// history, realtime or status.
    public var kind: String

    public init(path: String, kind: String) {
      self.path = path
      self.kind = kind
    }
  }

  /// One effective setting, secrets masked.
  public struct Setting: Sendable, Equatable {
    public var name: String
    public var value: String
    /// Flag, variable, file or default, in words.
    public var origin: String
    public var help: String

    public init(name: String, value: String, origin: String, help: String) {
      self.name = name
      self.value = value
      self.origin = origin
      self.help = help
    }
  }

  public var version: String
  public var startedAt: Timestamp
  public var dataDirectory: String
  /// `http://address:port`, those that other machines can use first.
  public var baseURLs: [String]
  public var receivePaths: [ReceivePath]
  public var settings: [Setting]
  public var diskFreeBytes: Int64?
  public var pictureBytes: Int64
  /// Why the node cannot keep events now; nil when it can.
  public var storageProblem: String?

  public init(
    version: String, startedAt: Timestamp, dataDirectory: String, baseURLs: [String], receivePaths: [ReceivePath], settings: [Setting],
    diskFreeBytes: Int64?, pictureBytes: Int64, storageProblem: String?
  ) {
    self.version = version
    self.startedAt = startedAt
    self.dataDirectory = dataDirectory
    self.baseURLs = baseURLs
    self.receivePaths = receivePaths
    self.settings = settings
    self.diskFreeBytes = diskFreeBytes
    self.pictureBytes = pictureBytes
    self.storageProblem = storageProblem
  }
}
