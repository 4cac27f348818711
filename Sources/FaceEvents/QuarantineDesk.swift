/// The quarantine as people work on it.
public protocol QuarantineDesk: Sendable {
  /// Newest first.
  /// - Parameter position: of the last entry of the page before; nil for the first page.
  func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry]

  func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry?

  /// The bytes that were sent, or the first of them when they were too many. Nil when there is no such entry.
  /// - Parameter bytesMax: no more of them than this.
  func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes?

  /// Has the entry understood and kept, as if it were sent now to the path that it was sent to. When everything in it is kept, it leaves the
  /// quarantine.
  ///
  /// - Parameters:
  ///   - body: nil for what was sent.
  ///   - contentType: nil for what was said.
  /// - Returns: nil when there is no such entry.
  func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission?

  /// - Parameter ids: nil for all.
  /// - Returns: how many there were.
  func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int
}

extension QuarantineDesk {
  public func quarantineEntries(limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    try await quarantineEntries(after: nil, limit: limit)
  }

  public func quarantinedBody(_ id: Int64) async throws(StorageError) -> SharedBytes? { try await quarantinedBody(id, bytesMax: Int.max) }
}

public struct Resubmission: Sendable, Equatable, Codable {
  /// Everything in the body is kept, and the entry is gone.
  public var isKept: Bool
  /// What a sender of the body would have been answered: status, and JSON.
  public var httpStatus: Int
  public var answer: String

  public init(isKept: Bool, httpStatus: Int, answer: String) {
    self.isKept = isKept
    self.httpStatus = httpStatus
    self.answer = answer
  }
}
