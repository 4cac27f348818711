import AsyncHTTPClient
import Console
import FaceEvents
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A running node, over its admin socket.
struct RemoteNode: Forwarding, QuarantineDesk {
  /// Long enough for a test of sixteen URLs, each as slow as a target may be.
  private static let timeLimit = TimeAmount.hours(3)

  private let client: HTTPClient
  private let base: String

  init(client: HTTPClient, socket: AdminSocket) {
    self.client = client
    let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)
    base =
      "http+unix://"
      + socket.path.utf8.map { letters.contains($0) ? String(UnicodeScalar($0)) : "%" + Hex.text([$0]) }.joined()
  }

  /// Name and version of the node.
  /// - Returns: nil when nobody listens.
  func program() async -> String? { try? await call(AdminCalls.program, AdminNothing()) }

  private func call<Input, Output>(_ call: AdminCall<Input, Output>, _ input: Input) async throws(ForwardingError) -> Output {
    do {
      var request = HTTPClientRequest(url: "\(base)/admin/\(call.path)")
      request.method = .POST
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(input)))
      let response = try await client.execute(request, timeout: Self.timeLimit)
      let body = Data(try await response.body.collect(upTo: AdminCalls.answerBytesMax).readableBytesView)
      if response.status == .ok { return try JSONDecoder().decode(Output.self, from: body) }
      if let error = try? JSONDecoder().decode(ForwardingError.self, from: body) { throw error }
      throw ForwardingError.storage(
        .failed("the running node answered \(response.status.code); it may be of another version: stop it and start this one"))
    } catch let error as ForwardingError {
      throw error
    } catch {
      throw .storage(.failed("the running node did not answer on its admin socket: \(EventSender.reason(error))"))
    }
  }

  /// The desk's calls cannot fail in another way than storing.
  private func ask<Input, Output>(_ call: AdminCall<Input, Output>, _ input: Input) async throws(StorageError) -> Output {
    do {
      return try await self.call(call, input)
    } catch {
      if case .storage(let error) = error { throw error }
      throw .failed("\(error)")
    }
  }

  // MARK: - Forwarding

  func targets() async throws(ForwardingError) -> [ForwardTarget] { try await call(AdminCalls.targets, AdminNothing()) }

  func check(_ target: ForwardTarget) async throws(ForwardingError) { _ = try await call(AdminCalls.checkTarget, target) }

  func save(_ target: ForwardTarget, start: TargetStart) async throws(ForwardingError) {
    _ = try await call(AdminCalls.saveTarget, .init(target: target, start: start))
  }

  func removeTarget(_ id: String) async throws(ForwardingError) { _ = try await call(AdminCalls.removeTarget, id) }

  func pauseTarget(_ id: String, reason: String) async throws(ForwardingError) {
    _ = try await call(AdminCalls.pauseTarget, .init(id: id, reason: reason))
  }

  func resumeTarget(_ id: String) async throws(ForwardingError) { _ = try await call(AdminCalls.resumeTarget, id) }

  func restartTarget(_ id: String, at start: TargetStart) async throws(ForwardingError) {
    _ = try await call(AdminCalls.restartTarget, .init(id: id, start: start))
  }

  func testTarget(_ id: String, event: [UInt8]?) async throws(ForwardingError) -> [TargetAnswer] {
    try await call(AdminCalls.testTarget, .init(id: id, event: event.map { Data($0) }))
  }

  func backlog() async throws(ForwardingError) -> [TargetBacklog] { try await call(AdminCalls.backlog, AdminNothing()) }

  func parked(target: String?, after sequence: Int64, limit: Int) async throws(ForwardingError) -> [ParkedEvent] {
    try await call(AdminCalls.parked, .init(target: target, after: sequence, limit: limit))
  }

  func replayParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await call(AdminCalls.replayParked, .init(target: target, sequences: sequences))
  }

  func dropParked(target: String, sequences: [Int64]?) async throws(ForwardingError) -> Int {
    try await call(AdminCalls.dropParked, .init(target: target, sequences: sequences))
  }

  // MARK: - Quarantine

  func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    try await ask(AdminCalls.quarantineEntries, .init(after: position, limit: limit))
  }

  func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? { try await ask(AdminCalls.quarantineEntry, id) }

  func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
    try await ask(AdminCalls.quarantinedBody, .init(id: id, bytesMax: bytesMax)).map { SharedBytes(Array($0)) }
  }

  func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission? {
    try await ask(AdminCalls.resubmit, .init(id: id, body: body.map { Data($0) }, contentType: contentType))
  }

  func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int { try await ask(AdminCalls.dropQuarantined, ids) }
}
