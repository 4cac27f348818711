import FaceEvents
import Hummingbird
import NIOCore
import Synchronization

extension EventReceiver {
  /// The body as its sender meant it: decompressed, within the limits. The memory is reserved in `body`.
  func decompressed(_ body: inout ReceivedBody, encoding: ContentEncoding) async throws(BodyFailure) -> ByteStorage {
    let received = body.storage ?? ByteStorage(capacity: 0)
    switch encoding {
    case .identity: return received
    case .unsupported(let name): throw .unsupportedEncoding(name)
    case .gzip, .deflate: break
    }
    let output = ByteStorage(capacity: min(4 * received.count, 256 << 10))
    guard var inflater = Inflater(received, encoding: encoding, into: output) else { throw .refused(.overloaded) }
    var room = min(settings.bodyBytesMax, body.reservations.reduce(0) { $0 + $1.bytes } - received.count)
    while true {
      switch inflater.run(room: room) {
      case .finished: return output
      case .damaged: throw .damagedCompression(encoding)
      case .needsRoom:
        guard room < settings.bodyBytesMax else { throw .refused(.tooLarge(limit: settings.bodyBytesMax)) }
        try await reserveGreatest(for: &body)
        output.reserve(settings.bodyBytesMax)
        room = settings.bodyBytesMax
      }
    }
  }

  private func reserveGreatest(for body: inout ReceivedBody) async throws(BodyFailure) {
    guard let reservation = body.reservations.last else {
      body.reservations.append(try await reserve { admission.reserve(length: settings.bodyBytesMax, onGrant: $0) })
      return
    }
    guard reservation.share.lane == .small else { return }
    body.reservations.append(try await reserve { admission.reserveMore(after: reservation, onGrant: $0) })
  }

  /// Waits for memory as long as a request may wait.
  private func reserve(_ request: (@escaping BodyAdmission.Grant) -> BodyAdmission.Decision?) async throws(BodyFailure) -> Reservation {
    let (grants, grant) = AsyncStream.makeStream(of: Reservation.self, bufferingPolicy: .bufferingNewest(1))
    switch request({ grant.yield($0) }) {
    case .granted(let reservation): return reservation
    case nil: throw .refused(.overloaded)
    case .waiting(let ticket):
      let timer = Task {  // safe: ends with the wait, below
        try await Task.sleep(for: settings.admissionWaitMax)  // safe: this is the time limit itself
        grant.finish()
      }
      defer {
        timer.cancel()
        admission.withdraw(ticket)
      }
      for await reservation in grants { return reservation }
      throw .refused(.overloaded)
    }
  }

  /// Collects a body that did not come through ``IntakeHandler``: HTTP/2, or a test that talks to the router.
  func collect(_ body: RequestBody, length: Int?) async throws -> ReceivedBody {
    let limit = settings.bodyBytesMax
    if let length, length > limit { throw BodyFailure.refused(.tooLarge(limit: limit)) }
    let reservation = try await reserve { admission.reserve(length: length, onGrant: $0) }
    var received = ReceivedBody(storage: ByteStorage(capacity: length ?? 4096), reservations: [reservation])
    for try await buffer in body {
      guard received.byteCount + buffer.readableBytes <= limit else { throw BodyFailure.refused(.tooLarge(limit: limit)) }
      buffer.withUnsafeReadableBytes { received.storage?.append($0) }
      if length == nil, received.byteCount > reservation.bytes, received.reservations.count == 1 {
        try await reserveGreatest(for: &received)
      }
    }
    return received
  }
}
