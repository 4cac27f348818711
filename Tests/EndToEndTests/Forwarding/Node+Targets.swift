import FaceEvents
import Foundation
import SQLiteStorage
import Synchronization

extension Node {
  /// Saves targets in the node's store, which it makes if need be. The node does not run.
  func save(_ targets: ForwardTarget..., start: TargetStart = .beginning) throws {
    try withStore { store in for target in targets { try await store.save(target, start: start) } }
  }

  /// What the node has parked. It does not run.
  func parked() throws -> [ParkedEvent] { try withStore { try await $0.parked(target: nil, after: 0, limit: 10_000) } }

  func target(_ id: String) throws -> ForwardTarget? { try withStore { try await $0.targets().first { $0.id == id } } }

  private func withStore<Value: Sendable>(_ body: @escaping @Sendable (SQLiteStore) async throws -> Value) throws -> Value {
    try DataDirectory.prepare(data)
    let store = try SQLiteStore.open(directory: data) { place, _ in place.offset }
    defer { try? store.close() }
    let box = Mutex<Result<Value, any Error>>(.failure(Failure("the store did not answer")))
    let isDone = DispatchSemaphore(value: 0)
    // These tests block; the store answers on the concurrency pool, which they leave alone.
    Task {  // safe: waited for below
      let result: Result<Value, any Error>
      do { result = .success(try await body(store)) } catch { result = .failure(error) }
      box.withLock { $0 = result }
      isDone.signal()
    }
    isDone.wait()
    return try box.withLock { $0 }.get()
  }

  /// A figure of the metrics page; nil when it is not there.
  func figure(_ name: String) -> Double? {
    probe("/metrics")?.text.split(separator: "\n").first { $0.hasPrefix(name) && !$0.hasPrefix("#") }
      .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }

  /// Whether everything that the node has is with all its targets.
  var isDrained: Bool {
    guard let page = probe("/metrics")?.text else { return false }
    let backlogs = page.split(separator: "\n").filter { $0.hasPrefix("fogcatcher_forward_backlog_events{") }
    return !backlogs.isEmpty && backlogs.allSatisfy { $0.hasSuffix("} 0") }
  }

  /// All events ever stored by this process's forerunners too.
  var storedEvents: Int { (try? records().count) ?? 0 }
}
