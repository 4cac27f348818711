/// Rows: events and status reports in commit order, with what is searched.
///
/// One writer: ``append(_:)`` is called by one task at a time. Everything else runs beside it and never waits for it.
public protocol EventStore: Sendable {
  /// What the store has of these events already. Asked before their pictures are written, so that a resend costs no space; a hint, since
  /// ``append(_:)`` may be under way.
  func known(_ events: [FaceEvent]) async throws(StorageError) -> [KnownEvent]

  /// Commits everything, or nothing, to stable storage before it returns. One receipt per entry, in order.
  func append(_ entries: [StoreEntry]) async throws(StorageError) -> [StoreReceipt]

  /// At most `query.limit` events.
  func events(_ query: EventQuery) async throws(StorageError) -> [StoredEvent]

  /// How far each volume of pictures is referred to: the end of the last picture that a row names, in bytes.
  func pictureMarks() async throws(StorageError) -> [UInt32: UInt64]
}

/// What ``EventStore/known(_:)`` says of one event.
public struct KnownEvent: Sendable {
  /// The id that it has, or would have now: its own, or a following one when a different event holds its own.
  public var id: EventID
  /// True when the same content is there already, in the same lane.
  public var isDuplicate: Bool
  /// By picture, in order: where it is already, which only happens for reference pictures.
  public var locations: [PictureLocation?]

  public init(id: EventID, isDuplicate: Bool, locations: [PictureLocation?]) {
    self.id = id
    self.isDuplicate = isDuplicate
    self.locations = locations
  }
}

public enum StoreEntry: Sendable {
  /// `locations` has one element per picture of the event.
  case event(FaceEvent, locations: [PictureLocation])
  case status(StatusReport)
}

public struct StoreReceipt: Sendable, Equatable {
  /// Position in the commit order of events, or of status reports. Grows, never reused.
  public var sequence: Int64
  /// Nil for a status report.
  public var id: EventID?
  public var isDuplicate: Bool

  public init(sequence: Int64, id: EventID?, isDuplicate: Bool) {
    self.sequence = sequence
    self.id = id
    self.isDuplicate = isDuplicate
  }
}

/// Which events, in which order. Everything that is set must hold.
public struct EventQuery: Sendable {
  public enum Order: Sendable { case newestFirst, oldestFirst }

  /// A place in the order, exclusive.
  public struct Cursor: Sendable, Equatable {
    public var time: Timestamp
    public var sequence: Int64

    public init(time: Timestamp, sequence: Int64) {
      self.time = time
      self.sequence = sequence
    }
  }

  public var id: EventID?
  public var personID: String?
  /// Part of the name of a person that has a record (``PersonRecord``); letters of either case are the same. What was sent of somebody as a
  /// stranger is not meant.
  public var namePart: String?
  public var boxCode: String?
  public var endpointID: String?
  public var personClass: PersonClass?
  public var lane: Lane?
  public var form: EventForm?
  public var hasWarnings: Bool?
  /// 0 to 1, inclusive; a score in percent counts as its hundredth part. Events without a score have none in any range.
  public var scoreMin: Double?
  public var scoreMax: Double?
  /// Inclusive.
  public var since: Timestamp?
  /// Inclusive.
  public var until: Timestamp?
  public var order: Order = .newestFirst
  public var after: Cursor?
  public var limit = 100

  public init() {}
}

public struct StoredEvent: Sendable {
  public var sequence: Int64
  public var event: FaceEvent
  /// One per picture of the event.
  public var locations: [PictureLocation]

  public init(sequence: Int64, event: FaceEvent, locations: [PictureLocation]) {
    self.sequence = sequence
    self.event = event
    self.locations = locations
  }
}
