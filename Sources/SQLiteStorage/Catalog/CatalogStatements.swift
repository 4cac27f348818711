import FaceEvents
import GRDB

/// The statements of the write path that keep the catalog's tables, fetched once a batch.
struct CatalogStatements {
  private let raiseStratum: SQLStatement
  private let raiseHour: SQLStatement
  private let findPerson: SQLStatement
  private let addText: SQLStatement
  private let removeText: SQLStatement
  private let countPeople: SQLStatement

  init(_ db: Database) throws {
    raiseStratum = try SQLStatement(cached: CatalogSQL.raiseStratum, db)
    raiseHour = try SQLStatement(cached: CatalogSQL.raiseHour, db)
    findPerson = try SQLStatement(cached: CatalogSQL.findPersonName, db)
    addText = try SQLStatement(cached: CatalogSQL.addPersonText, db)
    removeText = try SQLStatement(cached: "DELETE FROM person_text WHERE kind = ? AND text = ? AND person_id = ?", db)
    countPeople = try SQLStatement(cached: "UPDATE counter SET value = value + ? WHERE name = 'person'", db)
  }

  func raise(_ stratum: Stratum, _ tally: StratumTally) throws(SQLiteFailure) {
    try raiseStratum.run { row in
      stratum.bind(&row)
      row.integer(tally.eventCount)
      row.time(tally.seen.first)
      row.time(tally.seen.last)
      row.integer(tally.lastSequence)
    }
  }

  func raise(_ hour: HourTally, by count: Int64) throws(SQLiteFailure) {
    try raiseHour.run { row in
      row.integer(hour.hour)
      row.integer(hour.endpoint)
      row.integer(hour.lane)
      row.integer(hour.personClass)
      row.integer(count)
    }
  }

  /// To be called before the person's row is written: what the row will say decides what is found by it.
  /// - Returns: whether the person is new.
  func noteNames(of id: String, _ tally: PersonTally) throws(SQLiteFailure) -> Bool {
    let known = try findPerson.first({ $0.text(id) }, { columns in (name: columns.optionalText(), lastSeen: columns.time()) })
    guard let known else {
      try add([NameParts.entry(ofID: id)], .id, id)
      try add(NameParts.entries(ofName: tally.name), .name, id)
      return true
    }
    // As in EventSQL.upsertPerson.
    let name = known.lastSeen <= tally.seen.last ? tally.name ?? known.name : known.name ?? tally.name
    guard name != known.name else { return false }
    let (old, new) = (NameParts.entries(ofName: known.name), NameParts.entries(ofName: name))
    for text in old.subtracting(new) {
      try removeText.run { row in
        row.integer(NameParts.Kind.name.rawValue)
        row.text(text)
        row.text(id)
      }
    }
    try add(new.subtracting(old), .name, id)
    return false
  }

  func add(_ texts: Set<String>, _ kind: NameParts.Kind, _ id: String) throws(SQLiteFailure) {
    for text in texts {
      try addText.run { row in
        row.integer(kind.rawValue)
        row.text(text)
        row.text(id)
      }
    }
  }

  func countNewPeople(_ count: Int64) throws(SQLiteFailure) {
    if count > 0 { try countPeople.run { $0.integer(count) } }
  }
}

enum CatalogSQL {
  static let raiseStratum = """
    INSERT INTO stratum (
      endpoint, person_class, form, has_warnings, score_quarter, lane, event_count, first_time, last_time, last_sequence
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (endpoint, person_class, form, has_warnings, score_quarter, lane) DO UPDATE SET
      event_count = event_count + excluded.event_count,
      first_time = min(first_time, excluded.first_time),
      last_time = max(last_time, excluded.last_time),
      last_sequence = excluded.last_sequence
    """

  static let raiseHour = """
    INSERT INTO hour_tally (hour, endpoint, lane, person_class, event_count) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (hour, endpoint, lane, person_class) DO UPDATE SET event_count = event_count + excluded.event_count
    """

  static let findPersonName = "SELECT name, last_seen FROM person WHERE person_id = ?"

  static let addPersonText = "INSERT INTO person_text (kind, text, person_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
}
