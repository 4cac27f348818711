import FaceEvents

/// The `Retry-After` header (RFC 9110, 10.2.3): seconds, or an HTTP date in any of the three forms of section 5.6.7.
enum RetryAfter {
  /// - Parameter now: the wall clock, which is what a date is about.
  /// - Returns: at least 0; nil for what is neither.
  static func duration(_ text: String, now: Timestamp) -> Duration? {
    let text = text.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return .seconds(Int64(text) ?? Int64(Int32.max))
    }
    guard let date = httpDate(text) else { return nil }
    return .milliseconds(max(0, date.milliseconds - now.milliseconds))
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
  static func httpDate(_ text: String) -> Timestamp? {
    let words = text.split { $0 == " " || $0 == "-" || $0 == "," }.map(String.init)
    guard words.count >= 5 else { return nil }
    let isASCTime = Int(words[1]) == nil
    let fields = isASCTime ? [words[2], words[1], words[4], words[3]] : [words[1], words[2], words[3], words[4]]
    guard let day = Int(fields[0]), let month = months.firstIndex(of: fields[1].lowercased()), var year = Int(fields[2]) else { return nil }
    if year < 100 { year += year < 70 ? 2_000 : 1_900 }
    let time = fields[3].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, (1...31).contains(day), (1_970...9_999).contains(year), (0...23).contains(time[0]), (0...59).contains(time[1]),
      (0...60).contains(time[2])
    else { return nil }
    let seconds = days(year, month + 1, day) * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2]
    return Timestamp(milliseconds: Int64(seconds) * 1_000)
  }

  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  /// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension String {
  var trimmed: String { String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()) }
}
