import FaceEvents
import GRDB

/// Which index a query walks, from where, and what is left to check on the rows.
///
/// The tables of strata and people say how many events there are of what the query asks for, so the cheapest way is known beforehand:
///
/// | Way | Walks | Rows it looks at |
/// |---|---|---|
/// | strata | one for each that agrees, opened when the merge comes to its last event | the page |
/// | people | one for each and lane | the page, and those in between that lack what else is asked for |
/// | time | one for each lane | the same |
struct EventPlan {
  let index: EventIndex
  let filter: EventFilter
  private let starts: [Start]

  private struct Start {
    var key: EventIndex.Key
    var bound: EventQuery.Cursor?
  }

  /// A way to find the events, with an estimate of what it costs: rows, and walks to begin.
  private struct Way {
    var index: EventIndex
    var starts: [Start]
    var cost: Double
  }

  /// - Returns: nil when nothing can match.
  init?(_ query: EventQuery, _ db: Database) throws {
    let lanes = query.lane.map { [$0] } ?? Lane.allCases
    let people = try PeopleScope(query, db)
    if people?.list?.isEmpty == true { return nil }
    if let id = query.id {
      (index, starts) = (.id, lanes.map { Start(key: .id(id, $0)) })
    } else {
      let strata = try StrataScope(query, db)
      if strata?.eventCount == 0 { return nil }
      let best = try Self.ways(query, lanes, people, strata, db).min { $0.cost < $1.cost }
      (index, starts) = best.map { ($0.index, $0.starts) } ?? (.time, [])
    }
    filter = Self.filter(query, walking: index)
  }

  private static func filter(_ query: EventQuery, walking index: EventIndex) -> EventFilter {
    let namesAreKnown = index == .person || query.personID != nil
    return EventFilter(query, walking: index, checksNames: query.namePart != nil && !namesAreKnown)
  }

  private static func ways(
    _ query: EventQuery, _ lanes: [Lane], _ people: PeopleScope?, _ strata: StrataScope?, _ db: Database
  ) throws -> [Way] {
    let total = Double(max(1, try SQLStatement(cached: EventLogSQL.latest, db).only { _ in }))
    let strataShare = strata.map { min(1, Double($0.eventCount) / total) } ?? 1
    let peopleShare = people.map { min(1, ($0.eventCount.map(Double.init) ?? total / 2) / total) } ?? 1

    /// - Parameters:
    ///   - rows: that the walks have.
    ///   - share: of them that fits.
    func way(_ index: EventIndex, _ starts: [Start], rows: Double, share: Double) -> Way {
      let looked = min(rows, Double(query.limit) / max(share, 1e-9))
      let cost = looked * ReadingCost(filter(query, walking: index), index).microseconds + begun(starts, query) * ReadingCost.walk
      return Way(index: index, starts: starts, cost: cost)
    }
    var ways = [way(.time, lanes.map { Start(key: .all($0)) }, rows: total, share: strataShare * peopleShare)]
    if let strata, let list = strata.list {
      let starts = list.map { Start(key: .stratum($0.stratum), bound: $0.bound(query.order)) }
      ways.append(way(.stratum, starts, rows: Double(strata.eventCount), share: peopleShare))
    }
    if let people, let list = people.list {
      let starts = list.flatMap { person in
        lanes.map { Start(key: .person(person.id, $0), bound: person.bound(query.order)) }
      }
      ways.append(way(.person, starts, rows: Double(people.eventCount ?? 0), share: strataShare))
    }
    return ways
  }

  /// How many walks will be begun: those that may have rows right behind the place where the page begins, and of the others, which the
  /// merge comes to later, no more than the page has rows.
  private static func begun(_ starts: [Start], _ query: EventQuery) -> Double {
    let isNewestFirst = query.order == .newestFirst
    let edge = isNewestFirst ? query.until : query.since
    let places = [edge, query.after?.time].compactMap { $0 }
    guard let place = isNewestFirst ? places.min() : places.max() else { return Double(min(starts.count, query.limit)) }
    let atOnce = starts.count { start in
      guard let bound = start.bound?.time else { return true }
      return isNewestFirst ? bound >= place : bound <= place
    }
    return Double(atOnce + min(starts.count - atOnce, query.limit))
  }

  func walks(for query: EventQuery) -> [EventWalk] {
    // Of two walks either may have the whole page; of many each has little of it.
    let chunk = starts.count <= 2 ? query.limit + 1 : query.limit / starts.count + 2
    return starts.map { EventWalk($0.key, bound: $0.bound, after: query.after, chunk: chunk) }
  }
}
