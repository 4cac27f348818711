import FaceEvents

/// Sums up passages by day and endpoint.
struct VisitTally {
  struct Passage {
    var time: Timestamp
    var endpoint: Int64
  }

  private struct Key: Hashable {
    var day: Int64
    var endpoint: Int64
  }

  private static let millisecondsPerDay: Int64 = 86_400_000

  private let offset: Int64
  private var counts: [Key: (seen: TimeSpan, count: Int)] = [:]

  init(utcOffsetSeconds: Int) { offset = Int64(utcOffsetSeconds) * 1_000 }

  mutating func add(_ passage: Passage) {
    let (local, overflow) = passage.time.milliseconds.addingReportingOverflow(offset)
    let day = Timestamp.floored(overflow ? passage.time.milliseconds : local, by: Self.millisecondsPerDay)
    let key = Key(day: day, endpoint: passage.endpoint)
    var entry = counts[key] ?? (TimeSpan(passage.time), 0)
    entry.seen.include(passage.time)
    entry.count += 1
    counts[key] = entry
  }

  /// Oldest day first, and within it in the order of the first passages.
  func visits(_ names: EndpointNames) throws -> [DayVisit] {
    var visits: [DayVisit] = []
    for (key, entry) in counts {
      let name = try names.key(of: key.endpoint)
      let (start, overflow) = key.day.multipliedReportingOverflow(by: Self.millisecondsPerDay)
      let (day, overflowToo) = start.subtractingReportingOverflow(offset)
      visits.append(
        DayVisit(
          day: overflow || overflowToo ? entry.seen.first : Timestamp(milliseconds: day), box: name.box, endpoint: name.id,
          first: entry.seen.first, last: entry.seen.last, eventCount: entry.count))
    }
    return visits.sorted { ($0.day, $0.first, $0.box, $0.endpoint ?? "") < ($1.day, $1.first, $1.box, $1.endpoint ?? "") }
  }
}
