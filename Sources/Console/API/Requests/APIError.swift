import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore

/// A refusal in the box's own words (protocol.md 5.7, 5.8). The message names the parameter or member, what is wrong with it, and what to do.
struct APIError: Error, Equatable {
  var httpStatus: Int
  var number: Int
  var name: String
  var message: String
  var headers = HTTPFields()

  init(_ httpStatus: Int, _ number: Int, _ name: String, _ message: String) {
    self.httpStatus = httpStatus
    self.number = number
    self.name = name
    self.message = message
  }

  static func badRequest(_ message: String) -> APIError { APIError(400, 40000, "BAD_REQUEST", message) }

  static func crossSite() -> APIError {
    APIError(
      403, 40000, "BAD_REQUEST", "a page of another site asked for this; open the console of this node, or use a program that is no browser"
    )
  }

  static func notFound(_ message: String) -> APIError { APIError(404, 40401, "ID_NOT_FOUND", message) }

  static func methodNotAllowed(_ method: String, allowed: [String]) -> APIError {
    var error = APIError(
      405, 40000, "BAD_REQUEST", "\(method) is not for this path; it takes \(allowed.joined(separator: ", "))")
    error.headers[.allow] = allowed.joined(separator: ", ")
    return error
  }

  static func conflict(_ message: String) -> APIError { APIError(409, 40011, "IDENTITY_EXSIT_ERROR", message) }

  static func damaged(_ message: String) -> APIError { APIError(410, 40491, "NOT_FOUND", message) }

  static func tooLarge(limit: Int) -> APIError {
    APIError(413, 41300, "PAYLOAD_TOO_LARGE", "the body is larger than \(limit) bytes, the most that this path takes")
  }

  static func contentType() -> APIError {
    APIError(415, 41591, "CONTENT_TYPE_ERROR", "the body must be JSON; send it with Content-Type: application/json")
  }

  static func range(byteCount: Int) -> APIError {
    var error = APIError(416, 40091, "PARAM_ERROR", "Range asks for bytes that are not there; there are \(byteCount)")
    error.headers[.contentRange] = "bytes */\(byteCount)"
    return error
  }

  /// - Parameter rule: what it must be; never repeats a value that may be secret.
  static func parameter(_ name: String, _ rule: String) -> APIError { APIError(422, 40091, "PARAM_ERROR", "\(name) \(rule)") }

  static func unavailable(_ message: String) -> APIError {
    var error = APIError(503, 50072, "SERVER_PROCESS_FAILED", message)
    error.headers[.retryAfter] = "5"
    return error
  }

  static func noSpace() -> APIError {
    var error = APIError(507, 400_005, "NOT_ENOUGH_SPACE_ERROR", "there is no space left to keep this; nothing was changed")
    error.headers[.retryAfter] = "5"
    return error
  }
}

extension APIError {
  /// What the caller should know of a failure of the store; nil for one that only the operator can do something about.
  init?(_ error: StorageError) {
    switch error {
    case .damaged:
      self = .damaged("what is stored is damaged and is not given out; the node's operator can see more with fogcatcher verify")
    case .diskFull: self = .noSpace()
    case .closed: self = .unavailable("the node is stopping; ask again later")
    case .schemaTooNew, .locked, .failed: return nil
    }
  }

  init?(_ error: ForwardingError) {
    switch error {
    case .noSuchTarget: self = .notFound("there is no such target; GET /api/v1/targets lists those there are")
    case .invalid(let problem): self = .parameter(TargetJSON.word(forField: problem.field), problem.message)
    case .storage(let error):
      guard let known = APIError(error) else { return nil }
      self = known
    }
  }

  /// Makes what a source threw into an answer. What has none goes on as it is: the receiver logs it and says "internal error".
  static func of(_ error: any Error) -> any Error {
    switch error {
    case let error as StorageError: APIError(error) ?? error
    case let error as ForwardingError: APIError(error) ?? error
    default: error
    }
  }
}

extension APIError: HTTPResponseError {
  var status: HTTPResponse.Status { HTTPResponse.Status(code: httpStatus) }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var line = JSONLine()
    line.object { line in
      line.member("status", number)
      line.member("message", message)
      line.key("error")
      line.object { line in
        line.member("code", number)
        line.member("message", message)
        line.member("status", name)
      }
    }
    var headers = headers
    headers[.contentType] = "application/json"
    headers[.cacheControl] = "no-store"
    return Response(
      status: status, headers: headers, body: request.method == .head ? .init() : ResponseBody(byteBuffer: ByteBuffer(bytes: line.bytes)))
  }
}
