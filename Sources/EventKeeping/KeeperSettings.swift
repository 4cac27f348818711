/// Bounds of the group commit. Every byte figure counts event texts and pictures.
public struct KeeperSettings: Sendable {
  /// Items in one commit, 1 or more.
  public var batchItemsMax = 256
  /// Bytes in one commit, unless a single item has more: it is then committed alone.
  public var batchBytesMax = 32 << 20
  /// Bytes that gather, pictures among them, before they are written while the rows of a batch commit: a busy node would otherwise commit a few
  /// events at a time, at twice the cost.
  public var gatheredBytesMin = 1 << 20
  /// Rows under way up to which pictures do not gather, however few they are: a node with little to do answers sooner. Measured with 120 KB an
  /// event on a slow disk: at half of the peak the median answer takes 5.1 ms for 7.4, and 8 senders get 15 % more events through.
  public var aheadOfRowsMax = 8
  /// Items that may wait. The receiver admits by bytes, so that this is only reached when something else floods the keeper.
  public var queueItemsMax = 65_536
  /// Bytes that may wait.
  public var queueBytesMax = 256 << 20
  /// Bytes that stay free on the disk of the pictures: below it nothing is kept and everybody is told that the disk is full.
  public var diskReserveBytes: Int64 = 512 << 20

  public init() {}
}
