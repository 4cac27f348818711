import FaceEvents
import Logging
import NIOCore
import NIOHTTP1

extension IntakeHandler {
  func receive(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    switch part {
    case .head(let head): begin(head, now: now, context: context)
    case .body(let bytes): collect(bytes, now: now, context: context)
    case .end: perform(machine.endReceived(now: now), context: context)
    }
    adaptReads()
  }

  private func begin(_ head: HTTPRequestHead, now: NIODeadline, context: ChannelHandlerContext) {
    note(version: head.version)
    let route = head.method == .POST ? environment.receiver.routes.route(of: head.uri) : nil
    let bytesMax = route == nil ? environment.settings.otherBodyBytesMax : environment.settings.bodyBytesMax
    let summary = IntakeStateMachine.Head(head, bytesMax: bytesMax)
    request = Request(head: head, route: route, start: now, length: summary.knownLength, bytesMax: bytesMax)
    perform(machine.headReceived(summary, now: now), context: context)
  }

  private func collect(_ bytes: ByteBuffer, now: NIODeadline, context: ChannelHandlerContext) {
    let action = machine.bodyReceived(bytes.readableBytes, now: now)
    if action != .none, let capacity = request?.capacityToStart {
      if request?.body.storage == nil { request?.body.storage = ByteStorage(capacity: capacity) }
      bytes.withUnsafeReadableBytes { request?.body.storage?.append($0) }
    }
    perform(action, context: context)
  }

  func perform(_ action: IntakeStateMachine.Action, context: ChannelHandlerContext) {
    switch action {
    case .none, .append: break
    case .reserve(let length): reserve(length: length, context: context)
    case .reserveMore: reserveMore(context: context)
    case .sendContinue: sendContinue(context: context)
    case .handOver: handOver(refusal: nil, context: context)
    case .refuse(let reason): handOver(refusal: reason, context: context)
    case .reject(let reason): reject(reason, context: context)
    case .close: context.close(promise: nil)
    case .linger: valve.onDiscard = discarder(context)
    case .nextRequest: catchUpLater(context: context)
    }
    adaptReads()
    readIfHeld(context)
  }

  // MARK: Memory

  private func reserve(length: Int?, context: ChannelHandlerContext) {
    settle(environment.admission.reserve(length: length, onGrant: grant(context)), context: context)
  }

  private func reserveMore(context: ChannelHandlerContext) {
    guard let share = request?.body.reservations.last else { return }
    guard let decision = environment.admission.reserveMore(after: share, onGrant: grant(context)) else { return }
    settle(decision, context: context)
  }

  private func settle(_ decision: BodyAdmission.Decision, context: ChannelHandlerContext) {
    switch decision {
    case .granted(let reservation): admit(reservation, context: context)
    case .waiting(let ticket):
      self.ticket = ticket
      perform(machine.mustWait(now: .now()), context: context)
    }
  }

  private func grant(_ context: ChannelHandlerContext) -> BodyAdmission.Grant {
    let loop = context.eventLoop
    let handler = NIOLoopBound((self, context), eventLoop: loop)
    return { reservation in
      loop.execute {
        let (handler, context) = handler.value
        handler.ticket = nil
        handler.admit(reservation, context: context)
      }
    }
  }

  private func admit(_ reservation: Reservation, context: ChannelHandlerContext) {
    // A request that ended while its grant was on the way lets go of it here.
    guard request != nil else { return }
    request?.admitted(reservation)
    perform(machine.admitted(bytes: reservation.bytes, now: .now()), context: context)
  }

  func forgetRequest() {
    if let ticket { environment.admission.withdraw(ticket) }
    ticket = nil
    request = nil
    backlog.removeAll()
    reservationsInUse = []
  }

  // MARK: Handing on

