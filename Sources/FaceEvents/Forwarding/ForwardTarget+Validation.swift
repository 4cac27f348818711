/// What is wrong with a target: the field, the rule, what to do. Never a value that may be secret.
public struct TargetProblem: Error, Sendable, Equatable, Codable, CustomStringConvertible {
  /// In the words of ``ForwardTarget``'s encoded form.
  public var field: String
  public var message: String

  public init(field: String, message: String) {
    self.field = field
    self.message = message
  }

  public var description: String { "\(field): \(message)" }
}

extension ForwardTarget {
  public static let urlsMax = 16
  public static let headersMax = 32
  /// Fields of the request that the node itself writes.
  private static let ownHeaders: Set<String> = [
    "host", "content-length", "content-type", "transfer-encoding", "connection", "idempotency-key", "user-agent", "expect",
  ]

  /// - Throws: the first problem.
  public func validate() throws(TargetProblem) {
    try validateNames()
    try validateURLs()
    try check("periodSeconds", periodSeconds, 1...86_400, "seconds")
    try check("batch", batch, 1...100, "events")
    try check("concurrency", concurrency, 1...64, "requests")
    try check("timeoutMilliseconds", timeoutMilliseconds, 100...600_000, "milliseconds")
    try validateHeaders()
    if lane == .status, format != .json { throw TargetProblem(field: "format", message: "status reports are only sent as json") }
    if classes?.isEmpty == true {
      throw TargetProblem(field: "classes", message: "no class is left to send; name at least one, or leave it out to send all")
    }
    if let scoreMin, !(0...1).contains(scoreMin) {
      throw TargetProblem(field: "scoreMin", message: "must be from 0 to 1; a score of 82 percent is 0.82")
    }
    guard (tls.certificateFile == nil) == (tls.keyFile == nil) else {
      throw TargetProblem(field: "tls", message: "certificateFile and keyFile go together; give both or neither")
    }
  }

  private func validateNames() throws(TargetProblem) {
    let isID = id.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
    }
    guard isID, (1...64).contains(id.utf8.count) else {
      throw TargetProblem(field: "id", message: "must be 1 to 64 of the characters a-z 0-9 - _ .")
    }
    guard (1...200).contains(name.utf8.count), name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw TargetProblem(field: "name", message: "must be 1 to 200 bytes of text without control characters")
    }
  }

  private func validateURLs() throws(TargetProblem) {
    guard !urls.isEmpty else {
      throw TargetProblem(field: "urls", message: "is empty; give a URL such as http://192.0.2.7:9528/HistoryEvent")
    }
    if lane != .realtime, urls.count > 1 {
      throw TargetProblem(
        field: "urls", message: "a \(lane.rawValue) target has one URL; make a target of each, so that none delays another")
    }
    guard urls.count <= Self.urlsMax else { throw TargetProblem(field: "urls", message: "are more than \(Self.urlsMax)") }
    for (number, text) in urls.enumerated() {
      if let problem = TargetURL.problem(text) { throw TargetProblem(field: "urls[\(number)]", message: problem) }
    }
  }

  private func validateHeaders() throws(TargetProblem) {
    guard headers.count <= Self.headersMax else { throw TargetProblem(field: "headers", message: "are more than \(Self.headersMax)") }
    for header in headers {
      let name = header.name.lowercased()
      let isToken = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array("\"(),/:;<=>?@[\\]{}".utf8).contains($0) }
      guard isToken, name.utf8.count <= 100 else {
        throw TargetProblem(field: "headers", message: "a name is not one of an HTTP field; use letters, digits and -")
      }
      guard !Self.ownHeaders.contains(name) else {
        throw TargetProblem(field: "headers", message: "\(name) is written by the node itself; leave it out")
      }
      guard header.value != TargetURL.mask else {
        throw TargetProblem(field: "headers", message: "\(name) has \(TargetURL.mask) where its value was; give the value itself")
      }
      guard header.value.utf8.count <= 4_096, header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw TargetProblem(field: "headers", message: "the value of \(name) holds a control character or is longer than 4096 bytes")
      }
    }
  }

  private func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>, _ unit: String) throws(TargetProblem) {
    guard range.contains(value) else {
      throw TargetProblem(field: field, message: "is \(value); it must be \(range.lowerBound) to \(range.upperBound) \(unit)")
    }
  }
}
