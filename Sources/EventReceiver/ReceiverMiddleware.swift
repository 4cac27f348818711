import EventCoding
import EventKeeping
import FaceEvents
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Answers event paths itself, passes everything else on, and makes one kind of error out of all.
struct ReceiverMiddleware: RouterMiddleware {
  typealias Context = ReceiverContext

  let receiver: EventReceiver

  @concurrent func handle(
    _ request: Request, context: ReceiverContext, next: @concurrent (Request, ReceiverContext) async throws -> Response
  ) async throws -> Response {
    let arrival = context.connection?.take()
    receiver.metrics.requestStarted()
    defer { receiver.metrics.requestEnded() }
    let target = RequestTarget(request.head.path ?? "/")
    if let kind = receiver.routes.kind(of: target.path) {
      return await receiver.respond(to: request, kind: kind, target: target, arrival: arrival, peerAddress: context.peerAddress)
    }
    if case .refused(let refusal, _) = arrival?.outcome { return receiver.response(receiver.refused(refusal).answer) }
    do {
      return try await next(request, context)
    } catch {
      return try receiver.response(to: error, request: request, target: target, context: context)
    }
  }
}

extension EventReceiver {
  func respond(
    to request: Request, kind: RouteKind, target: RequestTarget, arrival: IntakeConnection.Arrival?, peerAddress: String
  ) async -> Response {
    switch request.method {
    case .post:
      let start = arrival?.start ?? .now()
      let reception = Reception(head: request.head, kind: kind, target: target, peerAddress: peerAddress, start: start)
      return await post(request, reception, arrival: arrival)
    case .get, .head:
      return help(for: target.path, kind: kind, request: request)
    case .options:
      return Response(status: .noContent, headers: [.allow: Self.allowedMethods])
    default:
      metrics.refused(.method)
      let message = "\(request.method.rawValue) is not for this path; POST an event to it, GET it to see what it takes"
      var response = response(.failed(.methodNotAllowed, message: message))
      response.headers[.allow] = Self.allowedMethods
      return response
    }
  }

  private static let allowedMethods = "GET, HEAD, OPTIONS, POST"

  private func post(_ request: Request, _ reception: Reception, arrival: IntakeConnection.Arrival?) async -> Response {
    let result: ReceptionResult
    let byteCount: Int
    switch arrival?.outcome {
    case .complete(let body):
      byteCount = body.byteCount
      result = await receive(reception, body: body)
    case .decoded(let decoded, let body):
      byteCount = body.byteCount
      result = await receive(reception, decoded: decoded)
    case .refused(let refusal, let count):
      byteCount = count
      result = refused(refusal)
    case nil:
      (result, byteCount) = await collectAndReceive(request, reception)
    }
    note(reception, result, byteCount: byteCount)
    return response(result.answer)
  }

  /// Counts and logs a request that is about to be answered.
  func note(_ reception: Reception, _ result: ReceptionResult, byteCount: Int) {
    let duration = NIODeadline.now() - reception.start
    metrics.answered(
      reception.kind, bodyBytes: byteCount, seconds: Double(duration.nanoseconds) / 1e9, elements: result.elements)
    if let onAnswered { onAnswered(AccessRecord(reception, result, byteCount: byteCount, duration: duration)) }
  }

  private func collectAndReceive(_ request: Request, _ reception: Reception) async -> (ReceptionResult, Int) {
    do {
      let length = reception.encoding == .identity ? request.headers[.contentLength].flatMap { Int($0) } : nil
      let body = try await collect(request.body, length: length)
      return (await receive(reception, body: body), body.byteCount)
    } catch BodyFailure.refused(let refusal) {
      return (refused(refusal), 0)
    } catch {
      logger.debug("a body could not be read", metadata: ["cause": .string("\(error)")])
      return (refused(.incomplete), 0)
    }
  }

  func response(_ answer: Answer) -> Response {
    let code = answer.code
    var headers: HTTPFields = [.contentType: "application/json"]
    if code.mayRetry { headers[.retryAfter] = String(settings.retryAfterSeconds) }
    return Response(
      status: HTTPResponse.Status(code: code.httpStatus), headers: headers, body: ResponseBody(byteBuffer: answer.json))
  }

  // MARK: Errors of other routes

  fileprivate func response(
    to error: any Error, request: Request, target: RequestTarget, context: ReceiverContext
  ) throws -> Response {
    switch error {
    case let error as HTTPError where error.status == .notFound && error.body == nil:
      return notFound(target, method: request.method, peerAddress: context.peerAddress)
    case let error as HTTPError:
      var response = response(
        .failed(.of(httpStatus: error.status.code), message: error.body ?? error.status.reasonPhrase.lowercased()))
      response.headers.append(contentsOf: error.headers)
      return response
    case let error as any HTTPResponseError:
      return try error.response(from: request, context: context)
    case is CancellationError:
      return response(.failed(.unavailable, message: "the receiver is stopping; send this again later"))
    default:
      metrics.refused(.internalError)
      logger.error(
        "a request failed unexpectedly",
        metadata: ["method": .string(request.method.rawValue), "route": .string(context.endpointPath ?? "?"), "cause": .string("\(error)")])
      return response(.failed(.internalError, message: "internal error"))
    }
  }

  private func notFound(_ target: RequestTarget, method: HTTPRequest.Method, peerAddress: String) -> Response {
    metrics.refused(.notFound)
    guard let near = routes.nearMiss(of: target.path) else {
      let known = RouteTable.builtIn.prefix(4).map(\.path).joined(separator: ", ")
      return response(.failed(.notFound, message: "nothing is here; events go to \(known) or an alias from the settings"))
    }
    logger.warning(
      "a path that is nearly right was asked for",
      metadata: ["peer": .string(peerAddress), "path": .string(String(target.path.prefix(256))), "meant": .string(near)])
    return response(.failed(.notFound, message: "nothing is here; did you mean \(near)? Paths are compared letter by letter, case counts"))
  }
}
