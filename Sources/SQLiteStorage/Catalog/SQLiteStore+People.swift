public import FaceEvents
import GRDB

extension SQLiteStore {
  public func people(_ query: PeopleQuery) async throws(StorageError) -> PeoplePage {
    guard query.limit > 0 else { return PeoplePage(people: [], next: nil) }
    return try await read("read people") { db in
      guard let text = query.text, !text.isEmpty else { return try PeopleSearch(query, db).walk(db) }
      let ids = try PersonTexts.people(text, [.name, .id], max: PeopleSearch.candidatesMax, db)
      return try ids.map { try PeopleSearch(query, db).page(of: $0, db) } ?? PeopleSearch(query, db).walk(db)
    }
  }

  public func person(_ id: String) async throws(StorageError) -> PersonRecord? {
    try await read("read a person") { db in
      try SQLStatement(cached: PersonSQL.byID, db).first({ $0.text(id) }, { $0.personRecord() }).flatMap(\.self)
    }
  }

  /// Looks at the newest ``PersonSQL/visitEventsMax`` events of the person and the time; what is older is left out.
  public func visits(_ query: VisitQuery) async throws(StorageError) -> [DayVisit] {
    guard !query.personID.isEmpty else { return [] }
    return try await read("read the visits of a person") { db in
      var passages: [VisitTally.Passage] = []
      let statement = try SQLStatement(cached: PersonSQL.passages, db)
      for lane in Lane.allCases {
        try statement.rows({ parameters in
          parameters.text(query.personID)
          parameters.integer(Int64(lane.rawValue))
          parameters.time(query.since)
          parameters.time(query.until)
          parameters.integer(Int64(PersonSQL.visitEventsMax))
        }) { columns in
          passages.append(VisitTally.Passage(time: columns.time(), endpoint: columns.integer()))
          return true
        }
      }
      passages.sort { $0.time > $1.time }
      var tally = VisitTally(utcOffsetSeconds: query.utcOffsetSeconds)
      for passage in passages.prefix(PersonSQL.visitEventsMax) { tally.add(passage) }
      return try tally.visits(EndpointNames(db))
    }
  }
}

/// Sums up passages by day and endpoint.
struct VisitTally {
  struct Passage {
    var time: Timestamp
    var endpoint: Int64
  }

  private struct Key: Hashable {
    var day: Int64
    var endpoint: Int64
  }

  private static let millisecondsPerDay: Int64 = 86_400_000

  private let offset: Int64
  private var counts: [Key: (seen: TimeSpan, count: Int)] = [:]

  init(utcOffsetSeconds: Int) { offset = Int64(utcOffsetSeconds) * 1_000 }

  mutating func add(_ passage: Passage) {
    let (local, overflow) = passage.time.milliseconds.addingReportingOverflow(offset)
    let day = Timestamp.floored(overflow ? passage.time.milliseconds : local, by: Self.millisecondsPerDay)
    let key = Key(day: day, endpoint: passage.endpoint)
    var entry = counts[key] ?? (TimeSpan(passage.time), 0)
    entry.seen.include(passage.time)
    entry.count += 1
    counts[key] = entry
  }

  /// Oldest day first, and within it in the order of the first passages.
  func visits(_ names: EndpointNames) throws -> [DayVisit] {
    var visits: [DayVisit] = []
    for (key, entry) in counts {
      let name = try names.key(of: key.endpoint)
      let (start, overflow) = key.day.multipliedReportingOverflow(by: Self.millisecondsPerDay)
      let (day, overflowToo) = start.subtractingReportingOverflow(offset)
      visits.append(
        DayVisit(
          day: overflow || overflowToo ? entry.seen.first : Timestamp(milliseconds: day), box: name.box, endpoint: name.id,
          first: entry.seen.first, last: entry.seen.last, eventCount: entry.count))
    }
    return visits.sorted { ($0.day, $0.first, $0.box, $0.endpoint ?? "") < ($1.day, $1.first, $1.box, $1.endpoint ?? "") }
  }
}

/// What people call an endpoint, by the key of its row.
struct EndpointNames {
  static let findSQL = "SELECT box.code, endpoint.id FROM endpoint CROSS JOIN box ON box.key = endpoint.box WHERE endpoint.key = ?"

  private let find: SQLStatement

  init(_ db: Database) throws { find = try SQLStatement(cached: Self.findSQL, db) }

  func key(of endpoint: Int64) throws -> EndpointKey {
    let key = try find.first({ $0.integer(endpoint) }, { EndpointKey(box: $0.text(), id: $0.optionalText()) })
    guard let key else { throw StorageError.damaged("the row of endpoint number \(endpoint) is missing") }
    return key
  }
}

enum PersonSQL {
  static let visitEventsMax = 20_000

  private static let columns = """
    person_id, name, person_class, group_name, first_seen, last_seen, event_count, picture_digest, picture_byte_count, picture_volume, \
    picture_offset
    """

  static let byID = "SELECT \(columns) FROM person WHERE person_id = ?"

  static let newest = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """

  /// After a place: the rest of its millisecond, and then what was seen earlier.
  static let newestOfMoment = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? AND last_seen = ? AND person_id < ? \
    ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """
  static let newestBefore = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? AND last_seen < ? \
    ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """

  static let passages = """
    SELECT time, endpoint FROM event INDEXED BY event_person \
    WHERE person_id = ? AND person_id <> '' AND lane = ? AND time >= ? AND time <= ? ORDER BY time DESC LIMIT ?
    """
}

extension SQLColumns {
  /// Nil for a class that is none: such a row was never written.
  mutating func personRecord() -> PersonRecord? {
    let id = text()
    let name = optionalText()
    guard let personClass = value(PersonClass.init(rawValue:)) else { return nil }
    let group = optionalText()
    let (firstSeen, lastSeen, eventCount) = (time(), time(), integer())
    let digest = digest()
    let (byteCount, volume, offset) = (Int(integer()), UInt32(truncatingIfNeeded: integer()), UInt64(bitPattern: integer()))
    let picture = digest.map {
      CatalogPicture(digest: $0, byteCount: byteCount, location: PictureLocation(volume: volume, offset: offset))
    }
    return PersonRecord(
      id: id, name: name, personClass: personClass, group: group, firstSeen: firstSeen, lastSeen: lastSeen, eventCount: eventCount,
      picture: picture)
  }
}
