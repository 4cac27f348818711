/// Times as text (RFC 3339), always UTC with milliseconds when written.
package enum RFC3339 {
  /// `2024-03-05T08:15:02.345Z`.
  package static func text(_ time: Timestamp) -> String { text(time, date: "-", clock: ":") }

  /// `20240305T081502.345Z`: without the characters that file names cannot have everywhere.
  package static func compactText(_ time: Timestamp) -> String { text(time, date: "", clock: "") }

  /// As ``text(_:)``.
  package static func append(_ time: Timestamp, to bytes: inout [UInt8]) { append(time, date: "-", clock: ":", to: &bytes) }

  private static func text(_ time: Timestamp, date: String, clock: String) -> String {
    var bytes: [UInt8] = []
    append(time, date: date, clock: clock, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(_ time: Timestamp, date: String, clock: String, to bytes: inout [UInt8]) {
    let parts = CalendarTime(time)
    append(parts.year, 4, to: &bytes)
    for (separator, number) in [(date, parts.month), (date, parts.day), ("T", parts.hour), (clock, parts.minute), (clock, parts.second)] {
      bytes += separator.utf8
      append(number, 2, to: &bytes)
    }
    bytes.append(UInt8(ascii: "."))
    append(parts.millisecond, 3, to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// At least `width` digits.
  private static func append(_ number: Int64, _ width: Int, to bytes: inout [UInt8]) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var digits = 1
    var power: UInt64 = 1
    let magnitude = number.magnitude
    while digits < width || magnitude / power >= 10 {
      power *= 10
      digits += 1
    }
    for _ in 0..<digits {
      bytes.append(UInt8(ascii: "0") + UInt8(magnitude / power % 10))
      power /= 10
    }
  }

  /// Reads `2024-03-05T08:15:02.345+08:00`, with `T`, `t` or a blank between, any number of digits after the second, seconds and zone
  /// optional; a zone that is missing is UTC. A date alone is its first moment in UTC.
  package static func parse(_ text: String) -> Timestamp? {
    var scan = DigitScanner(text)
    guard let year = scan.digits(4), scan.take("-"), let month = scan.digits(2), scan.take("-"), let day = scan.digits(2) else {
      return nil
    }
    var parts = CalendarTime(year: year, month: month, day: day)
    if scan.isAtEnd { return parts.timestamp }
    guard scan.take("T") || scan.take("t") || scan.take(" ") else { return nil }
    guard let hour = scan.digits(2), scan.take(":"), let minute = scan.digits(2) else { return nil }
    (parts.hour, parts.minute) = (hour, minute)
    if scan.take(":") {
      guard let second = scan.digits(2) else { return nil }
      parts.second = second
      if scan.take(".") {
        guard let milliseconds = scan.fraction() else { return nil }
        parts.millisecond = milliseconds
      }
    }
    guard let offset = scan.zoneMinutes(), scan.isAtEnd, let time = parts.timestamp else { return nil }
    return Timestamp(milliseconds: time.milliseconds - offset * 60_000)
  }
}

/// A moment in the proleptic Gregorian calendar, UTC.
package struct CalendarTime: Equatable {
  package var year: Int64
  package var month: Int64
  package var day: Int64
  package var hour: Int64 = 0
  package var minute: Int64 = 0
  package var second: Int64 = 0
  package var millisecond: Int64 = 0

  package init(
    year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0, millisecond: Int64 = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }
}

extension CalendarTime {
  private static let dayMilliseconds: Int64 = 86_400_000

  package init(_ time: Timestamp) {
    var days = time.milliseconds / Self.dayMilliseconds
    var rest = time.milliseconds % Self.dayMilliseconds
    if rest < 0 {
      days -= 1
      rest += Self.dayMilliseconds
    }
    // Years that begin in March put the leap day at the end; 146,097 days are 400 years, 719,468 days lie between 0000-03-01 and 1970.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1,
      hour: rest / 3_600_000, minute: rest / 60_000 % 60, second: rest / 1000 % 60, millisecond: rest % 1000)
  }

  /// Nil for what is not a date and time; second 60, a leap second, is the next minute's first.
  package var timestamp: Timestamp? {
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Timestamp(milliseconds: days * Self.dayMilliseconds + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Reads fixed numbers of digits.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func digits(_ count: Int) -> Int64? {
    let part = rest.prefix(count)
    guard part.count == count, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return part.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// Milliseconds; what is finer is cut off.
  mutating func fraction() -> Int64? {
    let part = rest.prefix { (0x30...0x39).contains($0) }
    guard !part.isEmpty else { return nil }
    rest = rest.dropFirst(part.count)
    let three = Array(part.prefix(3)) + Array(repeating: 0x30, count: max(0, 3 - part.count))
    return three.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// Minutes east of UTC.
  mutating func zoneMinutes() -> Int64? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2) else { return nil }
    _ = take(":")
    guard let minutes = isAtEnd ? 0 : digits(2), hours < 24, minutes < 60 else { return nil }
    return (hours * 60 + minutes) * (isWest ? -1 : 1)
  }
}
