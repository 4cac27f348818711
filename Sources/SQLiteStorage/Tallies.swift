import FaceEvents

/// The earliest and the latest of a few times.
struct TimeSpan: Equatable {
  private(set) var first: Timestamp
  private(set) var last: Timestamp

  init(_ time: Timestamp) {
    first = time
    last = time
  }

  mutating func include(_ time: Timestamp) {
    first = min(first, time)
    last = max(last, time)
  }
}

/// What one batch says about a box; one UPDATE carries it into the table.
struct BoxTally {
  var origin: Box.CodeOrigin
  var seen: TimeSpan?
  var eventCount: Int64 = 0
  var lastReceivedAt: Timestamp
  /// Of the request received last.
  var sourceAddress: String
  var lastStatus: (sequence: Int64, receivedAt: Timestamp)?

  init(origin: Box.CodeOrigin, receivedAt: Timestamp, source: RequestSource) {
    self.origin = origin
    lastReceivedAt = receivedAt
    sourceAddress = source.address
  }

  private mutating func received(_ box: Box, at time: Timestamp, from source: RequestSource) {
    if box.origin.rawValue < origin.rawValue { origin = box.origin }
    guard time >= lastReceivedAt else { return }
    lastReceivedAt = time
    sourceAddress = source.address
  }

  mutating func add(_ event: FaceEvent) {
    received(event.box, at: event.receivedAt, from: event.source)
    eventCount += 1
    seen.include(event.time)
  }

  mutating func add(_ report: StatusReport, sequence: Int64) {
    received(report.box, at: report.receivedAt, from: report.source)
    if let lastStatus, lastStatus.receivedAt > report.receivedAt { return }
    lastStatus = (sequence, report.receivedAt)
  }
}

/// What one batch says about an endpoint. The description is that of its newest event; what that one leaves out stays known.
struct EndpointTally {
  var description: Endpoint
  var seen: TimeSpan
  var eventCount: Int64 = 0

  init(_ event: FaceEvent) {
    description = event.endpoint
    seen = TimeSpan(event.time)
  }

  mutating func add(_ event: FaceEvent) {
    eventCount += 1
    let isNewest = event.time >= seen.last
    seen.include(event.time)
    description.uuid = newer(description.uuid, event.endpoint.uuid, isNewest)
    description.address = newer(description.address, event.endpoint.address, isNewest)
    description.name = newer(description.name, event.endpoint.name, isNewest)
    description.kind = newer(description.kind, event.endpoint.kind, isNewest)
  }
}

/// What one batch says about a person: as with endpoints, the newest event by its own time describes them.
struct PersonTally {
  struct ReferencePicture {
    var time: Timestamp
    var digest: ContentDigest
    var byteCount: Int
    var location: PictureLocation
  }

  var name: String?
  var personClass: PersonClass
  var group: String?
  var seen: TimeSpan
  var eventCount: Int64 = 0
  var picture: ReferencePicture?

  init(_ event: FaceEvent) {
    name = event.person.name
    personClass = event.person.personClass
    group = event.person.group
    seen = TimeSpan(event.time)
  }

  mutating func add(_ event: FaceEvent, locations: [PictureLocation]) {
    eventCount += 1
    let isNewest = event.time >= seen.last
    seen.include(event.time)
    name = newer(name, event.person.name, isNewest)
    group = newer(group, event.person.group, isNewest)
    if isNewest { personClass = event.person.personClass }
    guard let index = event.pictures.firstIndex(where: { $0.role == .reference }) else { return }
    if let picture, picture.time > event.time { return }
    let reference = event.pictures[index]
    picture = ReferencePicture(
      time: event.time, digest: reference.digest, byteCount: reference.byteCount, location: locations[index])
  }
}

private func newer(_ known: String?, _ said: String?, _ isNewest: Bool) -> String? {
  isNewest ? said ?? known : known ?? said
}

extension TimeSpan? {
  mutating func include(_ time: Timestamp) {
    if self == nil { self = TimeSpan(time) } else { self?.include(time) }
  }
}
