import FaceEvents
import GRDB

/// The statements of the write path, kept compiled by the connection, fetched once a batch.
struct EventStatements {
  private let findEvent: SQLStatement
  private let insertEvent: SQLStatement
  private let insertStatus: SQLStatement
  private let readCounter: SQLStatement
  private let writeCounter: SQLStatement
  private let updateBox: SQLStatement
  private let updateEndpoint: SQLStatement
  private let upsertPerson: SQLStatement
  private let upsertMark: SQLStatement

  static let findEventSQL = "SELECT sequence, content_digest FROM event WHERE id = ? AND lane = ?"

  init(_ db: Database) throws {
    findEvent = try SQLStatement(cached: Self.findEventSQL, db)
    insertEvent = try SQLStatement(cached: EventSQL.insertEvent, db)
    insertStatus = try SQLStatement(cached: EventSQL.insertStatus, db)
    readCounter = try SQLStatement(cached: "SELECT value FROM counter WHERE name = ?", db)
    writeCounter = try SQLStatement(cached: "UPDATE counter SET value = ?2 WHERE name = ?1 AND value <> ?2", db)
    updateBox = try SQLStatement(cached: EventSQL.updateBox, db)
    updateEndpoint = try SQLStatement(cached: EventSQL.updateEndpoint, db)
    upsertPerson = try SQLStatement(cached: EventSQL.upsertPerson, db)
    upsertMark = try SQLStatement(cached: EventSQL.upsertMark, db)
  }

  func counter(_ name: String) throws(SQLiteFailure) -> Int64 { try readCounter.only { $0.text(name) } }

  func setCounter(_ name: String, _ value: Int64) throws(SQLiteFailure) {
    try writeCounter.run {
      $0.text(name)
      $0.integer(value)
    }
  }

  func raise(_ mark: UInt64, of volume: UInt32) throws(SQLiteFailure) {
    try upsertMark.run {
      $0.integer(Int64(volume))
      $0.integer(Int64(bitPattern: mark))
    }
  }
}

extension EventStatements {
  /// Under which id an event is stored.
  struct Place {
    var id: EventID
    /// The row that has the same content in the same lane already.
    var duplicateOf: Int64?
  }

  /// Tries the event's own id, then those that follow it, until one is free or holds this very event.
  func place(of event: FaceEvent) throws(SQLiteFailure) -> Place {
    if let place = try place(of: event, as: event.id) { return place }
    for id in event.id.following(event.contentDigest) {
      if let place = try place(of: event, as: id) { return place }
    }
    throw SQLiteFailure(extendedCode: 0, message: "event id \(event.id) and all that follow it are taken by other events")
  }

  private func place(of event: FaceEvent, as id: EventID) throws(SQLiteFailure) -> Place? {
    let held = try findEvent.first(
      {
        $0.id(id)
        $0.integer(Int64(event.lane.rawValue))
      },
      { columns in (sequence: columns.integer(), digest: columns.digest()) })
    guard let held else { return Place(id: id, duplicateOf: nil) }
    return held.digest == event.contentDigest ? Place(id: id, duplicateOf: held.sequence) : nil
  }
}

extension EventStatements {
  func insert(
    _ event: FaceEvent, sequence: Int64, id: EventID, box: Int64, endpoint: Int64, locations: [PictureLocation]
  ) throws(SQLiteFailure) {
    let pictures = PictureListCodec.encode(event.pictures, locations)
    try event.originalText.withUnsafeBytes { original throws(SQLiteFailure) in
      let checksum = (pictures ?? []).withUnsafeBytes { RowChecksum.of(event.contentDigest, pictures: $0, original: original) }
      try insertEvent.run { row in
        row.integer(sequence)
        row.id(id)
        row.integer(Int64(event.lane.rawValue))
        row.digest(event.contentDigest)
        row.text(event.form.rawValue)
        row.integer(Int64(event.encoding.rawValue))
        row.time(event.time)
        row.integer(event.hasOwnTime)
        row.time(event.receivedAt)
        row.time(event.enteredAt)
        row.time(event.leftAt)
        row.person(event.person)
        row.score(event.score)
        row.integer(box)
        row.integer(Int64(event.box.origin.rawValue))
        row.integer(endpoint)
        row.endpointDetails(event.endpoint)
        row.text(event.action)
        row.source(event.source)
        row.text(WarningLines.encode(event.warnings))
        row.integer(checksum)
        row.blob(pictures)
        row.borrowedBlob(original)
      }
    }
  }

  func insert(_ report: StatusReport, sequence: Int64, box: Int64) throws(SQLiteFailure) {
    try report.originalText.withUnsafeBytes { original throws(SQLiteFailure) in
      try insertStatus.run { row in
        row.integer(sequence)
        row.integer(box)
        row.integer(Int64(report.box.origin.rawValue))
        row.text(report.form.rawValue)
        row.integer(Int64(report.encoding.rawValue))
        row.time(report.receivedAt)
        row.source(report.source)
        row.text(WarningLines.encode(report.warnings))
        row.borrowedBlob(original)
      }
    }
  }

  func update(box key: Int64, _ tally: BoxTally) throws(SQLiteFailure) {
    try updateBox.run { row in
      row.integer(key)
      row.integer(Int64(tally.origin.rawValue))
      row.text(tally.sourceAddress)
      row.time(tally.seen?.first)
      row.time(tally.seen?.last)
      row.time(tally.lastReceivedAt)
      row.integer(tally.eventCount)
      row.time(tally.lastStatus?.receivedAt)
      row.integer(tally.lastStatus?.sequence)
    }
  }

  func update(endpoint key: Int64, _ tally: EndpointTally) throws(SQLiteFailure) {
    try updateEndpoint.run { row in
      row.integer(key)
      row.endpointDetails(tally.description)
      row.time(tally.seen.first)
      row.time(tally.seen.last)
      row.integer(tally.eventCount)
    }
  }

  func update(person id: String, _ tally: PersonTally) throws(SQLiteFailure) {
    try upsertPerson.run { row in
      row.text(id)
      row.text(tally.name)
      row.integer(Int64(tally.personClass.rawValue))
      row.text(tally.group)
      row.time(tally.seen.first)
      row.time(tally.seen.last)
      row.integer(tally.eventCount)
      row.time(tally.picture?.time)
      row.digest(tally.picture?.digest)
      row.integer(tally.picture.map { Int64($0.byteCount) })
      row.integer(tally.picture.map { Int64($0.location.volume) })
      row.integer(tally.picture.map { Int64(bitPattern: $0.location.offset) })
    }
  }
}

extension SQLParameters {
  fileprivate mutating func person(_ person: Person) {
    text(person.id)
    text(person.name)
    integer(Int64(person.personClass.rawValue))
    text(person.group)
  }

  /// SQLite has no NaN: it would become NULL, so it counts as no score.
  fileprivate mutating func score(_ score: Score?) {
    guard let score, !score.value.isNaN else {
      null()
      return null()
    }
    real(score.value)
    integer(Int64(score.scale.rawValue))
  }

  fileprivate mutating func endpointDetails(_ endpoint: Endpoint) {
    text(endpoint.uuid)
    text(endpoint.address)
    text(endpoint.name)
    text(endpoint.kind)
  }

  mutating func source(_ source: RequestSource) {
    text(source.address)
    text(source.path)
    text(source.query)
  }

  fileprivate mutating func digest(_ digest: ContentDigest?) {
    guard let digest else { return null() }
    self.digest(digest)
  }
}
