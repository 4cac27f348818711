import FaceEvents

/// One ``EventKeeper/keep(_:)`` that waits for its answers.
///
/// Safe as `@unchecked Sendable`: after it is queued only the one writer touches it.
final class Call: @unchecked Sendable {  // safe: see above
  private var results: [Result<StoreReceipt, StorageError>?]
  private var open: Int
  private let continuation: CheckedContinuation<[Result<StoreReceipt, StorageError>], Never>

  init(itemCount: Int, continuation: CheckedContinuation<[Result<StoreReceipt, StorageError>], Never>) {
    results = Array(repeating: nil, count: itemCount)
    open = itemCount
    self.continuation = continuation
  }

  /// The last answer lets the caller go on.
  func answered(_ index: Int, with result: Result<StoreReceipt, StorageError>) {
    results[index] = result
    open -= 1
    if open == 0 { continuation.resume(returning: results.compactMap { $0 }) }
  }

  func refuse(with error: StorageError) {
    continuation.resume(returning: results.map { _ in .failure(error) })
  }
}
