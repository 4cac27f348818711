public import FaceEvents
public import FoundationEssentials

/// One operation over the admin socket: `POST /admin/<path>` with JSON both ways. Server and client have its types from here.
public struct AdminCall<Input: Codable & Sendable, Output: Codable & Sendable>: Sendable {
  public let path: String

  init(_ path: String) { self.path = path }
}

/// Where the other side wants no values.
public struct AdminNothing: Codable, Sendable, Equatable {
  public init() {}
}

public enum AdminCalls {
  /// Bytes of a request: a quarantined body that a person has mended, in base64.
  public static let requestBytesMax = 128 << 20
  /// Bytes of an answer.
  public static let answerBytesMax = 256 << 20

  public static let program = AdminCall<AdminNothing, String>("program")
  public static let targets = AdminCall<AdminNothing, [ForwardTarget]>("targets/list")
  public static let checkTarget = AdminCall<ForwardTarget, AdminNothing>("targets/check")
  public static let saveTarget = AdminCall<SaveTarget, AdminNothing>("targets/save")
  public static let removeTarget = AdminCall<String, AdminNothing>("targets/remove")
  public static let pauseTarget = AdminCall<PauseTarget, AdminNothing>("targets/pause")
  public static let resumeTarget = AdminCall<String, AdminNothing>("targets/resume")
  public static let restartTarget = AdminCall<RestartTarget, AdminNothing>("targets/restart")
  public static let testTarget = AdminCall<TestTarget, [TargetAnswer]>("targets/test")
  public static let backlog = AdminCall<AdminNothing, [TargetBacklog]>("backlog")
  public static let parked = AdminCall<ParkedPage, [ParkedEvent]>("parked/list")
  public static let replayParked = AdminCall<ParkedChoice, Int>("parked/replay")
  public static let dropParked = AdminCall<ParkedChoice, Int>("parked/drop")
  public static let quarantineEntries = AdminCall<QuarantinePage, [QuarantineEntry]>("quarantine/list")
  public static let quarantineEntry = AdminCall<Int64, QuarantineEntry?>("quarantine/entry")
  public static let quarantinedBody = AdminCall<QuarantinedBytes, Data?>("quarantine/body")
  public static let resubmit = AdminCall<Resubmit, Resubmission?>("quarantine/resubmit")
  public static let dropQuarantined = AdminCall<[Int64]?, Int>("quarantine/drop")

  public struct SaveTarget: Codable, Sendable {
    public var target: ForwardTarget
    public var start: TargetStart

    public init(target: ForwardTarget, start: TargetStart) { (self.target, self.start) = (target, start) }
  }

  public struct PauseTarget: Codable, Sendable {
    public var id: String
    public var reason: String

    public init(id: String, reason: String) { (self.id, self.reason) = (id, reason) }
  }

  public struct RestartTarget: Codable, Sendable {
    public var id: String
    public var start: TargetStart

    public init(id: String, start: TargetStart) { (self.id, self.start) = (id, start) }
  }

  public struct TestTarget: Codable, Sendable {
    public var id: String
    public var event: Data?

    public init(id: String, event: Data?) { (self.id, self.event) = (id, event) }
  }

  public struct ParkedPage: Codable, Sendable {
    public var target: String?
    public var after: Int64
    public var limit: Int

    public init(target: String?, after: Int64, limit: Int) { (self.target, self.after, self.limit) = (target, after, limit) }
  }

  public struct ParkedChoice: Codable, Sendable {
    public var target: String
    public var sequences: [Int64]?

    public init(target: String, sequences: [Int64]?) { (self.target, self.sequences) = (target, sequences) }
  }

  public struct QuarantinePage: Codable, Sendable {
    public var after: QuarantinePosition?
    public var limit: Int

    public init(after: QuarantinePosition?, limit: Int) { (self.after, self.limit) = (after, limit) }
  }

  public struct QuarantinedBytes: Codable, Sendable {
    public var id: Int64
    public var bytesMax: Int

    public init(id: Int64, bytesMax: Int) { (self.id, self.bytesMax) = (id, bytesMax) }
  }

  public struct Resubmit: Codable, Sendable {
    public var id: Int64
    public var body: Data?
    public var contentType: String?

    public init(id: Int64, body: Data?, contentType: String?) { (self.id, self.body, self.contentType) = (id, body, contentType) }
  }
}
