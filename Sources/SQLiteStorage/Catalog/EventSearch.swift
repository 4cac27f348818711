import FaceEvents
import GRDB

/// Finds the rows that a query asks for, as a merge of walks of one index.
///
/// A walk fixes every column of its index up to the time, so that the index gives rows in the order of the answer: nothing is sorted and
/// nothing is read that lies outside. What the index does not fix is checked on its rows. ``EventPlan`` chooses the index.
struct EventSearch {
  private let query: EventQuery
  private let plan: EventPlan
  private let filter: EventFilter

  /// - Returns: nil when the plan shows that nothing can match.
  init?(_ query: EventQuery, _ db: Database) throws {
    guard let plan = try EventPlan(query, db) else { return nil }
    self.query = query
    self.plan = plan
    filter = plan.filter
  }

  struct Places {
    var found: [EventQuery.Cursor] = []
    /// As ``EventPage/next``.
    var next: EventQuery.Cursor?
  }

  /// The places of the rows, in the order of the query, at most `query.limit`.
  /// - Parameters:
  ///   - max: how many rows or entries may be looked at. Every page gets on, also when the walks' first rows are more. Nil for what
  ///     ``ReadingCost`` and the deadline allow.
  ///   - deadline: after it no more than ``ReadingCost/lookedMin``, and what is being read; it has no meaning beside `max`.
  func places(_ db: Database, max: Int? = nil, deadline: ContinuousClock.Instant) throws -> Places {
    let cost = ReadingCost(filter, plan.index)
    let (lookedMin, lookedMax) = (max ?? cost.lookedMin, max ?? cost.lookedMax)
    let statements = try WalkStatements(query, index: plan.index, filter: filter, db)
    var merge = WalkMerge(plan.walks(for: query), order: query.order)
    var names = try filter.namePart.map { try NameCheck($0, db) }
    var places = Places()
    var (looked, last): (Int, EventQuery.Cursor?) = (0, nil)
    while places.found.count < query.limit {
      switch merge.next {
      case .row(let row):
        // What was sent of somebody as a stranger is not in their record, so it may come late. It does not fit either.
        if last.map({ isBefore($0, row.place) }) != false { last = row.place }
        if try row.fits && names?.fits(row.personID) != false { places.found.append(row.place) }
      case .unread(let walk):
        // Without conditions every row is a hit: there is nothing to give up.
        if let last, !filter.isEmpty, looked >= lookedMin, looked >= lookedMax || ContinuousClock.now >= deadline {
          places.next = last
          return places
        }
        looked += try merge.read(walk, statements, limit: filter.isEmpty ? .max : min(lookedMin, lookedMax - looked))
      case .nothing: return places
      }
    }
    if try merge.hasMore(statements) { places.next = last }
    return places
  }

  private func isBefore(_ a: EventQuery.Cursor, _ b: EventQuery.Cursor) -> Bool {
    query.order == .oldestFirst ? (a.time, a.sequence) < (b.time, b.sequence) : (b.time, b.sequence) < (a.time, a.sequence)
  }
}
