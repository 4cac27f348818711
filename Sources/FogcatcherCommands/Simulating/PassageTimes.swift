import FaceEvents

/// When people pass, over some days: more by day than by night (UTC), fewer at weekends. In order.
struct PassageTimes: Sendable {
  private static let millisecondsPerHour: Int64 = 3_600_000
  private static let hoursPerDay = 24
  /// How busy each hour of a day is, compared with the others.
  private static let weights: [Double] = [
    0.3, 0.2, 0.1, 0.1, 0.2, 0.6, 2, 6, 9, 5, 3, 4, 7, 5, 3, 3, 5, 8, 5, 3, 2, 1.5, 1, 0.5,
  ]
  private static let weekendWeight = 0.35

  private let start: Timestamp
  private let count: Int
  /// The share of all passages up to the end of each hour.
  private let shares: [Double]

  /// - Parameters:
  ///   - days: 1 or more.
  ///   - count: of all passages.
  init(start: Timestamp, days: Int, count: Int) {
    self.start = start
    self.count = count
    var sum = 0.0
    let sums = (0..<days * Self.hoursPerDay).map { hour -> Double in
      let time = start.milliseconds + Int64(hour) * Self.millisecondsPerHour
      let hours = time / Self.millisecondsPerHour
      // The first of January 1970 was a Thursday.
      let isWeekend = [2, 3].contains(hours / 24 % 7)
      sum += Self.weights[Int(hours % 24)] * (isWeekend ? Self.weekendWeight : 1)
      return sum
    }
    shares = sums.map { $0 / sum }
  }

  /// - Parameter number: 0 to `count` - 1.
  func time(of number: Int) -> Timestamp {
    let share = (Double(number) + 0.5) / Double(count)
    var (low, high) = (0, shares.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if shares[middle] < share { low = middle + 1 } else { high = middle }
    }
    let before = low == 0 ? 0 : shares[low - 1]
    let part = (share - before) / (shares[low] - before)
    let inHour = min(Self.millisecondsPerHour - 1, Int64(part * Double(Self.millisecondsPerHour)))
    return Timestamp(milliseconds: start.milliseconds + Int64(low) * Self.millisecondsPerHour + inHour)
  }
}
