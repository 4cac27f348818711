import FaceEvents
import GRDB

/// One transaction of ``SQLiteStore/append(_:)``: inserts row by row, and gathers what it says about boxes, endpoints, people and volumes
/// to write each of those once at the end.
struct EventBatch {
  private let statements: EventStatements
  private let catalog: CatalogStatements
  private let recordEnd: @Sendable (PictureLocation, Int) -> UInt64
  private var keys: KeyFinder
  private var lastEvent: Int64
  private var lastStatus: Int64
  private var boxes: [Int64: BoxTally] = [:]
  private var endpoints: [Int64: EndpointTally] = [:]
  private var people: [String: PersonTally] = [:]
  private var strata: [Stratum: StratumTally] = [:]
  private var hours: [HourTally: Int64] = [:]
  private var marks: [UInt32: UInt64] = [:]

  /// - Parameter db: inside the transaction.
  init(
    _ db: Database, keys: KeyFinder, recordEnd: @escaping @Sendable (PictureLocation, Int) -> UInt64
  ) throws {
    statements = try EventStatements(db)
    catalog = try CatalogStatements(db)
    self.keys = keys
    self.recordEnd = recordEnd
    lastEvent = try statements.counter("event")
    lastStatus = try statements.counter("status_report")
  }

  var learned: LearnedKeys { keys.learned }

  mutating func append(_ entry: StoreEntry) throws(SQLiteFailure) -> StoreReceipt {
    switch entry {
    case .event(let event, let locations): try append(event, locations)
    case .status(let report): try append(report)
    }
  }

  private mutating func append(_ event: FaceEvent, _ locations: [PictureLocation]) throws(SQLiteFailure) -> StoreReceipt {
    precondition(event.pictures.count == locations.count, "one location per picture")
    let place = try statements.place(of: event)
    if let sequence = place.duplicateOf { return StoreReceipt(sequence: sequence, id: place.id, isDuplicate: true) }

    let box = try keys.box(event.box)
    let endpoint = try keys.endpoint(EndpointName(box: box, id: event.endpoint.id))
    lastEvent += 1
    try statements.insert(event, sequence: lastEvent, id: place.id, box: box, endpoint: endpoint, locations: locations)
    try note(event, locations, box: box, endpoint: endpoint)
    return StoreReceipt(sequence: lastEvent, id: place.id, isDuplicate: false)
  }

  private mutating func append(_ report: StatusReport) throws(SQLiteFailure) -> StoreReceipt {
    let box = try keys.box(report.box)
    lastStatus += 1
    try statements.insert(report, sequence: lastStatus, box: box)
    boxes[box, default: BoxTally(origin: report.box.origin, receivedAt: report.receivedAt, source: report.source)]
      .add(report, sequence: lastStatus)
    return StoreReceipt(sequence: lastStatus, id: nil, isDuplicate: false)
  }

  private mutating func note(_ event: FaceEvent, _ locations: [PictureLocation], box: Int64, endpoint: Int64) throws(SQLiteFailure) {
    boxes[box, default: BoxTally(origin: event.box.origin, receivedAt: event.receivedAt, source: event.source)].add(event)
    endpoints[endpoint, default: EndpointTally(event)].add(event)
    let stratum = Stratum(event, endpoint: endpoint)
    strata[stratum, default: StratumTally(event)].add(event, sequence: lastEvent)
    let hour = HourTally(hour: event.time.hour, endpoint: endpoint, lane: stratum.lane, personClass: stratum.personClass)
    hours[hour, default: 0] += 1
    if let person = event.person.id, !person.isEmpty, event.person.personClass != .stranger {
      people[person, default: PersonTally(event)].add(event, locations: locations)
    }
    for (picture, location) in zip(event.pictures, locations) {
      let end = recordEnd(location, picture.byteCount)
      marks[location.volume] = max(marks[location.volume] ?? 0, end)
      guard picture.role == .reference else { continue }
      try keys.remember(picture.digest, StoredReference(location: location, byteCount: picture.byteCount))
    }
  }

  /// Writes what has been gathered. The transaction commits after this.
  func finish() throws(SQLiteFailure) {
    for (key, tally) in boxes { try statements.update(box: key, tally) }
    for (key, tally) in endpoints { try statements.update(endpoint: key, tally) }
    try finishPeople()
    try finishCounts()
    for (volume, mark) in marks { try statements.raise(mark, of: volume) }
    try statements.setCounter("event", lastEvent)
    try statements.setCounter("status_report", lastStatus)
  }

  private func finishPeople() throws(SQLiteFailure) {
    var newPeople: Int64 = 0
    for (id, tally) in people {
      if try catalog.noteNames(of: id, tally) { newPeople += 1 }
      try statements.update(person: id, tally)
    }
    try catalog.countNewPeople(newPeople)
  }

  private func finishCounts() throws(SQLiteFailure) {
    for (stratum, tally) in strata { try catalog.raise(stratum, tally) }
    var totals: [HourTally: Int64] = [:]
    for (hour, count) in hours {
      try catalog.raise(hour, by: count)
      totals[hour.total, default: 0] += count
    }
    for (hour, count) in totals { try catalog.raise(hour, by: count) }
  }
}
