public import FaceEvents
import Synchronization

/// A quarantine in memory, with faults on demand.
public final class MemoryQuarantineStore: QuarantineStore {
  private let requests = Mutex<[QuarantinedRequest]>([])
  private let dropped = Mutex<Set<Int64>>([])
  private let failure: StorageError?

  /// - Parameter failure: what every ``quarantine(_:)`` throws.
  public init(failure: StorageError? = nil) {
    self.failure = failure
  }

  /// In order of arrival.
  public var received: [QuarantinedRequest] { requests.withLock { $0 } }

  public func quarantine(_ request: QuarantinedRequest) async throws(StorageError) -> QuarantineEntry {
    if let failure { throw failure }
    return requests.withLock { requests in
      requests.append(request)
      return Self.entry(request, id: Int64(requests.count))
    }
  }

  public func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    Array(entries.reversed().drop { entry in position.map { entry.id >= $0.id } ?? false }.prefix(limit))
  }

  public func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
    guard try await quarantineEntry(id) != nil else { return nil }
    return requests.withLock { requests in
      let body = requests[Int(id) - 1].body
      return body[0..<min(bytesMax, body.count)]
    }
  }

  public func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? { entries.first { $0.id == id } }

  public func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int {
    let gone = entries.map(\.id).filter { ids?.contains($0) ?? true }
    dropped.withLock { $0.formUnion(gone) }
    return gone.count
  }

  private var entries: [QuarantineEntry] {
    let gone = dropped.withLock { $0 }
    let all = requests.withLock { requests in requests.enumerated().map { Self.entry($0.element, id: Int64($0.offset + 1)) } }
    return all.filter { !gone.contains($0.id) }
  }

  public func quarantineTotals() async throws(StorageError) -> QuarantineTotals {
    requests.withLock { QuarantineTotals(entries: $0.count, bytes: $0.reduce(0) { $0 + Int64($1.body.count) }, evicted: 0) }
  }

  private static func entry(_ request: QuarantinedRequest, id: Int64) -> QuarantineEntry {
    QuarantineEntry(
      id: id, digest: request.digest, reason: request.reason, contentType: request.contentType, source: request.source,
      byteCount: request.body.count, firstReceivedAt: request.receivedAt, lastReceivedAt: request.receivedAt, count: 1)
  }
}
