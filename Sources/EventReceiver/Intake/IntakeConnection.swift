import EventCoding
import FaceEvents
import NIOCore
import Synchronization

/// What a request brought besides its header.
enum IntakeOutcome: Sendable {
  case complete(ReceivedBody)
  /// The same, decoded already; part of it could not be understood.
  case decoded(DecodedRequest, ReceivedBody)
  /// Not read to its end; `byteCount` came.
  case refused(IntakeRefusal, byteCount: Int)
}

/// A whole body and the memory that is reserved for it. Whoever holds it holds the memory.
struct ReceivedBody: Sendable {
  /// Nil when nothing was sent.
  var storage: ByteStorage?
  var reservations: [Reservation] = []

  var byteCount: Int { storage?.count ?? 0 }
}

/// One connection, as the request handler sees it: the connection's channel handler puts in what came with the request, the request handler
/// takes it out. There is never more than one request at a time.
final class IntakeConnection: Sendable {
  @TaskLocal static var current: IntakeConnection?

  struct Arrival: Sendable {
    var outcome: IntakeOutcome
    /// When the header was complete.
    var start: NIODeadline
  }

  /// Without the port.
  let peerAddress: String
  private let arrival = Mutex<Arrival?>(nil)

  init(peerAddress: String) {
    self.peerAddress = peerAddress
  }

  func put(_ new: Arrival) {
    arrival.withLock { $0 = new }
  }

  func take() -> Arrival? {
    arrival.withLock { $0.take() }
  }
}

extension SocketAddress {
  /// The IP address as people write it: no port, and an IPv4 address that arrived over IPv6 as IPv4. Empty for anything but IP.
  var peerText: String {
    guard let address = ipAddress else { return "" }
    let mapped = "::ffff:"
    guard address.hasPrefix(mapped), address.contains(".") else { return address }
    return String(address.dropFirst(mapped.count))
  }
}
