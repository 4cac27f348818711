import FaceEvents
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// A refusal in the box's own words (protocol.md 5.7, 5.8).
struct BoxConfigurationError: Error, Equatable {
  struct Code: Equatable, Sendable {
    var httpStatus: Int
    var number: Int
    var name: String

    static let badRequest = Code(httpStatus: 400, number: 40000, name: "BAD_REQUEST")
    static let empty = Code(httpStatus: 400, number: 40002, name: "EMPTY_REQUEST_JSON")
    static let boolean = Code(httpStatus: 400, number: 40005, name: "BOOLEAN_ARGUMENT_ERROR")
    static let parameter = Code(httpStatus: 400, number: 40091, name: "PARAM_ERROR")
    static let crossSite = Code(httpStatus: 403, number: 40000, name: "BAD_REQUEST")
    static let contentType = Code(httpStatus: 415, number: 41591, name: "CONTENT_TYPE_ERROR")
    static let failed = Code(httpStatus: 500, number: 50072, name: "SERVER_PROCESS_FAILED")
    static let noSpace = Code(httpStatus: 507, number: 400_005, name: "NOT_ENOUGH_SPACE_ERROR")
  }

  var code: Code
  /// Names the field, never repeats a value that may hold a password.
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  static let crossSite = BoxConfigurationError(
    .crossSite, "a page of another site asked for this; use the console of this node, or a program that is no browser")

  static func missing(_ field: String) -> BoxConfigurationError { BoxConfigurationError(.parameter, "\(field) is required") }

  static func parameter(_ field: String, _ rule: String) -> BoxConfigurationError { BoxConfigurationError(.parameter, "\(field) \(rule)") }

  /// - Parameters:
  ///   - urlField: what the request calls the target's URLs.
  ///   - place: of the target's one URL in the request; nil when the target has all of them.
  init(_ error: ForwardingError, urlField: String, place: Int? = nil) {
    switch error {
    case .invalid(let problem) where problem.field.hasPrefix("urls"):
      self = .parameter(urlField + (place.map { "[\($0)]" } ?? String(problem.field.dropFirst(4))), problem.message)
    case .invalid(let problem): self = .parameter(problem.field, problem.message)
    case .storage(.diskFull): self.init(.noSpace, "there is no space left to keep all of the configuration; make room, then send it again")
    case .storage, .noSuchTarget: self.init(.failed, "the configuration could not be kept; try again")
    }
  }
}

extension BoxConfigurationError: HTTPResponseError {
  var status: HTTPResponse.Status { HTTPResponse.Status(code: code.httpStatus) }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    try .json(Refusal(error: .init(code: code.number, message: message, status: code.name)), status: status)
  }
}

private struct Refusal: Encodable {
  struct Details: Encodable {
    var code: Int
    var message: String
    var status: String
  }
  var error: Details
}

extension Response {
  /// - Returns: the value as JSON with its members in a fixed order.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = ByteBuffer(bytes: try encoder.encode(value))
    return Response(status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: bytes))
  }
}
