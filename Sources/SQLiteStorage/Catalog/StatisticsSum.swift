import FaceEvents
import GRDB

/// Sums up counters, hour after hour. Only the hour or day under way is in memory, besides the answer.
struct StatisticsSum {
  private let query: StatisticsQuery
  private let places: StatisticsPlaces
  private var start: Int64?
  private var counts: [Key: Int64] = [:]
  private var rows: [StatisticsRow] = []

  /// In the order of the answer. Numbers, because there may be a hundred thousand of them to look up and to sort.
  private struct Key: Hashable, Comparable {
    var place: Int
    var personClass: Int64
    var lane: Int64

    static func < (a: Key, b: Key) -> Bool { (a.place, a.personClass, a.lane) < (b.place, b.personClass, b.lane) }
  }

  init(_ query: StatisticsQuery, _ db: Database) throws {
    self.query = query
    places = try StatisticsPlaces(query.dimensions, db)
  }

  var isFull: Bool { rows.count >= StatisticsQuery.rowsMax }

  mutating func add(_ tally: HourTally, count: Int64) throws {
    if let lane = query.lane, tally.lane != Int64(lane.rawValue) { return }
    if let personClass = query.personClass, tally.personClass != Int64(personClass.rawValue) { return }
    let start = start(of: tally.hour)
    if start != self.start {
      finishStep()
      self.start = start
    }
    let key = Key(
      place: try places.number(of: tally.endpoint), personClass: query.dimensions.contains(.personClass) ? tally.personClass : 0,
      lane: query.dimensions.contains(.lane) ? tally.lane : 0)
    counts[key, default: 0] += count
  }

  mutating func finished() -> [StatisticsRow] {
    finishStep()
    return Array(rows.prefix(StatisticsQuery.rowsMax))
  }

  /// In hours since 1970.
  private func start(of hour: Int64) -> Int64 {
    guard query.step == .day else { return hour }
    let offset = Timestamp.floored(Int64(query.utcOffsetSeconds), by: 3_600)
    return Timestamp.floored(hour + offset, by: 24) * 24 - offset
  }

  private mutating func finishStep() {
    guard let start else { return }
    let time = Timestamp(hour: start)
    for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
      let place = places.places[key.place]
      rows.append(
        StatisticsRow(
          start: time, personClass: UInt8(exactly: key.personClass).flatMap(PersonClass.init(rawValue:)), box: place.box,
          endpoint: place.endpoint, lane: UInt8(exactly: key.lane).flatMap(Lane.init(rawValue:)), eventCount: count))
    }
    counts.removeAll(keepingCapacity: true)
    self.start = nil
  }
}

/// Which endpoints are told apart, in the order of the answer: by box, then id.
struct StatisticsPlaces {
  static let endpointsSQL = """
    SELECT endpoint.key, box.code, endpoint.id FROM box CROSS JOIN endpoint ON endpoint.box = box.key ORDER BY box.code, endpoint.id
    """

  struct Place: Hashable {
    var box: String?
    var endpoint: String?
  }

  /// The first stands for all endpoints where they are not told apart.
  private(set) var places = [Place()]
  private var numbers: [Int64: Int] = [:]
  private let isDivided: Bool

  init(_ dimensions: Set<StatisticsQuery.Dimension>, _ db: Database) throws {
    let (hasBox, hasEndpoint) = (dimensions.contains(.box), dimensions.contains(.endpoint))
    isDivided = hasBox || hasEndpoint
    guard isDivided else { return }
    var named: [(key: Int64, place: Place)] = []
    try SQLStatement(cached: Self.endpointsSQL, db).rows({ _ in }) { columns in
      let (key, box, endpoint) = (columns.integer(), columns.text(), columns.optionalText())
      named.append((key, Place(box: hasBox ? box : nil, endpoint: hasEndpoint ? endpoint : nil)))
      return true
    }
    // Without their boxes endpoints of one id are one, and boxes do not give the order.
    if !hasBox { named.sort { ($0.place.endpoint ?? "") < ($1.place.endpoint ?? "") } }
    var known: [Place: Int] = [:]
    for (key, place) in named {
      if known[place] == nil {
        known[place] = places.count
        places.append(place)
      }
      numbers[key] = known[place]
    }
  }

  /// An index into ``places``.
  func number(of endpoint: Int64) throws -> Int {
    guard isDivided else { return 0 }
    guard let number = numbers[endpoint] else { throw StorageError.damaged("the row of endpoint number \(endpoint) is missing") }
    return number
  }
}
