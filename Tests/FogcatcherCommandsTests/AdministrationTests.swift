import AsyncHTTPClient
import Console
import FaceEvents
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import FogcatcherCommands

extension RemoteNode {
  /// The socket is there a moment before somebody listens on it.
  fileprivate func firstAnswer() async throws -> String {
    for _ in 0..<10_000 {
      if let program = await program() { return program }
      await Task.yield()
    }
    throw CancellationError()
  }
}

@Suite("Steering over the admin socket")
struct AdministrationTests {
  /// A quarantine with two entries, the second of which cannot be mended.
  private final class Desk: QuarantineDesk {
    let calls = Mutex<[String]>([])

    func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
      let entries = (0..<2).map { number in
        QuarantineEntry(
          id: Int64(number), digest: ContentDigest(words: (1, 2, 3, UInt64(number))), reason: "broken", contentType: nil,
          source: RequestSource(address: "192.0.2.7", path: "/HistoryEvent", query: "a=b"), byteCount: 7,
          firstReceivedAt: Timestamp(milliseconds: 1), lastReceivedAt: Timestamp(milliseconds: 2), count: 3)
      }
      return Array(entries.filter { $0.id > position?.id ?? -1 }.prefix(limit))
    }

    func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? {
      try await quarantineEntries(limit: 2).first { $0.id == id }
    }

    func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
      id == 0 ? SharedBytes(Array([0, 255, 10].prefix(bytesMax))) : nil
    }

    func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission? {
      calls.withLock { $0.append("\(id) \(body ?? []) \(contentType ?? "-")") }
      if id == 1 { throw .failed("only a part was kept") }
      return id == 0 ? Resubmission(isKept: true, httpStatus: 200, answer: "{}") : nil
    }

    func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int { ids?.count ?? 2 }
  }

  /// Runs the service on a socket and gives its other end.
  private func withSocket(
    _ forwarding: MemoryForwarding, _ desk: Desk = Desk(), _ body: @escaping @Sendable (RemoteNode) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let socket = AdminSocket(dataDirectory: directory)
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let service = AdminService(socket: socket, api: AdminAPI(forwarding: forwarding, quarantine: desk, program: "node 1"), logger: logger)
      let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: logger))
      let client = HTTPClient(eventLoopGroupProvider: .singleton)
      let result: Result<Void, any Error> = await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try? await group.run() }
        let node = RemoteNode(client: client, socket: socket)
        let result: Result<Void, any Error>
        do {
          try await eventually { socket.exists }
          let program = try await node.firstAnswer()
          #expect(program == "node 1")
          result = .success(try await body(node))
        } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        return result
      }
      try await client.shutdown()
      #expect(!socket.exists)
      try result.get()
    }
  }

  @Test("Targets, backlog and parked events come over as they are, secrets and all: the owner edits them")
  func roundTrip() async throws {
    let parked = ParkedEvent(
      target: "cloud", sequence: 7, eventID: EventID("018e0dae-2cc9-8cea-b2bd-0f93d0357625"), httpStatus: 400, reason: "refused",
      excerpt: "why", attempts: 2, parkedAt: Timestamp(milliseconds: 5))
    let forwarding = MemoryForwarding(parked: [parked])
    try await withSocket(forwarding) { node in
      var target = ForwardTarget(id: "cloud", lane: .history, urls: ["http://me:secret@192.0.2.7/HistoryEvent"])
      target.headers = [TargetHeader(name: "Authorization", value: "hidden")]
      target.classes = [.vip, .employee]
      try await node.save(target, start: .after(12))
      let targets = try await node.targets()
      #expect(targets == [target] && forwarding.starts == ["cloud": .after(12)])
      let found = try await node.parked(target: nil, after: 0, limit: 10)
      #expect(found == [parked])
      let backlog = try await node.backlog()
      let expected = try await forwarding.backlog()
      #expect(backlog == expected)
      let replayed = try await node.replayParked(target: "cloud", sequences: [7])
      let answers = try await node.testTarget("cloud", event: [1, 2])
      #expect(replayed == 1 && forwarding.tested["cloud"] == .some([1, 2]))
      #expect(answers.map(\.body) == [Array("thanks".utf8)] && !answers[0].url.contains("secret"))
      try await node.pauseTarget("cloud", reason: "moving")
      let paused = try await node.targets()
      #expect(paused[0].pause?.reason == "moving")
      try await node.resumeTarget("cloud")
      try await node.restartTarget("cloud", at: .beginning)
      #expect(forwarding.starts == ["cloud": .beginning])
      let dropped = try await node.dropParked(target: "cloud", sequences: nil)
      #expect(dropped == 1)
      try await node.removeTarget("cloud")
      let left = try await node.targets()
      #expect(left.isEmpty)
    }
  }

  @Test("The quarantine comes over byte for byte")
  func quarantine() async throws {
    let desk = Desk()
    try await withSocket(MemoryForwarding(), desk) { node in
      let entries = try await node.quarantineEntries(limit: 10)
      let expected = try await desk.quarantineEntries(limit: 10)
      #expect(entries == expected)
      let (body, none) = (try await node.quarantinedBody(0), try await node.quarantinedBody(9))
      #expect(body?.array == [0, 255, 10] && none == nil)
      let kept = try await node.resubmitQuarantined(0, body: [1, 2, 3], contentType: "text/plain")
      let unknown = try await node.resubmitQuarantined(9, body: nil, contentType: nil)
      #expect(kept?.isKept == true && unknown == nil)
      #expect(desk.calls.withLock { $0 } == ["0 [1, 2, 3] text/plain", "9 [] -"])
      await #expect(throws: StorageError.failed("only a part was kept")) {
        try await node.resubmitQuarantined(1, body: nil, contentType: nil)
      }
      let (all, some) = (try await node.dropQuarantined(nil), try await node.dropQuarantined([5]))
      #expect(all == 2 && some == 1)
    }
  }

  @Test("Each error comes over as itself")
  func errors() async throws {
    try await withSocket(MemoryForwarding()) { node in
      await #expect(throws: ForwardingError.noSuchTarget("nobody")) { try await node.resumeTarget("nobody") }
      let bad = ForwardTarget(id: "A b", lane: .history, urls: [])
      await #expect(throws: ForwardingError.self) { try await node.save(bad, start: .end) }
    }
    for error in [ForwardingError.storage(.diskFull("x")), .invalid(TargetProblem(field: "urls[0]", message: "is this node"))] {
      try await withSocket(MemoryForwarding(failure: error)) { node in
        await #expect(throws: error) { try await node.targets() }
      }
    }
  }

  @Test("A path that no socket can have is said, with the remedy; the longest that can is not", arguments: [107, 108])
  func pathLength(bytes: Int) {
    let socket = AdminSocket(dataDirectory: "/" + String(repeating: "d", count: bytes - 12))
    #expect(socket.path.utf8.count == bytes)
    #expect((socket.problem == nil) == (bytes == 107))
    #expect(socket.problem?.contains("symbolic link") ?? true)
  }
}
