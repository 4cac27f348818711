import EventCoding
import EventKeeping
import FaceEvents
import NIOCore
import NIOHTTP1

/// The short way: a request that is understood as a whole needs nothing but the keeper, and is answered without a task, a router and a
/// change of threads. At thousands of small events a second those cost more than everything that is done with an event.
extension IntakeHandler {
  /// - Returns: what the router has to do instead; nil when the request is answered here.
  func answerHere(_ request: Request, _ route: EventRoute, context: ChannelHandlerContext) -> IntakeOutcome? {
    let receiver = environment.receiver
    let reception = Reception(head: request.head, route: route, peerAddress: connection.peerAddress, start: request.start)
    guard reception.encoding == .identity, let storage = request.body.storage else { return .complete(request.body) }
    let decoded = receiver.decode(EncodedRequest(reception, body: storage))
    let items = decoded.items
    guard !items.isEmpty, items.count == decoded.elements.count else { return .decoded(decoded, request.body) }

    isAnsweringHere = true
    discardRest(after: request.head, context: context)
    environment.metrics.requestStarted()
    let loop = context.eventLoop
    let handler = NIOLoopBound((self, context), eventLoop: loop)
    let isArray = decoded.isArray
    // The body goes along: its memory is reserved until the answer is written.
    receiver.keeper.keep(items) { [body = request.body] kept in
      loop.execute {
        let result = receiver.result(of: items, isArray: isArray, kept: kept)
        receiver.note(reception, result, byteCount: body.byteCount)
        receiver.metrics.requestEnded()
        let (handler, context) = handler.value
        handler.answer(result.answer, context: context)
      }
    }
    return nil
  }

  private func answer(_ answer: Answer, context: ChannelHandlerContext) {
    isAnsweringHere = false
    // The connection may have ended meanwhile.
    guard machine.isOccupied else { return }
    let body = answer.json
    let code = answer.code
    var headers: HTTPHeaders = [
      "Content-Type": "application/json", "Content-Length": String(body.readableBytes), "Date": HTTPDate.current,
    ]
    if code.mayRetry { headers.add(name: "Retry-After", value: String(environment.settings.retryAfterSeconds)) }
    write(
      .head(HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code.httpStatus), headers: headers)),
      context: context)
    write(.body(.byteBuffer(body)), context: context)
    write(.end(nil), context: context)
    context.flush()
  }

  func discardRest(_ context: ChannelHandlerContext) {
    valve.onDiscard = discarder(context)
    backlog.removeAll()
  }

  func discardRest(after head: HTTPRequestHead, context: ChannelHandlerContext) {
    if !head.isKeepAlive || head.asksForUpgrade { discardRest(context) }
  }
}
