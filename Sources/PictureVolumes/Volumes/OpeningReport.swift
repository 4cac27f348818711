/// What opening found and did, for the log. Names of files only.
public struct OpeningReport: Sendable, Equatable {
  public struct Note: Sendable, Equatable {
    public var volume: String
    /// A clause that goes on from the volume's name: `is 12 bytes shorter than rows say`.
    public var text: String
    public var byteCount: UInt64
  }

  public var volumeCount = 0
  public var usedBytes: UInt64 = 0
  /// Unfinished batches that were cut off. Nobody was told that these were kept.
  public var cut: [Note] = []
  /// Newest volumes that are left as they are and never appended to again, because opening cannot tell what their end is. No damage.
  public var sealed: [Note] = []
  /// Volumes in which pictures that rows name are missing or in danger. `verify` says which.
  public var damaged: [Note] = []
  /// Volumes of which no row names a single picture: many of them mean that this is not the database that belongs to these volumes.
  public var unnamedVolumeCount = 0
  /// Files in the directory that are not volumes. They are left alone.
  public var otherFileCount = 0

  public init() {}

  /// One line per note.
  public var lines: [String] {
    cut.map { "cut: \($0.volume) \($0.text)" } + sealed.map { "sealed: \($0.volume) \($0.text)" }
      + damaged.map { "damaged: \($0.volume) \($0.text)" }
  }
}
