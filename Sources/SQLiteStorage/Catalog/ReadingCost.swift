/// What looking at a row of a walk costs, about, where the page is in the system's cache (`fogcatcher measure` at ten million events).
struct ReadingCost {
  /// Beginning a walk: a statement and a way down the index, in microseconds.
  static let walk = 8.0
  /// Of what may all be in vain in one page, in microseconds.
  private static let budget = 4_000.0

  let microseconds: Double

  /// Rows that are walked in the order of time mostly stand together in the table; those of a person or of a stratum never do.
  init(_ filter: EventFilter, _ index: EventIndex) {
    // Most people are looked up for the first time.
    let name = filter.namePart == nil ? 0.0 : 3
    let endpoint = filter.readsEndpoints ? 2.0 : 0
    microseconds = name + endpoint + (filter.readsRows ? index == .time ? 5 : 10 : 1)
  }

  /// Rows, or entries of an index, that one page may look at, however quick the machine is.
  var lookedMax: Int { Int(Self.budget / microseconds) }
  /// What it may look at however slow the machine is: a small store answers whole pages also when a processor was away for a moment.
  var lookedMin: Int { lookedMax / 4 }
}
