/// Why a request, or an element of one, was not taken: a label of the metrics, so the set is closed and small.
public enum RefusalReason: Int, Sendable, CaseIterable {
  case empty
  case malformed
  case notAnEvent
  case missingField
  case badPicture
  case tooLarge
  case contentType
  case timeout
  case incomplete
  case header
  case overloaded
  case closing
  case diskFull
  case storage
  case notFound
  case method
  case internalError

  var label: String {
    switch self {
    case .empty: "empty"
    case .malformed: "malformed"
    case .notAnEvent: "not_an_event"
    case .missingField: "missing_field"
    case .badPicture: "bad_picture"
    case .tooLarge: "too_large"
    case .contentType: "content_type"
    case .timeout: "timeout"
    case .incomplete: "incomplete"
    case .header: "header"
    case .overloaded: "overloaded"
    case .closing: "closing"
    case .diskFull: "disk_full"
    case .storage: "storage"
    case .notFound: "not_found"
    case .method: "method"
    case .internalError: "internal_error"
    }
  }
}
