import FaceEvents

/// What one row of `hour_tally` counts.
struct HourTally: Hashable {
  /// Stands for all endpoints.
  static let allEndpoints: Int64 = 0

  /// Since 1970.
  var hour: Int64
  var endpoint: Int64
  var lane: Int64
  var personClass: Int64

  /// The row that counts the same events over all endpoints.
  var total: HourTally {
    var total = self
    total.endpoint = Self.allEndpoints
    return total
  }
}

extension Timestamp {
  static let millisecondsPerHour: Int64 = 3_600_000

  /// The hour since 1970 that it is in.
  var hour: Int64 { Self.floored(milliseconds, by: Self.millisecondsPerHour) }

  /// When the hour begins; the first moment that there is when that is earlier.
  init(hour: Int64) {
    let (milliseconds, overflow) = hour.multipliedReportingOverflow(by: Self.millisecondsPerHour)
    self.init(milliseconds: overflow ? (hour < 0 ? .min : .max) : milliseconds)
  }

  static func floored(_ value: Int64, by divisor: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
