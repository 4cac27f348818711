import FaceEvents
import HTTPTypes

/// What a page shows instead of itself.
struct PageFailure: Error {
  var status: HTTPResponse.Status
  /// Key of the sentence for people.
  var text: String
  /// What there is to add, in the node's own words.
  var detail: String?

  init(_ status: HTTPResponse.Status, _ text: String, _ detail: String? = nil) {
    self.status = status
    self.text = text
    self.detail = detail
  }

  init(_ error: any Error) {
    switch error {
    case let failure as PageFailure: self = failure
    case let error as StorageError: self.init(.serviceUnavailable, "storage_failed", error.description)
    case ForwardingError.noSuchTarget(let id): self.init(.notFound, "no_such_target", id)
    case ForwardingError.invalid(let problem): self.init(.badRequest, "bad_target", problem.description)
    case ForwardingError.storage(let error): self.init(.serviceUnavailable, "storage_failed", error.description)
    default: self.init(.internalServerError, "internal_error")
    }
  }
}
