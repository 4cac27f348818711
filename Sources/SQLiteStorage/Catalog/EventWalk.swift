import FaceEvents
import GRDB

/// One walk, a few rows ahead of its reader.
struct EventWalk {
  let key: EventIndex.Key
  /// No row comes before it; nil when nothing is known.
  private(set) var bound: EventQuery.Cursor?
  private var place: EventQuery.Cursor?
  private var rows: ArraySlice<WalkedRow> = []
  private var isAtEnd = false
  private var chunk: Int

  private static let chunkMax = 256

  /// - Parameters:
  ///   - place: where the walk begins, exclusive.
  ///   - chunk: how many rows are read first.
  init(_ key: EventIndex.Key, bound: EventQuery.Cursor?, after place: EventQuery.Cursor?, chunk: Int) {
    self.key = key
    self.bound = bound
    self.place = place
    self.chunk = min(max(1, chunk), Self.chunkMax)
  }

  /// Nil when the next rows have to be read first, or when there are none.
  var front: WalkedRow? { rows.first }

  /// Whether there is nothing left.
  var isOver: Bool { isAtEnd && rows.isEmpty }

  mutating func next() -> WalkedRow? {
    guard let row = rows.popFirst() else { return nil }
    if rows.isEmpty { bound = row.place }
    return row
  }

  /// - Returns: how many rows were read.
  mutating func read(_ statements: WalkStatements, limit: Int) throws -> Int {
    let limit = min(chunk, max(1, limit))
    var read: [WalkedRow] = []
    read.reserveCapacity(limit)
    try statements.rows(key, after: place, limit: limit) { read.append($0) }
    isAtEnd = read.count < limit
    place = read.last?.place ?? place
    rows = read[...]
    chunk = min(chunk * 4, Self.chunkMax)
    return read.count
  }
}
