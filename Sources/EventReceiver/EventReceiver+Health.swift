import EventKeeping
import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

extension EventReceiver {
  /// How long a failed commit counts: without traffic nothing would ever show that the store works again.
  private static let failureMemory = Duration.seconds(30)

  /// The process is alive: it can answer.
  func healthResponse() -> Response {
    var writer = JSONWriter()
    writer.object { $0.member("status", "alive") }
    return Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: writer.buffer))
  }

  /// Events can be stored, or why not.
  func readinessResponse() -> Response {
    let reasons = reasonsNotReady()
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("status", reasons.isEmpty ? "ready" : "not ready")
      writer.member("reasons", reasons)
    }
    var headers: HTTPFields = [.contentType: "application/json"]
    if !reasons.isEmpty { headers[.retryAfter] = String(settings.retryAfterSeconds) }
    return Response(
      status: reasons.isEmpty ? .ok : .serviceUnavailable, headers: headers, body: ResponseBody(byteBuffer: writer.buffer))
  }

  func reasonsNotReady() -> [String] {
    var reasons: [String] = []
    let health = keeper.health
    switch health.phase {
    case .notStarted: reasons.append("the store is not open yet")
    case .closed: reasons.append("the receiver is stopping")
    case .running: break
    }
    if let failure = health.failure, let at = health.failedAt, at.duration(to: .now) < Self.failureMemory {
      reasons.append("the last commit failed: \(failure)")
    }
    do {
      let free = try pictures.freeBytes()
      if free < settings.diskReserveBytes {
        reasons.append("\(free) bytes of disk are free, \(settings.diskReserveBytes) are kept in reserve")
      }
    } catch {
      reasons.append("the free space of the disk is unknown: \(error)")
    }
    return reasons
  }
}
