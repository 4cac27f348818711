import FaceEvents

/// What waits to be committed, and in which batches it goes: the policy of the group commit, without locks, clocks or stores.
///
/// `Tag` names a call; the queue only carries it.
struct KeepQueue<Tag> {
  /// An item of a batch, with its place in its call.
  struct Entry {
    var item: KeepItem
    var tag: Tag
    var index: Int
  }

  enum State: Equatable {
    /// Takes items. Moves to `closing`.
    case open
    /// Refuses items, still hands out what waits. Stays.
    case closing
  }

  enum Admission: Equatable {
    case queued
    case closed
    /// More would wait than the settings allow.
    case overloaded
  }

  enum Next {
    case batch([Entry], byteCount: Int)
    /// Nothing waits; more may come.
    case wait
    /// Nothing waits and nothing will come.
    case stop
  }

  private struct Call {
    var items: [KeepItem]
    var taken = 0
    var tag: Tag
  }

  private let settings: KeeperSettings
  private(set) var state = State.open
  private var calls: [Call] = []
  private(set) var itemCount = 0
  private(set) var byteCount = 0
  /// Waiting events that have pictures.
  private var illustratedCount = 0

  init(settings: KeeperSettings) {
    self.settings = settings
  }

  /// Whether any of what waits has pictures.
  var hasPictures: Bool { illustratedCount > 0 }

  /// All of a call's items are taken, or none. A call that is larger than the bounds is taken when nothing else waits.
  mutating func submitted(_ items: [KeepItem], tag: Tag) -> Admission {
    guard state == .open else { return .closed }
    let added = items.reduce(0) { $0 + $1.byteCount }
    let fits = itemCount + items.count <= settings.queueItemsMax && byteCount + added <= settings.queueBytesMax
    guard fits || itemCount == 0 else { return .overloaded }
    calls.append(Call(items: items, tag: tag))
    itemCount += items.count
    illustratedCount += items.count(where: \.hasPictures)
    byteCount += added
    return .queued
  }

  mutating func closed() {
    state = .closing
  }

  /// The next batch: from the front, within the bounds, and never with two different events of one id, so that the store has the first of
  /// them before it is asked about the second.
  mutating func next() -> Next {
    guard itemCount > 0 else { return state == .open ? .wait : .stop }
    var batch = Batch(settings: settings)
    var emptied = 0
    collecting: while emptied < calls.count {
      while calls[emptied].taken < calls[emptied].items.count {
        let call = calls[emptied]
        guard batch.add(call.items[call.taken], tag: call.tag, index: call.taken) else { break collecting }
        calls[emptied].taken += 1
      }
      emptied += 1
    }
    calls.removeFirst(emptied)
    itemCount -= batch.entries.count
    illustratedCount -= batch.entries.count { $0.item.hasPictures }
    byteCount -= batch.byteCount
    return .batch(batch.entries, byteCount: batch.byteCount)
  }
}

extension KeepQueue.Entry: Sendable where Tag: Sendable {}

extension KeepQueue {
  private struct Batch {
    struct Identity: Equatable {
      var digest: ContentDigest
      var lane: Lane
    }

    let settings: KeeperSettings
    var entries: [Entry] = []
    var byteCount = 0
    var identities: [EventID: Identity] = [:]

    init(settings: KeeperSettings) {
      self.settings = settings
    }

    /// - Returns: false when the item belongs into a later batch.
    mutating func add(_ item: KeepItem, tag: Tag, index: Int) -> Bool {
      let bytes = item.byteCount
      guard entries.count < settings.batchItemsMax else { return false }
      guard entries.isEmpty || byteCount + bytes <= settings.batchBytesMax else { return false }
      if case .event(let event, _) = item {
        let identity = Identity(digest: event.contentDigest, lane: event.lane)
        if let other = identities[event.id] {
          guard other == identity else { return false }
        } else {
          identities[event.id] = identity
        }
      }
      entries.append(Entry(item: item, tag: tag, index: index))
      byteCount += bytes
      return true
    }
  }
}
