public import FaceEvents
import Synchronization

/// A quarantine in memory, with faults on demand.
public final class MemoryQuarantineStore: QuarantineStore {
  private let requests = Mutex<[QuarantinedRequest]>([])
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

  public func quarantineEntries(limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    requests.withLock { requests in
      requests.enumerated().map { Self.entry($0.element, id: Int64($0.offset + 1)) }.reversed().prefix(limit).map { $0 }
    }
  }

  public func quarantinedBody(_ id: Int64) async throws(StorageError) -> SharedBytes? {
    requests.withLock { $0.indices.contains(Int(id) - 1) ? $0[Int(id) - 1].body : nil }
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
