/// The highest number of each day and class that was ever in use, so that none means two volumes.
struct VolumeNumbers {
  private struct Series: Hashable {
    var day: UTCDay
    var volumeClass: VolumeClass
  }

  private var highest: [Series: Int] = [:]

  mutating func use(_ id: VolumeID) {
    let series = Series(day: id.day, volumeClass: id.volumeClass)
    highest[series] = max(highest[series] ?? 0, id.number)
  }

  /// The volume was made and is gone again without ever having held anything.
  mutating func giveBack(_ id: VolumeID) {
    let series = Series(day: id.day, volumeClass: id.volumeClass)
    if highest[series] == id.number { highest[series] = id.number - 1 }
  }

  /// - Returns: nil when the day has no number left.
  func next(_ day: UTCDay, _ volumeClass: VolumeClass) -> VolumeID? {
    VolumeID(day: day, volumeClass: volumeClass, number: (highest[Series(day: day, volumeClass: volumeClass)] ?? 0) + 1)
  }
}
