import EventCoding
public import FaceEvents
import NIOCore

extension EventReceiver: QuarantineDesk {
  public func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    try await quarantine.quarantineEntries(after: position, limit: limit)
  }

  public func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? { try await quarantine.quarantineEntry(id) }

  public func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
    try await quarantine.quarantinedBody(id, bytesMax: bytesMax)
  }

  public func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int { try await quarantine.dropQuarantined(ids) }

  /// What still cannot be understood stays in the quarantine, unchanged and not counted again.
  public func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission? {
    guard let entry = try await quarantine.quarantineEntry(id), let stored = try await quarantine.quarantinedBody(id) else { return nil }
    guard body != nil || stored.count == entry.byteCount else {
      throw .failed("only the first \(stored.count) of \(entry.byteCount) bytes were kept; give the whole body in a file")
    }
    // The decoder writes over what it reads.
    let storage = ByteStorage(capacity: body?.count ?? stored.count)
    if let body { body.withUnsafeBytes { storage.append($0) } } else { stored.withUnsafeBytes { storage.append($0) } }
    let reception = Reception(entry, kind: routes.kind(of: entry.source.path) ?? .history, contentType: contentType)
    let result = await keep(decode(EncodedRequest(reception, body: storage)), of: reception, isResubmission: true)
    let code = result.answer.code
    let isKept = code == .success
    if isKept { _ = try await quarantine.dropQuarantined([id]) }
    return Resubmission(isKept: isKept, httpStatus: code.httpStatus, answer: String(buffer: result.answer.json))
  }
}

extension Reception {
  fileprivate init(_ entry: QuarantineEntry, kind: RouteKind, contentType: String?) {
    self.kind = kind
    source = entry.source
    self.contentType = contentType ?? entry.contentType
    encoding = .identity
    idempotencyKey = nil
    receivedAt = .now
    start = .now()
  }
}
