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
