import FaceEvents

/// One ``EventKeeper/keep(_:then:)`` that waits for its answers. Once it is queued, only the stage that commits its rows touches it, and the two
/// stages take turns in that.
final class Call: @unchecked Sendable {  // safe: never touched by two threads at a time, see above
  private var results: [Result<StoreReceipt, StorageError>?]
  private var open: Int
  private let done: EventKeeper.Done

  init(itemCount: Int, done: @escaping EventKeeper.Done) {
    results = Array(repeating: nil, count: itemCount)
    open = itemCount
    self.done = done
  }

  /// The last answer lets the caller go on.
  func answered(_ index: Int, with result: Result<StoreReceipt, StorageError>) {
    results[index] = result
    open -= 1
    if open == 0 { done(results.compactMap { $0 }) }
  }

  func refuse(with error: StorageError) {
    done(results.map { _ in .failure(error) })
  }
}
