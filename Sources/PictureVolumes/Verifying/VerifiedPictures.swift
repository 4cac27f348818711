public import FaceEvents

/// Which pictures a verification has found whole, and where. Takes 12 bytes a picture, so that each volume is read once, from start to end,
/// and the rows may come in any order afterwards.
public struct VerifiedPictures: Sendable {
  /// Of one volume, in the order of offsets.
  private struct Records {
    /// In units of 8 bytes.
    var offsets: [UInt32] = []
    var prints: [UInt64] = []
  }

  private var volumes: [UInt32: Records] = [:]
  private var exceptions: [PictureLocation: PictureCondition] = [:]
  public private(set) var count = 0

  public init() {}

  /// Call in the order of offsets.
  mutating func insert(_ location: PictureLocation, _ digest: ContentDigest, byteCount: UInt32) {
    volumes[location.volume, default: Records()].offsets.append(Self.unit(location.offset))
    volumes[location.volume, default: Records()].prints.append(Self.print(digest, UInt64(byteCount)))
    count += 1
  }

  mutating func insert(_ location: PictureLocation, _ condition: PictureCondition) {
    exceptions[location] = condition
  }

  /// What a row's reader would meet.
  public func condition(of location: PictureLocation, digest: ContentDigest, byteCount: Int) -> PictureCondition {
    if let records = volumes[location.volume], location.offset % RecordHeader.alignment == 0,
      let position = records.offsets.position(of: Self.unit(location.offset))
    {
      return records.prints[position] == Self.print(digest, UInt64(byteCount)) ? .good : .other
    }
    return exceptions[location] ?? .absent
  }

  private static func unit(_ offset: UInt64) -> UInt32 { UInt32(clamping: offset / RecordHeader.alignment) }

  /// 64 bits of a SHA-256 are enough to tell one picture from another where nobody can choose what to compare; the length is mixed in.
  private static func print(_ digest: ContentDigest, _ byteCount: UInt64) -> UInt64 {
    digest.words.0 ^ (byteCount &* 0x9E37_79B9_7F4A_7C15)
  }
}

public enum PictureCondition: Sendable, Equatable, CaseIterable {
  case good
  case damaged
  case erased
  /// Found damaged before, and repaired around.
  case setAside
  /// A good picture, but not the one that the row says.
  case other
  /// No picture begins there.
  case absent

  /// A clause for the operator.
  public var text: String {
    switch self {
    case .good: "is whole"
    case .damaged: "is damaged"
    case .erased: "has been erased"
    case .setAside: "was found damaged earlier and set aside"
    case .other: "is another picture than the row says"
    case .absent: "is not there"
    }
  }
}

extension [UInt32] {
  /// In ascending elements.
  fileprivate func position(of element: UInt32) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == element ? low : nil
  }
}
