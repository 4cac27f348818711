import FaceEvents
import HTTPTypes
public import Hummingbird
import NIOCore

/// `/api/v1`: what is kept, as programs ask for it, and everything that can be done with it.
public struct EventAPI: Sendable {
  public static let prefix = "/api/v1"

  let sources: ConsoleSources
  let feed: LiveFeed
  let exports = ExportSlots()

  public init(_ sources: ConsoleSources, feed: LiveFeed) {
    self.sources = sources
    self.feed = feed
  }

  /// Every route with what it takes and gives.
  var operations: [Operation] {
    eventOperations + pictureOperations + peopleOperations + boxOperations + nodeOperations + targetOperations + parkedOperations
      + quarantineOperations + [exportOperation, streamOperation, descriptionOperation]
  }

  public func addRoutes(to router: Router<some RequestContext>) {
    var methods: [String: [HTTPRequest.Method]] = [:]
    for operation in operations {
      let path = RouterPath(Self.prefix + operation.path)
      router.on(path, method: operation.method) { request, _ in try await Self.perform(operation, request) }
      methods[operation.path, default: []].append(operation.method)
      guard operation.hasHead else { continue }
      router.on(path, method: .head) { request, _ in try await Self.perform(operation, request).withoutBody }
      methods[operation.path, default: []].append(.head)
    }
    for (path, allowed) in methods { refuseOthers(than: allowed, at: path, router) }
  }

  private func refuseOthers(than allowed: [HTTPRequest.Method], at path: String, _ router: Router<some RequestContext>) {
    let words = allowed.map(\.rawValue).sorted()
    for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options, .trace] where !allowed.contains(method) {
      router.on(RouterPath(Self.prefix + path), method: method) { request, _ -> Response in
        throw APIError.methodNotAllowed(request.method.rawValue, allowed: words)
      }
    }
  }

  /// Off the connection's event loop: reading and writing of other requests go on there.
  private static func perform(_ operation: Operation, _ request: Request) async throws -> Response {
    try await withTaskExecutorPreference(globalConcurrentExecutor) {
      do {
        return try await operation.handle(try await APIRequest(request, for: operation))
      } catch {
        throw APIError.of(error)
      }
    }
  }

  private var descriptionOperation: Operation {
    Operation(
      .get, "/openapi.json", "get_description", .node, "This description (OpenAPI 3.1)",
      answers: [.json(.anyObject, "The description.")]
    ) { _ in
      let version = await sources.node().version
      return .json(OpenAPI(operations: operations, version: version).json)
    }
  }
}

extension Response {
  /// Answers say who was where: nobody in between keeps them.
  static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func json(status: HTTPResponse.Status = .ok, _ members: (inout JSONLine) -> Void) -> Response {
    var line = JSONLine()
    line.object(members)
    return .json(line.bytes, status: status)
  }

  /// The answer to HEAD: with the length that the body has.
  fileprivate var withoutBody: Response {
    var headers = headers
    if headers[.contentLength] == nil, let count = body.contentLength { headers[.contentLength] = String(count) }
    return Response(status: status, headers: headers, body: .init())
  }
}
