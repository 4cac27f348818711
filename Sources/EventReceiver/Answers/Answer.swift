import FaceEvents
import NIOCore

/// What became of one event, status report or element of an array.
enum ElementAnswer: Sendable, Equatable {
  case event(id: EventID, isDuplicate: Bool, warnings: [String])
  case status(warnings: [String])
  /// Not understood, kept for a person to look at, and accepted because the settings say so.
  case quarantined(reason: String)
  case failed(AnswerCode, message: String)

  var code: AnswerCode {
    if case .failed(let code, _) = self { code } else { .success }
  }
}

/// The answer to a request, before it is HTTP.
enum Answer: Sendable, Equatable {
  case single(ElementAnswer)
  /// One per element of the array that was sent.
  case array([ElementAnswer])

  static func failed(_ code: AnswerCode, message: String) -> Answer { .single(.failed(code, message: message)) }

  /// The outcome of the whole: that of a single element; for an array the first failure that a later attempt can mend, else the first.
  ///
  /// A failed element makes the HTTP status of an array 207, except when it could not be stored for a passing reason: then the status is that
  /// of the reason, because a sender that reads no more than the status must send again. What is stored already is a duplicate then.
  var code: AnswerCode {
    switch self {
    case .single(let element): return element.code
    case .array(let elements):
      let failures = elements.map(\.code).filter { $0 != .success }
      if let passing = failures.first(where: \.mayRetry) { return passing }
      return failures.first.map { AnswerCode(httpStatus: 207, code: $0.code, name: $0.name) } ?? .success
    }
  }

  var json: ByteBuffer {
    var writer = JSONWriter()
    writer.object { writer in
      switch self {
      case .single(.failed(let code, let message)): writer.failure(code, message: message)
      case .single(let element):
        writer.success()
        writer.key("data")
        writer.object { $0.details(of: element) }
      case .array(let elements):
        writer.outcome(of: elements, code: code)
        writer.key("data")
        writer.array { writer in for element in elements { writer.entry(element) } }
      }
    }
    return writer.buffer
  }
}

extension JSONWriter {
  fileprivate mutating func success() {
    member("status", 0)
    member("message", AnswerCode.success.name)
  }

  /// The members of an error, in the platform's form and in the box's own (protocol.md 5.7).
  fileprivate mutating func failure(_ code: AnswerCode, message: String) {
    member("status", code.code)
    member("message", message)
    key("error")
    object { error in
      error.member("code", code.code)
      error.member("message", message)
      error.member("status", code.name)
    }
  }

  fileprivate mutating func details(of element: ElementAnswer) {
    switch element {
    case .event(let id, let isDuplicate, let warnings):
      member("id", id)
      member("duplicate", isDuplicate)
      member("warnings", warnings)
    case .status(let warnings):
      member("kind", "status")
      member("warnings", warnings)
    case .quarantined(let reason):
      member("quarantined", true)
      member("reason", reason)
    case .failed: break
    }
  }

  fileprivate mutating func outcome(of elements: [ElementAnswer], code: AnswerCode) {
    let failed = elements.count { $0.code != .success }
    if failed == 0 {
      success()
    } else {
      failure(code, message: "\(failed) of \(elements.count) elements failed; data has the reason of each, in the order they were sent")
    }
  }

  fileprivate mutating func entry(_ element: ElementAnswer) {
    object { entry in
      if case .failed(let code, let message) = element {
        entry.failure(code, message: message)
      } else {
        entry.success()
        entry.details(of: element)
      }
    }
  }
}
