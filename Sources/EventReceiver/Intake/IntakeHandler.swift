import FaceEvents
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// Does on a connection what ``IntakeStateMachine`` says: collects bodies into memory that was reserved for them, reads the socket only when
/// the bytes have a place to go, keeps the times, and hands complete requests on.
final class IntakeHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// A request while it is collected.
  struct Request {
    var head: HTTPRequestHead
    /// Set when its body goes to the event receiver, as a whole; any other route gets it as an ordinary body.
    var route: EventRoute?
    var start: NIODeadline
    var length: Int?
    var bytesMax: Int
    var body = ReceivedBody()

    /// All of it when that is known and allowed, else what a small read brings.
    var capacityToStart: Int { body.reservations.isEmpty ? min(length ?? 4096, 4096) : length ?? 4096 }

    /// Makes room at once, since growing by copies needs the old and the new memory together. Memory that is not written costs nothing.
    mutating func admitted(_ reservation: Reservation) {
      body.reservations.append(reservation)
      body.storage?.reserve(length ?? (body.reservations.count > 1 ? bytesMax : 0))
    }
  }

  let environment: IntakeEnvironment
  let connection: IntakeConnection
  let valve: IntakeValve
  let readSize: ReceiveBufferSize
  var machine: IntakeStateMachine
  var request: Request?
  var ticket: BodyAdmission.Ticket?
  /// What was sent ahead while a request is answered. Bounded: see ``backlogBytesMax``.
  var backlog = CircularBuffer<HTTPServerRequestPart>()
  private var backlogBytes = 0
  /// Memory of a body that went on as an ordinary one, until its request is answered.
  var reservationsInUse: [Reservation] = []
  private var isReadHeld = false
  /// Between a read and its completion, when NIO itself tells the next handler about the completion.
  private var isReading = false
  /// Whether the request under way is answered here: the next handler does not know of it.
  var isAnsweringHere = false
  private var isOldVersion = false
  private var timer: Scheduled<Void>?
  /// Since when nothing more is taken off the answer; nil while there is room for more of it.
  private var unwritableSince: NIODeadline?

  static let backlogBytesMax = 64 << 10
  /// Rough size of a part that is not body bytes.
  private static let partBytes = 512

  init(environment: IntakeEnvironment, connection: IntakeConnection, valve: IntakeValve, readSize: ReceiveBufferSize) {
    self.environment = environment
    self.connection = connection
    self.valve = valve
    self.readSize = readSize
    machine = IntakeStateMachine(limits: environment.limits, now: .now())
  }

  func handlerAdded(context: ChannelHandlerContext) {
    environment.metrics.connectionOpened()
    scheduleTick(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    valve.onDiscard = nil
    forgetRequest()
    environment.metrics.connectionClosed()
  }

  func channelInactive(context: ChannelHandlerContext) {
    machine.channelClosed()
    forgetRequest()
    context.fireChannelInactive()
  }

  // MARK: In

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    let part = unwrapInboundIn(data)
    // The rest of a read whose request was refused in the middle of it.
    if valve.onDiscard != nil { return }
    if machine.isOccupied || !backlog.isEmpty { keepForLater(part, context: context) } else { receive(part, context: context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if request == nil, backlog.isEmpty { machine.partOfHeadReceived(now: .now()) }
    isReading = false
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if machine.mayRead, backlog.isEmpty { context.read() } else { isReadHeld = true }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    let reason: HeaderRefusal = error == .headerOverflow ? .tooLarge : .malformed
    perform(machine.parserFailed(reason, hasMore: !backlog.isEmpty, now: .now()), context: context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      // The next handler stops listening when it hears of this, so it must not while a request may still be handed on.
      if machine.isOccupied, !isAnsweringHere, backlog.isEmpty, request == nil { context.fireUserInboundEventTriggered(event) }
      perform(machine.inputClosed(hasMore: !backlog.isEmpty, now: .now()), context: context)
    case is ChannelShouldQuiesceEvent:
      perform(machine.stopping(now: .now()), context: context)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  // MARK: Out

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : .now()
    context.fireChannelWritabilityChanged()
  }

  /// Long answers (a stream, an export) go at the pace of their reader. One that does not read at all must not hold memory and a task.
  private func closeIfStalled(context: ChannelHandlerContext) {
    guard let since = unwritableSince, .now() - since >= TimeAmount(environment.settings.answerStallTimeout) else { return }
    unwritableSince = nil
    environment.logger.info("a reader of an answer took nothing of it for too long", metadata: ["peer": .string(connection.peerAddress)])
    context.close(promise: nil)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    write(unwrapOutboundIn(data), context: context, promise: promise)
  }

  func write(_ part: HTTPServerResponsePart, context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
    switch part {
    case .head(var head) where head.status.code >= 200:
      if machine.closesAfterAnswer(hasMore: !backlog.isEmpty) {
        head.headers.replaceOrAdd(name: "connection", value: "close")
      } else if isOldVersion {
        head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .end:
      answerEnds(with: part, context: context, promise: promise)
    default:
      context.write(wrapOutboundOut(part), promise: promise)
    }
  }

  private func answerEnds(with part: HTTPServerResponsePart, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
    reservationsInUse = []
    let action = machine.answerWritten(hasMore: !backlog.isEmpty, now: .now())
    adaptReads()
    guard action == .linger else {
      context.write(wrapOutboundOut(part), promise: promise)
      return perform(action, context: context)
    }
    let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
    shutOutputDown(after: promise, context: context)
    context.write(wrapOutboundOut(part), promise: promise)
    readIfHeld(context)
  }

  // MARK: For the extensions

  /// Looks at what was sent ahead, up to the next complete request.
  func catchUp(context: ChannelHandlerContext) {
    while !machine.isOccupied, let part = backlog.popFirst() {
      backlogBytes -= Self.size(of: part)
      receive(part, context: context)
    }
    if backlog.isEmpty { perform(machine.caughtUp(now: .now()), context: context) }
    readIfHeld(context)
  }

  func note(version: HTTPVersion) {
    isOldVersion = version.minor == 0
  }

  /// What the next handler got from us is complete; in the middle of a read NIO says so itself.
  func finishDelivery(context: ChannelHandlerContext) {
    if !isReading { context.fireChannelReadComplete() }
  }

  func readIfHeld(_ context: ChannelHandlerContext) {
    guard isReadHeld, machine.mayRead, backlog.isEmpty else { return }
    isReadHeld = false
    context.read()
  }

  func adaptReads() {
    readSize.bytes = machine.readSize.rawValue
  }

  private func keepForLater(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
    backlog.append(part)
    backlogBytes += Self.size(of: part)
    guard backlogBytes > Self.backlogBytesMax else { return }
    backlog.removeAll()
    backlogBytes = 0
    valve.onDiscard = discarder(context)
    perform(machine.overflowed(), context: context)
  }

  private static func size(of part: HTTPServerRequestPart) -> Int {
    if case .body(let bytes) = part { bytes.readableBytes + partBytes } else { partBytes }
  }

  private func scheduleTick(_ context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: environment.tick) {
      let isContended = self.environment.admission.waitingCount > 0
      self.perform(self.machine.ticked(now: .now(), isContended: isContended), context: context)
      self.closeIfStalled(context: context)
      // Until the handler is removed: the channel may not be active yet.
      if self.timer != nil { self.scheduleTick(context) }
    }
  }
}

@available(*, unavailable)
extension IntakeHandler: Sendable {}
