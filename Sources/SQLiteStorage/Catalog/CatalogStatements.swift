import FaceEvents
import GRDB

/// The statements of the write path that keep the catalog's tables, fetched once a batch.
struct CatalogStatements {
  private let raiseStratum: SQLStatement
  private let raiseHour: SQLStatement
  private let findPerson: SQLStatement
  private let findNamesake: SQLStatement
  private let addPart: SQLStatement
  private let removePart: SQLStatement
  private let addBeginning: SQLStatement
  private let countPeople: SQLStatement

  init(_ db: Database) throws {
    raiseStratum = try SQLStatement(cached: CatalogSQL.raiseStratum, db)
    raiseHour = try SQLStatement(cached: CatalogSQL.raiseHour, db)
    findPerson = try SQLStatement(cached: CatalogSQL.findPersonName, db)
    findNamesake = try SQLStatement(cached: CatalogSQL.findNamesake, db)
    addPart = try SQLStatement(cached: CatalogSQL.addNamePart, db)
    removePart = try SQLStatement(cached: CatalogSQL.removeNamePart, db)
    addBeginning = try SQLStatement(cached: CatalogSQL.addIDBeginning, db)
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
      try noteID(id)
      try noteParts(ofName: tally.name, of: id, with: addPart)
      return true
    }
    // As in EventSQL.upsertPerson.
    let name = known.lastSeen <= tally.seen.last ? tally.name ?? known.name : known.name ?? tally.name
    guard name != known.name else { return false }
    try noteParts(ofName: known.name, of: id, with: removePart)
    try noteParts(ofName: name, of: id, with: addPart)
    return false
  }

  func noteID(_ id: String) throws(SQLiteFailure) {
    try addBeginning.run { row in
      row.text(NameParts.entry(ofID: id))
      row.text(id)
    }
  }

  func addParts(ofName name: String?) throws(SQLiteFailure) { try run(addPart, ofName: name) }

  /// Does nothing while somebody else has the name: its parts are there, and stay.
  private func noteParts(ofName name: String?, of id: String, with statement: SQLStatement) throws(SQLiteFailure) {
    guard let name, !name.isEmpty else { return }
    let namesake = try findNamesake.first(
      { row in
        row.text(name)
        row.text(id)
      }, { $0.integer() })
    if namesake == nil { try run(statement, ofName: name) }
  }

  private func run(_ statement: SQLStatement, ofName name: String?) throws(SQLiteFailure) {
    guard let name else { return }
    for part in NameParts.entries(ofName: name) {
      try statement.run { row in
        row.text(part)
        row.text(name)
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

  static let findNamesake = "SELECT 1 FROM person WHERE name = ? AND person_id <> ? LIMIT 1"

  static let addNamePart = "INSERT INTO name_part (text, name) VALUES (?, ?) ON CONFLICT DO NOTHING"

  static let removeNamePart = "DELETE FROM name_part WHERE text = ? AND name = ?"

  static let addIDBeginning = "INSERT INTO id_beginning (text, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
}
