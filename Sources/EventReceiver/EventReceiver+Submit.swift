import EventCoding
import FaceEvents
import NIOCore

extension EventReceiver {
  /// Has a body understood and kept as if it had been posted to `path` as JSON by this machine. What cannot be understood goes to the
  /// quarantine, as always.
  ///
  /// - Returns: what its sender would have been answered: status, and JSON.
  public func submit(_ body: [UInt8], to path: String) async -> (httpStatus: Int, answer: String) {
    let storage = ByteStorage(capacity: body.count)
    body.withUnsafeBytes { storage.append($0) }
    let reception = Reception(
      kind: routes.kind(of: path) ?? .history, source: RequestSource(address: "127.0.0.1", path: path), contentType: "application/json")
    let result = await receive(reception, body: ReceivedBody(storage: storage))
    return (result.answer.code.httpStatus, String(buffer: result.answer.json))
  }

  /// Why events cannot be kept now; nil when they can.
  public var storageProblem: String? {
    let reasons = reasonsNotReady()
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }
}

extension Reception {
  /// Of what did not come over HTTP.
  fileprivate init(kind: RouteKind, source: RequestSource, contentType: String) {
    self.kind = kind
    self.source = source
    self.contentType = contentType
    encoding = .identity
    receivedAt = .now
    start = .now()
  }
}
