/// Something in the volumes that is not as it was written.
public struct VolumeFinding: Sendable, Equatable {
  public enum Kind: Sendable, Equatable, CaseIterable {
    /// A volume that rows name is not there.
    case missingVolume
    /// A file with a volume's name and nothing of that volume in it.
    case foreignFile
    case volumeHeader
    /// A record's header is wrong, so that nothing is known of the bytes up to the next good one.
    case recordHeader
    /// The checksum of a picture is wrong.
    case payload
    /// The checksum is right but the SHA-256 is not: it was wrong when it was written.
    case digest
    /// The disk does not give the bytes.
    case unreadable
    /// From here on the volume has no good record, or ends before rows say.
    case end
  }

  /// As in ``PictureLocation/volume``.
  public var volume: UInt32
  public var volumeName: String
  /// Where the damaged part begins, in the volume, and how long it is.
  public var offset: UInt64
  public var byteCount: UInt64
  public var kind: Kind
  /// No row names anything here: the rest of a batch that was never committed. Worth a line, not an alarm.
  public var isBehindMark: Bool

  var range: Range<UInt64> { offset..<(offset + byteCount) }
}

extension VolumeFinding: CustomStringConvertible {
  public var description: String {
    "\(volumeName) at \(offset), \(byteCount) bytes: \(kind.text)\(isBehindMark ? " (no row names anything there)" : "")"
  }
}

extension VolumeFinding.Kind {
  /// A clause for the operator.
  public var text: String {
    switch self {
    case .missingVolume: "the volume is named by rows and is missing"
    case .foreignFile: "the file is not this volume"
    case .volumeHeader: "the volume's header is damaged"
    case .recordHeader: "a picture's header is damaged"
    case .payload: "a picture's checksum is wrong"
    case .digest: "a picture is not the one that its SHA-256 says"
    case .unreadable: "the disk cannot read a picture"
    case .end: "the volume ends too early, or in something that is no picture"
    }
  }
}
