import FaceEvents
import NIOCore

/// An event as the stream sends it, with what filters look at.
struct FeedEvent: Sendable {
  let sequence: Int64
  let lane: Lane
  let personClass: PersonClass
  let personID: String?
  let personName: String?
  let box: String
  let endpoint: String?
  let form: EventForm
  let hasWarnings: Bool
  /// 0 to 1.
  let score: Double?
  /// One message: id, data, empty line.
  let message: ByteBuffer

  /// - Parameter id: under which it is stored.
  init(_ event: FaceEvent, id: EventID, sequence: Int64) {
    self.sequence = sequence
    lane = event.lane
    personClass = event.person.personClass
    (personID, personName) = (event.person.id, event.person.name)
    (box, endpoint) = (event.box.code, event.endpoint.id)
    form = event.form
    hasWarnings = !event.warnings.isEmpty
    score = event.score.map { $0.scale == .unit ? $0.value : $0.value / 100 }
    var line = JSONLine()
    line.object { EventJSON.writeMembers(of: event, id: id, sequence: sequence, to: &$0) }
    var message = ByteBufferAllocator().buffer(capacity: line.bytes.count + 48)
    message.writeString("id: \(sequence)\ndata: ")
    message.writeBytes(line.bytes)
    message.writeStaticString("\n\n")
    self.message = message
  }

  /// What it weighs in memory: its text and the rest of it.
  var byteCount: Int { message.readableBytes + 512 }
}

/// Which events a listener wants.
struct FeedFilter: Sendable {
  enum Lanes: String, Sendable, CaseIterable {
    case realtime, history, all

    func include(_ lane: Lane) -> Bool {
      switch self {
      case .all: true
      case .realtime: lane == .realtime
      case .history: lane == .history
      }
    }
  }

  var lanes = Lanes.realtime
  /// What else must hold; without lane, time and paging.
  private let query: EventQuery
  private let nameLowercased: String?
  /// Whether only the lane counts, so that the bytes are those of many others.
  let isByLaneAlone: Bool

  init(lanes: Lanes = .realtime, _ query: EventQuery = EventQuery()) {
    self.lanes = lanes
    self.query = query
    nameLowercased = query.namePart?.lowercased()
    isByLaneAlone =
      query.personID == nil && query.namePart == nil && query.boxCode == nil && query.endpointID == nil && query.personClass == nil
      && query.form == nil && query.hasWarnings == nil && query.scoreMin == nil && query.scoreMax == nil
  }

  func matches(_ event: FeedEvent) -> Bool {
    guard lanes.include(event.lane) else { return false }
    if isByLaneAlone { return true }
    func holds<Value: Equatable>(_ wanted: Value?, _ value: Value?) -> Bool { wanted == nil || wanted == value }
    guard holds(query.personID, event.personID), holds(query.boxCode, event.box), holds(query.endpointID, event.endpoint),
      holds(query.personClass, event.personClass), holds(query.form, event.form), holds(query.hasWarnings, event.hasWarnings)
    else { return false }
    if let nameLowercased {
      // As lists have it: they look for people, and neither a stranger nor somebody without an id is one.
      guard event.personClass != .stranger, event.personID != nil, event.personName?.lowercased().contains(nameLowercased) ?? false
      else { return false }
    }
    guard query.scoreMin != nil || query.scoreMax != nil else { return true }
    guard let score = event.score else { return false }
    return score >= query.scoreMin ?? 0 && score <= query.scoreMax ?? 1
  }
}