  private func handOver(refusal: IntakeRefusal?, context: ChannelHandlerContext) {
    guard let request else { return }
    let byteCount = request.body.byteCount
    self.request = nil
    if let ticket { environment.admission.withdraw(ticket) }
    ticket = nil
    var outcome = refusal.map { IntakeOutcome.refused($0, byteCount: byteCount) } ?? .complete(request.body)
    if let route = request.route {
      if refusal == nil {
        guard let rest = answerHere(request, route, context: context) else { return }
        outcome = rest
      }
    } else {
      reservationsInUse = request.body.reservations
    }
    connection.put(IntakeConnection.Arrival(outcome: outcome, start: request.start))
    if refusal != nil { discardRest(context) } else { discardRest(after: request.head, context: context) }
    context.fireChannelRead(wrapInboundOut(.head(request.head)))
    if request.route == nil, refusal == nil, let bytes = request.body.storage?.bytes {
      context.fireChannelRead(wrapInboundOut(.body(context.channel.allocator.buffer(bytes: UnsafeRawBufferPointer(bytes)))))
    }
    context.fireChannelRead(wrapInboundOut(.end(nil)))
    finishDelivery(context: context)
  }

  private func sendContinue(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
  }

  /// The answer of the request before is being written while this is decided; its writer must be done first.
  private func catchUpLater(context: ChannelHandlerContext) {
    guard !backlog.isEmpty else { return }
    context.eventLoop.assumeIsolated().execute { self.catchUp(context: context) }
  }

  // MARK: Ends

  func discarder(_ context: ChannelHandlerContext) -> (Int) -> Void {
    { count in self.perform(self.machine.discarded(count), context: context) }
  }

  /// Answers a connection that has no request that could be handed on.
  private func reject(_ reason: HeaderRefusal, context: ChannelHandlerContext) {
    valve.onDiscard = discarder(context)
    environment.metrics.refused(reason)
    let (code, message) = reason.answer(environment: environment)
    let body = Answer.failed(code, message: message).json
    var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code.httpStatus))
    head.headers = [
      "content-type": "application/json", "content-length": String(body.readableBytes), "connection": "close",
    ]
    environment.logger.info(
      "request refused before its header was complete",
      metadata: ["peer": .string(connection.peerAddress), "status": .stringConvertible(code.httpStatus)])
    let promise = context.eventLoop.makePromise(of: Void.self)
    shutOutputDown(after: promise, context: context)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
  }

  /// Lets the sender see the end of the answer, and read it before the connection goes away: closing with unread input would reset it.
  func shutOutputDown(after written: EventLoopPromise<Void>, context: ChannelHandlerContext) {
    valve.onDiscard = discarder(context)
    written.futureResult.assumeIsolated().whenComplete { _ in
      if self.machine.inputEnd == .closed {
        context.close(promise: nil)
      } else {
        context.close(mode: .output, promise: nil)
      }
    }
  }
}

extension IntakeStateMachine.Head {
  init(_ head: HTTPRequestHead, bytesMax: Int) {
    let encoding = head.headers.first(name: "content-encoding")
    self.init(
      length: head.headers.first(name: "content-length").flatMap { Int($0) },
      isChunked: head.headers.contains(name: "transfer-encoding"),
      isEncoded: encoding.map { !$0.isEmpty && $0.lowercased() != "identity" } ?? false,
      bytesMax: bytesMax,
      expectsContinue: head.version.minor > 0 && head.headers.first(name: "expect")?.lowercased() == "100-continue",
      keepsAlive: head.isKeepAlive && !head.asksForUpgrade)
  }
}

extension HTTPRequestHead {
  /// NIO's decoder stops for good after such a request. We go on in HTTP/1.1, which RFC 9110 section 7.8 allows, on a new connection.
  var asksForUpgrade: Bool { method == .CONNECT || headers.contains(name: "upgrade") }
}

extension HeaderRefusal {
  func answer(environment: IntakeEnvironment) -> (AnswerCode, message: String) {
    switch self {
    case .malformed:
      (.badRequest, "this is not a well-formed HTTP/1.1 request")
    case .tooLarge:
      (.headerTooLarge, "the header is larger or has more fields than is allowed; send fewer or shorter header fields")
    case .timeout:
      (.timeout, "the header was not complete in time; send it without pauses")
    }
  }
}
