import FaceEvents
import Testing

@testable import EventForwarder

@Suite struct VerdictTests {
  @Test(arguments: [200, 201, 202, 204, 206, 208, 299])
  func takesAnyOtherSuccessForAcceptance(_ status: Int) {
    #expect(Verdict(httpStatus: status, body: [], retryAfter: nil) == .accepted)
  }

  @Test(arguments: [
    (408, RetryReason.requestTimeout), (425, .tooEarly), (429, .tooManyRequests), (500, .serverError), (501, .serverError),
    (502, .unavailable),
    (503, .unavailable), (504, .unavailable), (507, .unavailable), (599, .serverError),
  ])
  func triesAgainWhatMayPass(_ status: Int, _ reason: RetryReason) {
    #expect(Verdict(httpStatus: status, body: [], retryAfter: .seconds(3)) == .retry(reason, after: .seconds(3)))
  }

  @Test(arguments: [300, 301, 302, 307, 308, 399, 401, 403, 404, 405, 407, 410])
  func pausesWhereEveryEventWouldGetTheSame(_ status: Int) {
    guard case .pause(let reason) = Verdict(httpStatus: status, body: [], retryAfter: nil) else {
      Issue.record("no pause")
      return
    }
    #expect(reason.hasPrefix("HTTP \(status)") && reason.contains("resume"))
  }

  @Test(arguments: [207, 400, 402, 406, 409, 413, 415, 422, 431, 451])
  func parksWhatIsSaidOfTheEvent(_ status: Int) {
    let body = Array(#"{"message":"bad picture"}"#.utf8)
    #expect(
      Verdict(httpStatus: status, body: body, retryAfter: nil)
        == .refused(Refusal(httpStatus: status, reason: "HTTP \(status)", excerpt: #"{"message":"bad picture"}"#)))
  }

  @Test func theExcerptIsBoundedWhateverTheBytes() {
    for body in [
      [UInt8](repeating: 0x41, count: 5_000), [UInt8](repeating: 0xFF, count: 5_000), Array(String(repeating: "面", count: 900).utf8),
    ] {
      let excerpt = Verdict.excerpt(body)
      #expect(excerpt.utf8.count <= ParkedEvent.excerptBytesMax && excerpt.utf8.count > ParkedEvent.excerptBytesMax - 4)
    }
  }
}
