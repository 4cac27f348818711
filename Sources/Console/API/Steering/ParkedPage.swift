import FaceEvents

/// Parked events by sequence, then target.
struct ParkedPage {
  /// Of the last event of a page. A sequence alone would not do: several targets may have parked the same event.
  struct Position: Equatable {
    var sequence: Int64
    var target: String
  }

  var events: [ParkedEvent]
  /// Nil on the last page.
  var next: Position?

  /// - Parameters:
  ///   - target: nil for all.
  ///   - position: exclusive; nil for the first page.
  init(target: String?, after position: Position?, limit: Int, of forwarding: any Forwarding) async throws(ForwardingError) {
    // At most one of each target is of the sequence that the page begins within, and one more says whether there is a next page.
    let most = limit + 1 + (position == nil ? 0 : try await forwarding.targets().count)
    let found = try await forwarding.parked(target: target, after: position.map { $0.sequence - 1 } ?? 0, limit: most)
    let rest = found.filter { parked in position.map { (parked.sequence, parked.target) > ($0.sequence, $0.target) } ?? true }
    events = Array(rest.prefix(limit))
    next = rest.count > limit ? events.last.map { Position(sequence: $0.sequence, target: $0.target) } : nil
  }
}

extension ParkedPage.Position {
  var cursor: String { Cursor.text("k", [String(sequence), target]) }

  init(cursor text: String) throws(APIError) {
    let parts = try Cursor.parts(text, "k", count: 2)
    guard let sequence = parts[0].flatMap({ Int64($0) }), sequence > 0, let target = parts[1] else { throw Cursor.wrong }
    self.init(sequence: sequence, target: target)
  }
}
