/// Requests that could not be understood as an event: kept as they came, so that a person can look, fix and resubmit.
public protocol QuarantineStore: Sendable {
  /// Keeps the request on stable storage. The same bytes again only raise the entry's count. When the bound on bytes is reached the
  /// oldest entries go first, and are counted.
  func quarantine(_ request: QuarantinedRequest) async throws(StorageError) -> QuarantineEntry

  /// Newest first.
  /// - Parameter position: of the last entry of the page before; nil for the first page.
  func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry]

  func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry?

  /// - Parameter bytesMax: no more of it than this, from its beginning.
  func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes?

  /// Forgets entries and their bytes.
  /// - Parameter ids: nil for all.
  /// - Returns: how many there were.
  func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int

  func quarantineTotals() async throws(StorageError) -> QuarantineTotals
}

extension QuarantineStore {
  public func quarantineEntries(limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    try await quarantineEntries(after: nil, limit: limit)
  }

  public func quarantinedBody(_ id: Int64) async throws(StorageError) -> SharedBytes? { try await quarantinedBody(id, bytesMax: Int.max) }
}

/// Where an entry stands in the list of all.
public struct QuarantinePosition: Sendable, Equatable, Codable {
  public var lastReceivedAt: Timestamp
  public var id: Int64

  public init(lastReceivedAt: Timestamp, id: Int64) { (self.lastReceivedAt, self.id) = (lastReceivedAt, id) }

  public init(of entry: QuarantineEntry) { self.init(lastReceivedAt: entry.lastReceivedAt, id: entry.id) }
}

public struct QuarantinedRequest: Sendable {
  public var body: SharedBytes
  public var digest: ContentDigest
  /// The message that the sender got.
  public var reason: String
  public var contentType: String?
  public var source: RequestSource
  public var receivedAt: Timestamp

  public init(
    body: SharedBytes, digest: ContentDigest, reason: String, contentType: String?, source: RequestSource, receivedAt: Timestamp
  ) {
    self.body = body
    self.digest = digest
    self.reason = reason
    self.contentType = contentType
    self.source = source
    self.receivedAt = receivedAt
  }
}

public struct QuarantineEntry: Sendable, Equatable, Codable {
  public var id: Int64
  public var digest: ContentDigest
  public var reason: String
  public var contentType: String?
  public var source: RequestSource
  public var byteCount: Int
  public var firstReceivedAt: Timestamp
  public var lastReceivedAt: Timestamp
  public var count: Int

  public init(
    id: Int64, digest: ContentDigest, reason: String, contentType: String?, source: RequestSource, byteCount: Int,
    firstReceivedAt: Timestamp, lastReceivedAt: Timestamp, count: Int
  ) {
    self.id = id
    self.digest = digest
    self.reason = reason
    self.contentType = contentType
    self.source = source
    self.byteCount = byteCount
    self.firstReceivedAt = firstReceivedAt
    self.lastReceivedAt = lastReceivedAt
    self.count = count
  }
}

public struct QuarantineTotals: Sendable, Equatable {
  public var entries: Int
  public var bytes: Int64
  /// Entries that had to go because the bound was reached, since the store was made.
  public var evicted: Int64

  public init(entries: Int, bytes: Int64, evicted: Int64) {
    self.entries = entries
    self.bytes = bytes
    self.evicted = evicted
  }
}
