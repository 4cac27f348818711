import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("Text: times, widths and tables")
struct TextTests {
  @Test(
    "Times are written in RFC 3339 and read back",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_709_626_502_345, "2024-03-05T08:15:02.345Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"), (281_474_976_710_655, "10889-08-02T05:31:50.655Z"),
    ] as [(Int64, String)])
  func rfc3339(milliseconds: Int64, text: String) {
    #expect(RFC3339.text(Timestamp(milliseconds: milliseconds)) == text)
    if text.utf8.count == 24 { #expect(RFC3339.parse(text) == Timestamp(milliseconds: milliseconds)) }
  }

  @Test("Every day of four centuries is read back as it was written")
  func everyDay() {
    for day in Int64(0)..<146_097 {
      let time = Timestamp(milliseconds: (day - 25_567) * 86_400_000 + 1)
      #expect(CalendarTime(time).timestamp == time)
    }
  }

  @Test(
    "Other ways to write a moment are read",
    arguments: [
      ("2024-03-05", 1_709_596_800_000), ("2024-03-05T08:15Z", 1_709_626_500_000), ("2024-03-05 08:15:02", 1_709_626_502_000),
      ("2024-03-05T16:15:02.345+08:00", 1_709_626_502_345), ("2024-03-05t03:15:02.3459999-0500", 1_709_626_502_345),
      ("2024-03-05T08:15:02.3z", 1_709_626_502_300), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ] as [(String, Int64)])
  func otherForms(text: String, milliseconds: Int64) { #expect(RFC3339.parse(text) == Timestamp(milliseconds: milliseconds)) }

  @Test(
    "What is no moment is not read",
    arguments: [
      "", "2024", "2024-13-01", "2023-02-29", "2024-03-05T", "2024-03-05T24:00Z", "2024-03-05T08:15:02.Z", "2024-03-05T08:15Zx", "24-03-05",
    ])
  func noMoment(text: String) { #expect(RFC3339.parse(text) == nil) }

  @Test(
    "Moments are given as text, epoch or how long ago",
    arguments: [
      ("now", 1_709_626_502_345), ("2h", 1_709_619_302_345), ("-2h", 1_709_619_302_345), ("1d12h", 1_709_496_902_345),
      ("1709626502345", 1_709_626_502_345), ("1709626502", 1_709_626_502_000), ("2024-03-05", 1_709_596_800_000),
    ] as [(String, Int64)])
  func moments(text: String, milliseconds: Int64) throws {
    let moment = try #require(MomentArgument(text, now: Timestamp(milliseconds: 1_709_626_502_345)))
    #expect(moment.time.milliseconds == milliseconds)
  }

  @Test("What is no moment is refused", arguments: ["", "yesterday", "12", "10", "99999999999999999999", "2h ago", "2024-02-30"])
  func noMoments(text: String) { #expect(MomentArgument(text, now: Timestamp(milliseconds: 0)) == nil) }

  @Test("A date as the end of a span means its whole day")
  func wholeDay() throws {
    let day = try #require(MomentArgument("2024-03-05", now: Timestamp(milliseconds: 0)))
    #expect(RFC3339.text(day.lastMoment) == "2024-03-05T23:59:59.999Z")
    let moment = try #require(MomentArgument("2024-03-05T08:15:02Z", now: Timestamp(milliseconds: 0)))
    #expect(moment.lastMoment == moment.time)
  }

  @Test(
    "East Asian wide characters are two columns wide, marks none",
    arguments: [("Lin", 3), ("林伟", 4), ("ｶﾅ", 2), ("カナ", 4), ("ä", 1), ("a\u{0308}", 1), ("한국", 4), ("🙂", 2), ("ＡＢ", 4), ("", 0), ("é", 1)])
  func widths(text: String, columns: Int) { #expect(TextWidth.columns(text) == columns) }

  @Test(
    "Text is cut to a width, never through a wide character",
    arguments: [
      ("abcdef", 4, "abc…"), ("林伟明", 4, "林…"), ("林伟明", 5, "林伟…"), ("林伟", 4, "林伟"), ("abc", 3, "abc"), ("abc", 1, "…"), ("abc", 0, ""),
    ])
  func fitted(text: String, columns: Int, expected: String) {
    #expect(TextWidth.fitted(text, to: columns) == expected)
    #expect(TextWidth.columns(TextWidth.fitted(text, to: columns)) <= columns)
  }

  @Test("Columns are aligned, also with wide characters, and lines have no blanks at their ends")
  func table() {
    var table = TextTable([
      .init(title: "NAME", widthMax: 8), .init(title: "N", widthMax: 5, isRight: true), .init(title: "LAST", widthMax: 9),
    ])
    table.add(["林伟", "7", "x"])
    table.add(["a very long name", "12345", ""])
    #expect(table.lines() == ["NAME          N  LAST", "林伟          7  x", "a very …  12345"])
  }

  @Test("What would steer a terminal is not printed")
  func controls() {
    var table = TextTable([.init(title: "A", widthMax: 40)])
    table.add(["a\u{1B}[2Jb\nc\u{202E}d\u{9B}"])
    #expect(table.lines() == ["A", "a?[2Jb?c?d?"])
  }

  @Test("JSON is escaped as RFC 8259 demands")
  func json() {
    var line = JSONLine()
    line.object { line in
      line.member("a\"b", "c\\d\n\u{01}é")
      line.member("n", 5)
      line.member("none", nil as String?)
      line.member("list", ["x", "y"])
      line.key("empty")
      line.object { _ in }
    }
    #expect(line.text == #"{"a\"b":"c\\d\n\u0001é","n":5,"none":null,"list":["x","y"],"empty":{}}"#)
  }
}
