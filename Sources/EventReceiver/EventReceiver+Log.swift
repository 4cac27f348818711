import EventCoding
import FaceEvents
import Logging
import NIOCore

extension EventReceiver {
  /// One line a request. Ids and figures only: no names, pictures or query strings.
  func logAccess(_ reception: Reception, _ result: ReceptionResult, byteCount: Int, duration: TimeAmount) {
    guard settings.accessLog, logger.logLevel <= .info else { return }
    let code = result.answer.code
    var metadata: Logger.Metadata = [
      "lane": .string(reception.kind.rawValue),
      "peer": .string(reception.source.address),
      "bytes": .stringConvertible(byteCount),
      "ms": .stringConvertible(Double(duration.nanoseconds / 10_000) / 100),
      "status": .stringConvertible(code.httpStatus),
      "outcome": .string(result.outcome),
    ]
    if !result.ids.isEmpty { metadata["event"] = .string(result.ids.map(\.description).joined(separator: " ")) }
    if let box = result.boxCode { metadata["box"] = .string(String(box.prefix(128))) }
    logger.info("request", metadata: metadata)
  }
}

extension ReceptionResult {
  /// `stored`, `duplicate`, `status`, `quarantined`, the name of an error, or for an array how often each occurred.
  fileprivate var outcome: String {
    switch answer {
    case .single(let element): return element.outcome
    case .array(let elements):
      var counts: [String: Int] = [:]
      for element in elements { counts[element.outcome, default: 0] += 1 }
      return counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
  }
}

extension ElementAnswer {
  fileprivate var outcome: String {
    switch self {
    case .event(_, let isDuplicate, _): isDuplicate ? "duplicate" : "stored"
    case .status: "status"
    case .quarantined: "quarantined"
    case .failed(let code, _): code.name
    }
  }
}
