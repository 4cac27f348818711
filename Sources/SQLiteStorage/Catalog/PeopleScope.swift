import FaceEvents
import GRDB

/// The people whom a query asks for.
struct PeopleScope {
  /// Of whom each has walks of their own. Most are not opened, because of where they were seen last.
  static let peopleMax = 400

  /// Strangers have no record that would count their events; one with an id is not seen often.
  private static let strangerEvents: Int64 = 10

  struct Found {
    var id: String
    /// Nil when there is no telling: of somebody without a record, or when what was sent of them as a stranger is wanted too.
    var seen: TimeSpan?

    /// A place that none of their wanted events comes before.
    func bound(_ order: EventQuery.Order) -> EventQuery.Cursor? {
      guard let seen else { return nil }
      switch order {
      case .newestFirst: return EventQuery.Cursor(time: seen.last, sequence: .max)
      case .oldestFirst: return EventQuery.Cursor(time: seen.first, sequence: .min)
      }
    }
  }

  /// Nil when there are too many, or those who have no id.
  private(set) var list: [Found]?
  /// Nil when it is not known.
  private(set) var eventCount: Int64?

  /// - Returns: nil when the query asks for nobody in particular.
  init?(_ query: EventQuery, _ db: Database) throws {
    if let person = query.personID {
      if let part = query.namePart {
        var check = try NameCheck(NameParts.folded(part), db)
        guard try check.fits(person) else {
          list = []
          return
        }
      }
      // They are not in the index: there are too many of them, which is also why a walk by time finds them soon.
      guard !person.isEmpty else { return }
      try look(up: [person], query, db)
    } else if let part = query.namePart {
      if let ids = try PersonTexts.people(part, [.name], max: Self.peopleMax, db) { try look(up: ids, query, db) }
    } else {
      return nil
    }
  }

  private mutating func look(up ids: [String], _ query: EventQuery, _ db: Database) throws {
    let find = try SQLStatement(cached: Self.findSQL, db)
    var (people, count): ([Found], Int64) = ([], 0)
    for id in ids {
      let known = try find.first({ $0.text(id) }, { (count: $0.integer(), first: $0.time(), last: $0.time()) })
      var seen = query.namePart == nil ? nil : known.map { TimeSpan($0.first) }
      if let known { seen?.include(known.last) }
      count += known?.count ?? Self.strangerEvents
      people.append(Found(id: id, seen: seen))
    }
    (list, eventCount) = (people, count)
  }

  static let findSQL = "SELECT event_count, first_seen, last_seen FROM person WHERE person_id = ?"
}
