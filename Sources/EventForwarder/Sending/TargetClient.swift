import AsyncHTTPClient
import EventCoding
import FaceEvents
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// HTTP/1.1 to one target: connections that are kept, the target's TLS, its headers. Redirects are not followed. Shut it down after use.
struct TargetClient: Sendable {
  /// What is beyond of an answer is not read.
  static let answerBytesMax = 64 << 10

  private let client: HTTPClient
  private let headers: HTTPHeaders
  private let timeout: TimeAmount

  /// - Throws: ``TargetProblem`` when a certificate file cannot be used.
  init(_ target: ForwardTarget, userAgent: String) throws(TargetProblem) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.tlsConfiguration = try target.tls.configuration()
    timeout = .milliseconds(Int64(target.timeoutMilliseconds))
    configuration.timeout = .init(connect: min(timeout, .seconds(10)), read: timeout, write: timeout)
    // The delivery has its own way to wait, with one probe instead of every request trying.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = target.concurrency
    // Shorter than most servers keep a connection, so that it is not closed while a request is on its way.
    configuration.connectionPool.idleTimeout = .seconds(20)
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    var headers = HTTPHeaders([("User-Agent", userAgent)])
    for header in target.headers { headers.add(name: header.name, value: header.value) }
    self.headers = headers
  }

  func shutdown() async { try? await client.shutdown() }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
  }

  enum Failure: Error, Sendable {
    case timeout(String)
    case network(String)
    case cancelled

    var text: String {
      switch self {
      case .timeout(let text), .network(let text): text
      case .cancelled: "cancelled"
      }
    }
  }

  /// - Parameter idempotencyKey: nil for what is not an event.
  func post(_ body: HTTPClientRequest.Body, contentType: String, to url: TargetURL, idempotencyKey: EventID?) async throws(Failure)
    -> Answer
  {
    var request = HTTPClientRequest(url: url.text)
    request.method = .POST
    request.headers = headers
    request.headers.add(name: "Content-Type", value: contentType)
    if let idempotencyKey { request.headers.add(name: "Idempotency-Key", value: idempotencyKey.description) }
    if let user = url.user, !headers.contains(name: "Authorization") {
      request.setBasicAuth(username: user, password: url.password ?? "")
    }
    request.body = body
    do {
      let deadline = NIODeadline.now() + timeout
      let response = try await client.execute(request, deadline: deadline)
      var bytes: [UInt8] = []
      // Reading to the end is what lets the connection be used again.
      for try await part in response.body {
        bytes.append(contentsOf: part.readableBytesView.prefix(Self.answerBytesMax - bytes.count))
        if bytes.count >= Self.answerBytesMax || NIODeadline.now() > deadline { break }
      }
      return Answer(status: Int(response.status.code), headers: response.headers, body: bytes)
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: any Error) -> Failure {
    switch error {
    case is CancellationError: .cancelled
    case let error as HTTPClientError:
      switch error {
      case .cancelled: .cancelled
      case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
        .timeout("no answer in time (\(error.shortDescription))")
      default: .network(error.shortDescription)
      }
    case let error as IOError: .network(String(cString: strerror(error.errnoCode)))
    case let error as NIOConnectionError:
      .network(error.connectionErrors.first.map { failure($0.error).text } ?? "there is no host of this name")
    case let error as NIOSSLError: .network("TLS: \(error)")
    case let error as NIOSSLExtraError: .network("TLS: \(error)")
    default: .network("\(error)")
    }
  }
}

extension TargetTLS {
  /// - Throws: ``TargetProblem`` with the field and what is wrong with its file.
  fileprivate func configuration() throws(TargetProblem) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if isInsecure { configuration.certificateVerification = .none }
    if let caFile {
      configuration.trustRoots = .certificates(
        try read("tls.caFile", caFile) { try NIOSSLCertificate.fromPEMFile($0) })
    }
    if let certificateFile, let keyFile {
      configuration.certificateChain = try read("tls.certificateFile", certificateFile) { path in
        try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) }
      }
      configuration.privateKey = try read("tls.keyFile", keyFile) { .privateKey(try NIOSSLPrivateKey(file: $0, format: .pem)) }
    }
    return configuration
  }

  private func read<Value>(_ field: String, _ path: String, _ body: (String) throws -> Value) throws(TargetProblem) -> Value {
    do {
      return try body(path)
    } catch {
      throw TargetProblem(field: field, message: "the file cannot be used (\(error)); give a PEM file that the node may read")
    }
  }
}

extension TargetClient {
  /// - Throws: what making a client for the target would throw.
  static func check(_ target: ForwardTarget) throws(TargetProblem) { _ = try target.tls.configuration() }

  /// As the other one, for what is not an event.
  func post(_ body: [UInt8], contentType: String, to url: TargetURL) async throws(Failure) -> Answer {
    try await post(.bytes(ByteBuffer(bytes: body)), contentType: contentType, to: url, idempotencyKey: nil)
  }

  /// A body that is not a stored event: JSON, or the same as form-data when it can be.
  static func body(_ json: [UInt8], _ format: TargetFormat) -> (body: [UInt8], contentType: String) {
    if format == .formData, let encoded = FormDataEncoder().encode(json) { return encoded }
    return (json, "application/json")
  }
}
