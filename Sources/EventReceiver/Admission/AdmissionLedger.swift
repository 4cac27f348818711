import NIOCore

/// Who may hold how much memory for a body: the policy, without locks or clocks.
///
/// Bodies come in two lanes with a budget each, first come, first served within a lane:
///
/// | Lane  | Bodies                                   | Budget                             |
/// |-------|------------------------------------------|------------------------------------|
/// | small | up to `smallMax`; the start of unknown ones | what is left of the total         |
/// | large | everything else                          | one body of the greatest size      |
///
/// So a few huge, slow bodies never hold up the ordinary ones, and the other way round. Nobody deadlocks: a body of known length reserves
/// all of it before it is read; one of unknown length holds `smallMax` of the small lane and waits, if it must, only for the large lane,
/// whose holders wait for nothing. When the total is too small for two lanes there is one, and an unknown length reserves the maximum.
struct AdmissionLedger {
  enum Lane: Sendable, CaseIterable { case small, large }

  /// A promise of memory: `bytes` of `lane`.
  struct Share: Sendable, Equatable {
    var lane: Lane
    var bytes: Int
  }

  enum Decision: Equatable {
    case granted
    /// Later, as one of the results of ``released(_:)`` or ``gaveUp(_:)``.
    case queued
  }

  fileprivate struct Queue {
    var budget: Int
    var used = 0
    /// Requests in order; one that gave up stays until its turn comes, but is no longer in `live`.
    var waiting = CircularBuffer<(id: UInt64, bytes: Int)>()
    var live: Set<UInt64> = []
  }

  let bodyBytesMax: Int
  let smallMax: Int
  private var small: Queue
  private var large: Queue

  /// - Parameters:
  ///   - totalBytes: over all bodies; at least `bodyBytesMax`.
  ///   - bodyBytesMax: the greatest body.
  init(totalBytes: Int, bodyBytesMax: Int) {
    self.bodyBytesMax = bodyBytesMax
    let total = max(totalBytes, bodyBytesMax)
    let rest = total - bodyBytesMax
    // An eighth of its lane, so that several bodies of unknown length are read at once: 2 MiB of 32 MiB would be 16.
    let small = min(rest / 8, 2 << 20)
    let hasTwoLanes = small >= 64 << 10 && small < bodyBytesMax
    smallMax = hasTwoLanes ? small : 0
    self.small = Queue(budget: hasTwoLanes ? rest : 0)
    large = Queue(budget: hasTwoLanes ? bodyBytesMax : total)
  }

  var bytesInUse: Int { small.used + large.used }
  var waitingCount: Int { small.live.count + large.live.count }

  /// What a body reserves at first. Nil length: unknown.
  func firstShare(ofLength length: Int?) -> Share {
    guard let length else { return smallMax > 0 ? Share(lane: .small, bytes: smallMax) : Share(lane: .large, bytes: bodyBytesMax) }
    return Share(lane: length <= smallMax ? .small : .large, bytes: min(length, bodyBytesMax))
  }

  /// What a body of unknown length reserves on top, once it outgrows its first share; nil when that was the maximum already.
  func nextShare(after share: Share) -> Share? {
    share.lane == .small ? Share(lane: .large, bytes: bodyBytesMax) : nil
  }

  mutating func requested(_ share: Share, id: UInt64) -> Decision {
    self[share.lane].requested(share.bytes, id: id)
  }

  /// - Returns: the requests that are granted now.
  mutating func released(_ share: Share) -> [UInt64] {
    self[share.lane].used -= share.bytes
    return self[share.lane].grant()
  }

  /// A waiting request does not want its share any more; others behind it may be granted now.
  mutating func gaveUp(_ id: UInt64, lane: Lane) -> [UInt64] {
    guard self[lane].live.remove(id) != nil else { return [] }
    return self[lane].grant()
  }

  private subscript(lane: Lane) -> Queue {
    get { lane == .small ? small : large }
    _modify {
      switch lane {
      case .small: yield &small
      case .large: yield &large
      }
    }
  }
}

extension AdmissionLedger.Queue {
  fileprivate mutating func requested(_ bytes: Int, id: UInt64) -> AdmissionLedger.Decision {
    if waiting.isEmpty, used + bytes <= budget {
      used += bytes
      return .granted
    }
    waiting.append((id, bytes))
    live.insert(id)
    return .queued
  }

  fileprivate mutating func grant() -> [UInt64] {
    var granted: [UInt64] = []
    while let next = waiting.first {
      if live.contains(next.id) {
        guard used + next.bytes <= budget else { break }
        used += next.bytes
        live.remove(next.id)
        granted.append(next.id)
      }
      waiting.removeFirst()
    }
    return granted
  }
}
