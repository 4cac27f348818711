/// A file as the system sees it, and as the disk would have it after a power failure.
struct SimulatedFile {
  static let sectorByteCount = 512

  /// What reads give.
  private(set) var written: [UInt8] = []
  /// What certainly survives.
  private(set) var durable: [UInt8] = []
  /// Sectors that were written since they were synchronized. Any of them may survive, each for itself.
  private var dirty: Set<Int> = []

  mutating func write(_ bytes: some Collection<UInt8>, at offset: Int) {
    let end = offset + bytes.count
    if end > written.count { resize(to: end) }
    written.replaceSubrange(offset..<end, with: bytes)
    markDirty(offset..<end)
  }

  mutating func resize(to size: Int) {
    let old = written.count
    if size < old { written.removeSubrange(size...) } else { written += [UInt8](repeating: 0, count: size - old) }
    markDirty(min(size, old)..<max(size, old))
  }

  /// Damage that no call has done.
  mutating func flip(bit: Int, at offset: Int) {
    written[offset] ^= 1 << bit
    if offset < durable.count { durable[offset] ^= 1 << bit }
  }

  mutating func synchronize() {
    durable = written
    dirty = []
  }

  /// What a failed fdatasync may do at its worst: some of it is on the disk, and the rest is forgotten although reads still show it.
  mutating func failToSynchronize(using random: inout SplitMix64) {
    persistSome(using: &random)
    dirty = []
  }

  mutating func losePower(using random: inout SplitMix64) {
    persistSome(using: &random)
    dirty = []
    written = durable
  }

  private mutating func markDirty(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    dirty.formUnion((range.lowerBound / Self.sectorByteCount)...((range.upperBound - 1) / Self.sectorByteCount))
  }

  private mutating func persistSome(using random: inout SplitMix64) {
    guard !dirty.isEmpty else { return }
    let sizes = [
      durable.count, written.count, Int.random(in: min(durable.count, written.count)...max(durable.count, written.count), using: &random),
    ]
    let size = sizes.randomElement(using: &random) ?? written.count
    if size < durable.count { durable.removeSubrange(size...) } else { durable += [UInt8](repeating: 0, count: size - durable.count) }
    let share = [0, 50, 90, 100].randomElement(using: &random) ?? 50
    for sector in dirty.sorted() where random.chance(share) {
      let start = sector * Self.sectorByteCount
      let end = min(start + Self.sectorByteCount, written.count, durable.count)
      if start < end { durable.replaceSubrange(start..<end, with: written[start..<end]) }
    }
  }
}
