import NIOCore

/// Stands before the HTTP decoder. Once a connection is answered for the last time it throws away what comes instead of having it decoded;
/// a decoder that has seen an error or an upgrade would gather it.
final class IntakeValve: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// Told how many bytes were thrown away. While nil everything passes.
  var onDiscard: ((Int) -> Void)?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let onDiscard else { return context.fireChannelRead(data) }
    onDiscard(unwrapInboundIn(data).readableBytes)
  }
}
