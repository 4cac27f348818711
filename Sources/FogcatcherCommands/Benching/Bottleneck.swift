/// What kept a bench from being faster.
enum Bottleneck: Equatable, Sendable {
  /// The disk took bytes about as fast as it does when it has nothing else to do.
  case diskRate
  /// The node waited for the disk to confirm, again and again, while processors were idle.
  case diskWaits
  /// All processors were busy.
  case processors
  /// All processors were busy, a good part of them with something else: what the machine can do was not measured.
  case otherPrograms
  /// One thread of the node had a processor for itself all the time; the others could not help it.
  case oneThread
  /// Neither: the node waited for events, so it is the connections or the way between.
  case load

  /// Shares are from 0 to 1.
  struct Facts: Sendable {
    /// Pictures that were stored.
    var storedBytesPerSecond: Double
    /// Of the disk alone.
    var diskBytesPerSecond: Double
    /// Of all processors that may be used, whoever had them. Nil where the system does not say.
    var processorShare: Double?
    /// Of all processors, what neither node nor load had.
    var othersShare: Double
    /// Of one processor.
    var busiestThreadShare: Double
    /// Of the time, in which the node had a commit under way.
    var commitShare: Double
  }

  static let nearShare = 0.8
  static let fullShare = 0.9
  static let othersShareMax = 0.25

  /// The first of these that holds, in this order, because a disk at its limit makes everything behind it wait, and full processors make
  /// commits long too:
  ///
  /// | What | When |
  /// |---|---|
  /// | ``diskRate`` | pictures are stored at 0.8 of the disk's own rate or more |
  /// | ``otherPrograms`` | 0.9 of all processors are busy or more, and others have more than 0.25 |
  /// | ``processors`` | 0.9 of all processors are busy or more |
  /// | ``oneThread`` | one thread has 0.9 of a processor or more |
  /// | ``diskWaits`` | commits are under way for 0.8 of the time or more |
  /// | ``load`` | else |
  init(_ facts: Facts) {
    if facts.storedBytesPerSecond > 0, facts.storedBytesPerSecond >= Self.nearShare * facts.diskBytesPerSecond {
      self = .diskRate
    } else if let share = facts.processorShare, share >= Self.fullShare {
      self = facts.othersShare > Self.othersShareMax ? .otherPrograms : .processors
    } else if facts.busiestThreadShare >= Self.fullShare {
      self = .oneThread
    } else if facts.commitShare >= Self.nearShare {
      self = .diskWaits
    } else {
      self = .load
    }
  }
}
