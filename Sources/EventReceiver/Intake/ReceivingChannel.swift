import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Hummingbird's HTTP/1 connection with ``IntakeHandler`` in it.
struct ReceivingChannel: ServerChildChannel, HTTPChannelHandler {
  struct Value: ServerChildChannelValue {
    let asyncChannel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    let connection: IntakeConnection

    var channel: any Channel { asyncChannel.channel }
  }

  let responder: HTTPChannelHandler.Responder
  let environment: IntakeEnvironment
  let decoderLimits: NIOHTTPDecoderLimitConfiguration

  init(responder: @escaping HTTPChannelHandler.Responder, environment: IntakeEnvironment) {
    self.responder = responder
    self.environment = environment
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = environment.settings.headerBytesMax
    limits.maxHeaderListSize = environment.settings.headerBytesMax
    limits.maxHeaderFieldCount = environment.settings.headerCountMax
    decoderLimits = limits
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let connection = IntakeConnection(peerAddress: channel.remoteAddress?.peerText ?? "")
      let size = ReceiveBufferSize()
      let valve = IntakeValve()
      try channel.syncOptions?.setOption(.recvAllocator, value: ReceiveBufferAllocator(size: size))
      // With more, NIO's pool would keep that many buffers of a connection.
      try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(valve)
      // Outbound fields are validated by HTTPTypes already; order and errors of requests are the intake's.
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoderLimits)
      try pipeline.addHandler(IntakeHandler(environment: environment, connection: connection, valve: valve, readSize: size))
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      let asyncChannel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
      return Value(asyncChannel: asyncChannel, connection: connection)
    }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
      await IntakeConnection.$current.withValue(value.connection) {
        await handleHTTP(asyncChannel: value.asyncChannel, logger: logger)
      }
    }
  }
}
