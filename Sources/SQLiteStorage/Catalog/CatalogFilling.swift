import FaceEvents
import GRDB

/// Fills the catalog's tables from events that were stored before there was a catalog, in one walk of `event_stratum`: memory does not grow
/// with what is stored.
struct CatalogFilling {
  static let fillStrata = """
    INSERT INTO stratum (
      endpoint, person_class, form, has_warnings, score_quarter, lane, event_count, first_time, last_time, last_sequence)
    SELECT endpoint, person_class, form, has_warnings, score_quarter, lane, count(*), min(time), max(time), max(sequence)
    FROM event INDEXED BY event_stratum GROUP BY endpoint, person_class, form, has_warnings, score_quarter, lane
    """

  static let walkHours = """
    SELECT endpoint, lane, person_class, time FROM event INDEXED BY event_stratum
    ORDER BY endpoint, person_class, form, has_warnings, score_quarter, lane, time
    """

  private let db: Database
  private let statements: CatalogStatements

  static func run(_ db: Database) throws {
    let filling = CatalogFilling(db: db, statements: try CatalogStatements(db))
    try db.execute(sql: fillStrata)
    try db.execute(sql: "INSERT INTO counter (name, value) SELECT 'person', count(*) FROM person")
    try filling.fillHours()
    try filling.fillTexts()
  }

  private func fillHours() throws {
    var current: HourTally?
    var count: Int64 = 0
    try SQLStatement(cached: Self.walkHours, db).rows({ _ in }) { columns in
      let (endpoint, lane, personClass) = (columns.integer(), columns.integer(), columns.integer())
      let hour = HourTally(hour: columns.time().hour, endpoint: endpoint, lane: lane, personClass: personClass)
      if hour != current {
        try write(current, count)
        (current, count) = (hour, 0)
      }
      count += 1
      return true
    }
    try write(current, count)
  }

  private func write(_ hour: HourTally?, _ count: Int64) throws {
    guard let hour else { return }
    try statements.raise(hour, by: count)
    try statements.raise(hour.total, by: count)
  }

  private func fillTexts() throws {
    try SQLStatement(cached: "SELECT person_id, name FROM person", db).rows({ _ in }) { columns in
      let id = columns.text()
      try statements.noteID(id)
      try statements.addParts(ofName: columns.optionalText())
      return true
    }
  }
}
