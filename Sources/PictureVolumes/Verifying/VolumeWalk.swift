import Crypto
import FaceEvents

/// Goes from record to record through one volume, reading everything, with a fixed amount of memory.
struct VolumeWalk {
  enum Verdict: Equatable {
    case good, wrongChecksum, wrongDigest, unreadable
  }

  enum Step {
    case record(RecordHeader, at: UInt64, Verdict)
    /// No header where one must be; goes up to the next good one.
    case gap(Range<UInt64>)
    /// No good record from here to the end, or one that the end cuts off.
    case end(Range<UInt64>)
  }

  /// Many records a call, without being felt in the memory budget.
  static let scratchByteCount = 1 << 20

  let volume: VolumeID
  let file: OpenFile
  let fileSystem: any FileSystem
  let end: UInt64
  let scratch: ScratchBuffer
  private(set) var offset = UInt64(VolumeHeader.byteCount)

  init(volume: VolumeID, file: OpenFile, fileSystem: any FileSystem, end: UInt64, scratch: ScratchBuffer) {
    self.volume = volume
    self.file = file
    self.fileSystem = fileSystem
    self.end = end
    self.scratch = scratch
  }

  /// - Returns: nil at the end of the volume.
  mutating func next() -> Step? {
    guard offset < end else { return nil }
    let start = offset
    guard let header = header(at: start) else { return gap(from: start) }
    // The padding of the last record may be missing without loss.
    guard start + UInt64(RecordHeader.byteCount) + UInt64(header.payloadByteCount) <= end else {
      offset = end
      return .end(start..<end)
    }
    offset = start + header.recordByteCount
    return .record(header, at: start, header.state == .live ? verdict(on: header, at: start) : .good)
  }

  /// - Returns: The next place after `offset` where a good header stands.
  func nextHeader(after offset: UInt64) -> UInt64? {
    var position = offset + RecordHeader.alignment
    while position + UInt64(RecordHeader.byteCount) <= end {
      guard let count = read(scratch.bytes.count, at: position) else {
        position = (position / 4_096 + 1) * 4_096
        continue
      }
      guard count >= RecordHeader.byteCount else { return nil }
      let starts = stride(from: 0, through: count - RecordHeader.byteCount, by: Int(RecordHeader.alignment))
      for start in starts where isHeader(at: start, position) { return position + UInt64(start) }
      position += UInt64(starts.underestimatedCount) * RecordHeader.alignment
    }
    return nil
  }

  private mutating func gap(from start: UInt64) -> Step {
    guard let next = nextHeader(after: start) else {
      offset = end
      return .end(start..<end)
    }
    offset = next
    return .gap(start..<next)
  }

  private func isHeader(at start: Int, _ position: UInt64) -> Bool {
    let bytes = UnsafeRawBufferPointer(rebasing: scratch.bytes[start..<(start + RecordHeader.byteCount)])
    guard RecordHeader.State(rawValue: bytes.littleEndian(UInt32.self, at: 0)) != nil else { return false }
    return RecordHeader(bytes, volume: volume, offset: position + UInt64(start)) != nil
  }

  private func header(at offset: UInt64) -> RecordHeader? {
    guard let count = read(RecordHeader.byteCount, at: offset) else { return nil }
    return RecordHeader(scratch.prefix(count), volume: volume, offset: offset)
  }

  private func verdict(on header: RecordHeader, at offset: UInt64) -> Verdict {
    var checksum = CRC32C()
    var digest = SHA256()
    var position = offset + UInt64(RecordHeader.byteCount)
    let payloadEnd = position + UInt64(header.payloadByteCount)
    while position < payloadEnd {
      guard let count = read(Int(payloadEnd - position), at: position), count > 0 else { return .unreadable }
      checksum.update(scratch.prefix(count))
      digest.update(bufferPointer: scratch.prefix(count))
      position += UInt64(count)
    }
    if checksum.value != header.payloadChecksum { return .wrongChecksum }
    return ContentDigest(bytes: Array(digest.finalize())) == header.digest ? .good : .wrongDigest
  }

  /// At most one buffer, and nothing behind ``end``.
  /// - Returns: nil when the disk does not give the bytes.
  private func read(_ count: Int, at offset: UInt64) -> Int? {
    let count = min(count, scratch.bytes.count, Int(clamping: end - min(end, offset)))
    return try? fileSystem.readFully(file.descriptor, into: scratch.room(count), at: offset)
  }
}
