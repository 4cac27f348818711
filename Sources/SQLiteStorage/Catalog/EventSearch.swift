import FaceEvents
import GRDB
import HeapModule

/// Finds the rows that a query asks for, as a merge of walks of one index.
///
/// A walk fixes every column of its index up to the time, so that the index gives rows in the order of the answer: nothing is sorted and
/// nothing is read that lies outside. What the index does not fix is checked on its rows. ``EventPlan`` chooses the index.
struct EventSearch {
  /// Rows that are looked at for one page and may all be in vain. One costs some 2 µs from the system's page cache.
  static let rowsMax = 2_000

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
  /// - Parameter rowsMax: how many rows may be looked at; the walks' first rows do not count, so that every page gets on.
  func places(_ db: Database, rowsMax: Int = Self.rowsMax) throws -> Places {
    let statements = try WalkStatements(query, index: plan.index, filter: filter, db)
    var merge = WalkMerge(plan.walks(for: query), order: query.order)
    var names = try filter.namePart.map { try NameCheck($0, db) }
    var places = Places()
    var (looked, last): (Int, EventQuery.Cursor?) = (0, nil)
    while places.found.count < query.limit {
      switch merge.next {
      case .row(let row):
        last = row.place
        if try row.fits && names?.fits(row.personID) != false { places.found.append(row.place) }
      case .unread(let walk):
        // Without conditions every row is a hit: there is nothing to give up.
        if let last, !filter.isEmpty, looked >= rowsMax {
          places.next = last
          return places
        }
        looked += try merge.read(walk, statements, limit: filter.isEmpty || last == nil ? .max : rowsMax - looked)
      case .nothing: return places
      }
    }
    if try merge.hasMore(statements) { places.next = last }
    return places
  }
}

/// Several walks as one.
struct WalkMerge {
  private var walks: [EventWalk]
  private var heap = Heap<Entry>()
  private let order: EventQuery.Order

  /// A walk by its next row, or by a place that its next row cannot precede.
  private struct Entry: Comparable {
    var time: Int64
    var sequence: Int64
    var walk: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.time, a.sequence, a.walk) < (b.time, b.sequence, b.walk) }
  }

  enum Next {
    case row(WalkedRow)
    /// This walk has to be read before it is known which row is next.
    case unread(Int)
    case nothing
  }

  init(_ walks: [EventWalk], order: EventQuery.Order) {
    self.walks = walks
    self.order = order
    for index in walks.indices { insert(index) }
  }

  var next: Next {
    mutating get {
      guard let index = heap.min?.walk else { return .nothing }
      guard let row = walks[index].next() else { return .unread(index) }
      heap.removeMin()
      insert(index)
      return .row(row)
    }
  }

  mutating func read(_ walk: Int, _ statements: WalkStatements, limit: Int) throws -> Int {
    heap.removeMin()
    let count = try walks[walk].read(statements, limit: limit)
    insert(walk)
    return count
  }

  mutating func hasMore(_ statements: WalkStatements) throws -> Bool {
    while let index = heap.min?.walk {
      if walks[index].front != nil { return true }
      _ = try read(index, statements, limit: 1)
    }
    return false
  }

  private mutating func insert(_ index: Int) {
    guard !walks[index].isOver else { return }
    let place = walks[index].front?.place ?? walks[index].bound
    guard let place else { return heap.insert(Entry(time: .min, sequence: .min, walk: index)) }
    // The complement turns the order round and, unlike the negative, has no overflow.
    let isNewestFirst = order == .newestFirst
    heap.insert(
      Entry(
        time: isNewestFirst ? ~place.time.milliseconds : place.time.milliseconds,
        sequence: isNewestFirst ? ~place.sequence : place.sequence, walk: index))
  }
}

/// Whether people have a part in their names, each looked up once.
struct NameCheck {
  private let part: String
  private let find: SQLStatement
  private var known: [String: Bool] = [:]

  /// - Parameter part: ``NameParts/folded(_:)``.
  init(_ part: String, _ db: Database) throws {
    self.part = part
    find = try SQLStatement(cached: "SELECT name FROM person WHERE person_id = ?", db)
  }

  mutating func fits(_ person: String?) throws -> Bool {
    guard let person else { return false }
    if let known = known[person] { return known }
    let fits = try find.first({ $0.text(person) }, { NameParts.isPart(part, ofName: $0.optionalText()) }) ?? false
    known[person] = fits
    return fits
  }
}
