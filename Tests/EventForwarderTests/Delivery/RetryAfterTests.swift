import FaceEvents
import Testing

@testable import EventForwarder

@Suite struct RetryAfterTests {
  private static let now = Timestamp(milliseconds: 784_111_777_000)  // Sun, 06 Nov 1994 08:49:37 GMT

  @Test(arguments: [
    ("0", 0.0), ("7", 7), (" 120 ", 120), ("99999999999999999999", Double(Int32.max)), ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
    ("Sunday, 06-Nov-94 08:49:47 GMT", 10), ("Sun Nov  6 08:49:40 1994", 3), ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
    ("Thu, 29 Feb 1996 08:49:37 GMT", 41_472_000),
  ])
  func readsSecondsAndDates(_ text: String, _ seconds: Double) {
    #expect(RetryAfter.duration(text, now: Self.now) == .milliseconds(Int64(seconds * 1000)))
  }

  @Test(arguments: ["", "soon", "-1", "1.5", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "06/11/1994 08:49"])
  func leavesOutWhatIsNeither(_ text: String) {
    #expect(RetryAfter.duration(text, now: Self.now) == nil)
  }
}
