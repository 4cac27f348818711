import FaceEvents
import GRDB

/// Finds people, seen last first.
struct PeopleSearch {
  /// People found by a text who are put in order in memory.
  static let candidatesMax = 1_000
  /// People looked at for one page, who may all be in vain.
  static let peopleMax = 2_000

  private let query: PeopleQuery
  private let text: String?
  private let byID: SQLStatement

  init(_ query: PeopleQuery, _ db: Database) throws {
    self.query = query
    text = query.text.flatMap { $0.isEmpty ? nil : NameParts.folded($0) }
    byID = try SQLStatement(cached: PersonSQL.byID, db)
  }

  private static func isBefore(_ a: PersonRecord, _ b: PersonRecord) -> Bool { (a.lastSeen, a.id) > (b.lastSeen, b.id) }

  private static func cursor(_ person: PersonRecord) -> PeopleQuery.Cursor { .init(lastSeen: person.lastSeen, id: person.id) }

  /// A page of these people.
  func page(of ids: [String], _ db: Database) throws -> PeoplePage {
    var people: [PersonRecord] = []
    for id in ids {
      guard let person = try byID.first({ $0.text(id) }, { $0.personRecord() }).flatMap(\.self) else { continue }
      if let personClass = query.personClass, personClass != person.personClass { continue }
      if let after = query.after, (person.lastSeen, person.id) >= (after.lastSeen, after.id) { continue }
      people.append(person)
    }
    people.sort(by: Self.isBefore)
    let page = Array(people.prefix(query.limit))
    return PeoplePage(people: page, next: people.count > page.count ? page.last.map(Self.cursor) : nil)
  }

  /// A page of everybody, of the classes that are asked for, who has the text.
  func walk(_ db: Database) throws -> PeoplePage {
    let chunk = text == nil ? query.limit + 1 : max(query.limit + 1, Self.peopleMax / PersonClass.allCases.count)
    var walked: [PersonRecord] = []
    // A class whose people were not read to the end says nothing of those who were seen before its last.
    var horizon: PersonRecord?
    for personClass in query.personClass.map({ [$0] }) ?? PersonClass.allCases {
      let people = try people(of: personClass, limit: chunk, db)
      walked += people
      guard people.count >= chunk, let last = people.last else { continue }
      horizon = horizon.map { Self.isBefore(last, $0) ? last : $0 } ?? last
    }
    walked.sort(by: Self.isBefore)
    var page = PeoplePage(people: [], next: nil)
    for person in walked {
      if let horizon, Self.isBefore(horizon, person) { break }
      if page.people.count == query.limit {
        page.next = page.people.last.map(Self.cursor)
        return page
      }
      if fits(person) { page.people.append(person) }
    }
    page.next = horizon.map(Self.cursor)
    return page
  }

  private func fits(_ person: PersonRecord) -> Bool {
    guard let text else { return true }
    return NameParts.isPart(text, ofName: person.name) || NameParts.isBeginning(text, ofID: person.id)
  }

  private func people(of personClass: PersonClass, limit: Int, _ db: Database) throws -> [PersonRecord] {
    var people: [PersonRecord] = []
    func read(_ sql: String, _ bind: (inout SQLParameters) -> Void) throws {
      guard people.count < limit else { return }
      try SQLStatement(cached: sql, db).rows({ parameters in
        parameters.integer(Int64(personClass.rawValue))
        bind(&parameters)
        parameters.integer(Int64(limit - people.count))
      }) { columns in
        if let person = columns.personRecord() { people.append(person) }
        return true
      }
    }
    guard let after = query.after else {
      try read(PersonSQL.newest) { _ in }
      return people
    }
    try read(PersonSQL.newestOfMoment) { parameters in
      parameters.time(after.lastSeen)
      parameters.text(after.id)
    }
    try read(PersonSQL.newestBefore) { $0.time(after.lastSeen) }
    return people
  }
}
