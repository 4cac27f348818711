public import Hummingbird
import NIOCore

/// What a route of the receiver's router gets along with a request.
public struct ReceiverContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  /// The sender's IP address without the port; an IPv4 address also when it came over IPv6.
  public let peerAddress: String
  let connection: IntakeConnection?

  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    connection = IntakeConnection.current
    peerAddress = connection?.peerAddress ?? source.channel.remoteAddress?.peerText ?? ""
  }
}
