import FaceEvents
import HeapModule

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
