import EventKeeping
import FaceEvents
import Logging

/// A data directory that no node runs on, worked on directly: a node that neither listens nor delivers.
struct StoppedNode: Sendable {
  private let node: Node

  init(data: OpenData, settings: ServeSettings) {
    node = Node(settings: settings, data: data, logger: Logger(label: "fogcatcher") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Keeping works while `body` runs.
  func run<Result>(_ body: (any Forwarding, any QuarantineDesk) async throws -> Result) async throws -> Result {
    async let writer: Void = node.keeper.run()
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(node.forwarder, node.receiver)) } catch { result = .failure(error) }
    node.keeper.close()
    await writer
    return try result.get()
  }
}
