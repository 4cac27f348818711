public import FaceEvents

/// A day of the UTC calendar, counted from 1970-01-01. Times before that are its first day, times after 2149-06-06 the last.
public struct UTCDay: Hashable, Comparable, Sendable {
  public var number: UInt16

  public init(number: UInt16) { self.number = number }

  public init(containing time: Timestamp) {
    number = UInt16(clamping: time.milliseconds / 86_400_000)
  }

  public static func < (a: UTCDay, b: UTCDay) -> Bool { a.number < b.number }
}

extension UTCDay: CustomStringConvertible {
  /// `2026-11-23`
  public var description: String {
    let (year, month, day) = date
    return "\(year)-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
  }

  /// Reads what ``description`` writes, and nothing else.
  public init?(_ text: Substring) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1970...2149).contains(year),
      let number = UInt16(exactly: Self.days(year: year, month: month, day: day))
    else { return nil }
    self.init(number: number)
    guard description == text else { return nil }
  }

  static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  // A year begins on 1 March here, so that the leap day is its last; 719,468 days lie between 0000-03-01 and 1970-01-01, 146,097 in
  // each 400 years. Month lengths from March on follow (153 * month + 2) / 5. (The Gregorian rule, as in ISO 8601.)
  private var date: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shiftedYear / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
