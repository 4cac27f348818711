import AsyncHTTPClient
import EventCoding
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

enum SendForm: String, Sendable, CaseIterable {
  case json
  case formData = "form-data"
}

/// Posts single events. What is not answered is not sent again.
struct EventSender: Sendable {
  /// Answers are small; what is beyond is not read.
  private static let answerBytesMax = 1 << 20

  let client: HTTPClient
  let url: String
  let form: SendForm
  let timeout: Duration

  enum Outcome: Sendable {
    case answered(ReceiverAnswer)
    /// Nobody answered, for this reason.
    case unanswered(String)
    /// There is nothing to send, for this reason.
    case notSent(String)
  }

  func send(_ json: [UInt8]) async -> Outcome {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    switch form {
    case .json:
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: json))
    case .formData:
      guard let encoded = FormDataEncoder().encode(json) else {
        return .notSent("not one JSON object, so it cannot be written as form-data")
      }
      request.headers.add(name: "Content-Type", value: encoded.contentType)
      request.body = .bytes(ByteBuffer(bytes: encoded.body))
    }
    request.headers.add(name: "User-Agent", value: "fogcatcher/\(ProgramVersion.text)")
    do {
      let response = try await client.execute(request, timeout: .milliseconds(TimeSpan.milliseconds(timeout)))
      let body = try await response.body.collect(upTo: Self.answerBytesMax)
      return .answered(ReceiverAnswer(httpStatus: Int(response.status.code), body: Array(body.readableBytesView)))
    } catch {
      return .unanswered(Self.reason(error))
    }
  }

  static func reason(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case is NIOTooManyBytesError: "the answer is larger than \(ByteSize.text(answerBytesMax))"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { "\(error.host):\(error.port): \(reason($0.error))" } ?? "there is no host \(error.host)"
    default: "\(error)"
    }
  }
}
