import Synchronization

/// How many exports are written at once: each reads as fast as it can, and people want to look meanwhile.
final class ExportSlots: Sendable {
  static let slotsMax = 4

  /// Given back with the last reference to it.
  final class Slot: Sendable {
    private let slots: ExportSlots

    fileprivate init(_ slots: ExportSlots) { self.slots = slots }

    deinit { slots.taken.withLock { $0 -= 1 } }
  }

  private let taken = Mutex(0)

  /// Of exports that are written now.
  var count: Int { taken.withLock { $0 } }

  /// - Returns: nil when all are taken.
  func take() -> Slot? {
    let isFree = taken.withLock { taken in
      guard taken < Self.slotsMax else { return false }
      taken += 1
      return true
    }
    return isFree ? Slot(self) : nil
  }
}
