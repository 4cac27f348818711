/// An outcome as boxes know it (protocol.md 5.8), with the HTTP status that goes with it.
struct AnswerCode: Sendable, Equatable {
  let httpStatus: Int
  let code: Int
  let name: String

  static let success = AnswerCode(httpStatus: 200, code: 0, name: "SUCCESS")
  static let badRequest = AnswerCode(httpStatus: 400, code: 40000, name: "BAD_REQUEST")
  static let empty = AnswerCode(httpStatus: 400, code: 40002, name: "EMPTY_REQUEST_JSON")
  static let notFound = AnswerCode(httpStatus: 404, code: 40400, name: "NOT_FOUND")
  static let methodNotAllowed = AnswerCode(httpStatus: 405, code: 40000, name: "BAD_REQUEST")
  static let timeout = AnswerCode(httpStatus: 408, code: 40000, name: "BAD_REQUEST")
  static let tooLarge = AnswerCode(httpStatus: 413, code: 41300, name: "PAYLOAD_TOO_LARGE")
  static let contentType = AnswerCode(httpStatus: 415, code: 41591, name: "CONTENT_TYPE_ERROR")
  static let parameter = AnswerCode(httpStatus: 422, code: 40091, name: "PARAM_ERROR")
  static let picture = AnswerCode(httpStatus: 422, code: 40003, name: "IMAGE_ERROR")
  static let headerTooLarge = AnswerCode(httpStatus: 431, code: 40000, name: "BAD_REQUEST")
  static let internalError = AnswerCode(httpStatus: 500, code: 50072, name: "SERVER_PROCESS_FAILED")
  static let unavailable = AnswerCode(httpStatus: 503, code: 50072, name: "SERVER_PROCESS_FAILED")
  static let diskFull = AnswerCode(httpStatus: 507, code: 400005, name: "NOT_ENOUGH_SPACE_ERROR")

  /// Whether the same request may be accepted later, so that the answer says when.
  var mayRetry: Bool { httpStatus == 503 || httpStatus == 507 }

  /// For errors of routes that are not ours.
  static func of(httpStatus: Int) -> AnswerCode {
    switch httpStatus {
    case 404: .notFound
    case 405: .methodNotAllowed
    case 408: .timeout
    case 413: .tooLarge
    case 415: .contentType
    case 422: .parameter
    case 503: .unavailable
    case 507: .diskFull
    case 500...: AnswerCode(httpStatus: httpStatus, code: 50072, name: "SERVER_PROCESS_FAILED")
    default: AnswerCode(httpStatus: httpStatus, code: 40000, name: "BAD_REQUEST")
    }
  }
}
