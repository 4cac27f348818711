import Crypto
public import FaceEvents

/// Events and status reports of invented people, made from a number or a name, for tests of what keeps them.
public enum SampleRecords {
  /// 2026-03-01T08:00:00Z, where the clock of the samples starts.
  public static let start: Int64 = 1_772_352_000_000

  public static func digest(_ seed: String) -> ContentDigest {
    ContentDigest(bytes: Array(SHA256.hash(data: Array(seed.utf8)))) ?? ContentDigest(words: (0, 0, 0, 0))
  }

  /// - Parameters:
  ///   - seed: another seed, another event; the same seed and time, the same id and digest.
  ///   - time: ms after ``start``.
  public static func event(
    _ seed: String, at time: Int64 = 0, lane: Lane = .history, person: Person = Person(id: "p-17", name: "Lin Muster"),
    box: String = "BOX-A", endpoint: String? = "gate-1", pictures: [EventPicture] = []
  ) -> FaceEvent {
    let text = #"{"seed":"\#(seed)","event_time":\#(start + time)}"#
    return FaceEvent(
      id: EventID(milliseconds: start + time, outline: digest("outline " + seed), content: digest(seed)), contentDigest: digest(seed),
      lane: lane, form: .g2, encoding: .json, time: Timestamp(milliseconds: start + time), hasOwnTime: true,
      receivedAt: Timestamp(milliseconds: start + time + 1_000), person: person, score: Score(value: 0.875, scale: .unit),
      box: Box(code: box, origin: .field), endpoint: Endpoint(id: endpoint, name: endpoint.map { "the " + $0 }), pictures: pictures,
      originalText: SharedBytes(Array(text.utf8)), warnings: [],
      source: RequestSource(address: "192.0.2.10", path: "/recog/history"))
  }

  public static func picture(_ seed: String, _ role: PictureRole, byteCount: Int = 30_000, cutAt offset: Int? = 1) -> EventPicture {
    EventPicture(
      role: role, field: role.word + "_pic", digest: digest("picture " + seed), byteCount: byteCount,
      cut: offset.map { PictureCut(offset: $0, text: .canonical) })
  }

  public static func status(_ seed: String, at time: Int64 = 0, box: String = "BOX-A") -> StatusReport {
    StatusReport(
      form: .s2, encoding: .json, receivedAt: Timestamp(milliseconds: start + time), box: Box(code: box, origin: .field),
      originalText: SharedBytes(Array(#"{"status":"\#(seed)"}"#.utf8)), warnings: [],
      source: RequestSource(address: "192.0.2.10", path: "/status"))
  }

  public static func request(_ text: String, at time: Int64 = 0) -> QuarantinedRequest {
    let body = Array(text.utf8)
    return QuarantinedRequest(
      body: SharedBytes(body), digest: digest(text), reason: "not JSON", contentType: "application/json",
      source: RequestSource(address: "192.0.2.66", path: "/recog/history", query: "k=v"),
      receivedAt: Timestamp(milliseconds: start + time))
  }
}
