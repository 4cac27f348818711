public import FaceEvents

/// Pictures of these classes are kept in volumes of their own, because they go at different times: a reference picture serves every later
/// passage of its person, the others belong to one event.
public enum VolumeClass: UInt8, Sendable, CaseIterable {
  case reference = 1
  case passage = 2

  public init(_ role: PictureRole) {
    self = role == .reference ? .reference : .passage
  }

  public var word: String { self == .reference ? "reference" : "passage" }
}

/// Names a volume. The number that rows hold and the file's name say the same, so nothing has to map one to the other.
///
///     id    day since 1970 (16 bits), class (2 bits), number (14 bits)
///     name  2026-11-23.passage.0001.volume
public struct VolumeID: Hashable, Sendable {
  public static let numberMax = 16_383

  public var day: UTCDay
  public var volumeClass: VolumeClass
  /// 1…``numberMax``, counted within day and class.
  public var number: Int

  public init?(day: UTCDay, volumeClass: VolumeClass, number: Int) {
    guard (1...Self.numberMax).contains(number) else { return nil }
    self.day = day
    self.volumeClass = volumeClass
    self.number = number
  }

  /// - Returns: nil when no volume can have this id.
  public init?(rawValue: UInt32) {
    guard let volumeClass = VolumeClass(rawValue: UInt8(rawValue >> 14 & 3)) else { return nil }
    self.init(day: UTCDay(number: UInt16(rawValue >> 16)), volumeClass: volumeClass, number: Int(rawValue & 0x3FFF))
  }

  public var rawValue: UInt32 {
    UInt32(day.number) << 16 | UInt32(volumeClass.rawValue) << 14 | UInt32(number)
  }

  public var name: String {
    "\(day).\(volumeClass.word).\(UTCDay.digits(number, 4)).volume"
  }

  /// - Returns: nil when this is not exactly the name of a volume.
  public init?(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, let day = UTCDay(parts[0]), let number = Int(parts[2]),
      let volumeClass = VolumeClass.allCases.first(where: { $0.word == parts[1] }),
      let id = VolumeID(day: day, volumeClass: volumeClass, number: number), id.name == name
    else { return nil }
    self = id
  }
}

/// Oldest first; within a day by class.
extension VolumeID: Comparable {
  public static func < (a: VolumeID, b: VolumeID) -> Bool { a.rawValue < b.rawValue }
}

extension VolumeID: CustomStringConvertible {
  public var description: String { name }
}
