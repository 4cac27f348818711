/// What ``PictureVolumes/verify(marks:progress:)`` has seen.
public struct VerifyReport: Sendable {
  /// By volume and offset.
  public var findings: [VolumeFinding] = []
  /// To compare rows with.
  public var pictures = VerifiedPictures()
  public var volumeCount = 0
  public var byteCount: UInt64 = 0
  public var erasedCount = 0
  public var setAsideCount = 0

  /// The findings that concern what rows name.
  public var damage: [VolumeFinding] { findings.filter { !$0.isBehindMark } }
}

/// How far a verification is. Bytes are those of all volumes together.
public struct VerifyProgress: Sendable, Equatable {
  public var volumeName: String
  public var volumesDone: Int
  public var volumeCount: Int
  public var bytesDone: UInt64
  public var byteCount: UInt64
}
