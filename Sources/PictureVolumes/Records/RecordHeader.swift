import FaceEvents

// The format of a volume, version 1
// =================================
//
// Constraints. A volume only grows, by whole batches, and is on stable storage before anybody hears of it. Any byte may come back
// wrong, any sector (512 bytes) of the batch in flight may be lost when the power goes, and a row may name a place where something else
// is. None of this may end in a wrong picture, and one bad record must not take its neighbours with it.
//
//     volume = volume header (64 bytes), record, record, …
//     record = record header (64 bytes), payload, zeros up to a multiple of 8
//
// Numbers are little-endian, checksums are CRC32C (RFC 3720). A picture's location is the offset of its record header, so it is a multiple
// of 8 and at least 64. A volume without its last bytes is still a volume.
//
// Volume header (VolumeHeader)
//
//      0  8  "FogVolum"
//      8  4  format version: 1
//     12  4  volume id (VolumeID): day, class, number, the same that the file name says
//     16  8  when it was made, ms since 1970
//     24 36  zeros
//     60  4  checksum of bytes 0 ..< 60
//
// Record header (RecordHeader)
//
//      0  4  state, which is also the magic: live, erased or set aside. Outside the header's checksum and never across a sector's edge, so
//            that a state is changed by one write that happens or does not happen
//      4  4  payload length in bytes
//      8  1  role (PictureRole)
//      9  3  zeros
//     12  4  how far behind the start of its batch the record stands, in units of 8 bytes: 0 for the first one of a batch
//     16  8  when the picture was received, ms since 1970
//     24 32  SHA-256 of the payload
//     56  4  checksum of the payload
//     60  4  checksum of: volume id (4 bytes), offset of this header in the volume (8 bytes), bytes 4 ..< 60
//
// The header's checksum covers the place, so that a header is one only where it was written: neither a block that a disk has put in the
// wrong place, nor a record copied into a picture by somebody clever, passes for one.
//
// What each operation does
//
//     append     writes headers and payloads of a batch behind the last acknowledged byte, with as few calls as possible, then fdatasync.
//                When any of this fails the file is cut back to where it was
//     read       reads header and payload; state, place, length, digest and checksum must all be right, else the picture is damaged
//     verify     walks from record to record and also recomputes each SHA-256. Behind a header that is wrong it goes on at the next
//                multiple of 8 where a right one stands
//     erase      changes the state, fdatasync, zeros over the payload, fdatasync, punches a hole; length and digest stay
//     set aside  (repair) after copying the damaged bytes elsewhere: changes the state; where the header itself is damaged, a new one is
//                written that covers everything up to the next good record
//     open       looks behind the last byte that any row names: see VolumeOpening

/// What stands before each picture. See the format above.
struct RecordHeader: Equatable, Sendable {
  static let byteCount = 64
  static let alignment: UInt64 = 8

  /// The raw values differ in at least eight bits each, so that a flipped bit makes none of them out of another.
  enum State: UInt32, CaseIterable, Sendable {
    /// "FPic"
    case live = 0x6369_5046
    /// The payload has been overwritten with zeros on demand.
    case erased = 0x9C52_31E7
    /// Found damaged, copied to the quarantine, not to be looked at again.
    case setAside = 0x3A96_CB58
  }

  var state: State
  var payloadByteCount: UInt32
  /// ``PictureRole/rawValue``; not decoded, so that a role that a newer program knows is no damage.
  var role: UInt8
  var batchDistance: UInt32
  var receivedAt: Timestamp
  var digest: ContentDigest
  var payloadChecksum: UInt32

  /// From the start of this header to the start of the next.
  var recordByteCount: UInt64 { Self.recordByteCount(payload: UInt64(payloadByteCount)) }

  static func recordByteCount(payload: UInt64) -> UInt64 {
    (UInt64(byteCount) + payload + alignment - 1) / alignment * alignment
  }
}

extension RecordHeader {
  /// - Parameter bytes: At least 64 bytes.
  /// - Returns: nil when these are not the bytes of a header at this place.
  init?(_ bytes: UnsafeRawBufferPointer, volume: VolumeID, offset: UInt64) {
    guard bytes.count >= Self.byteCount, let state = State(rawValue: bytes.littleEndian(UInt32.self, at: 0)),
      bytes.littleEndian(UInt32.self, at: 60) == Self.checksum(of: bytes, volume: volume, offset: offset)
    else { return nil }
    self.state = state
    payloadByteCount = bytes.littleEndian(UInt32.self, at: 4)
    role = bytes[8]
    batchDistance = bytes.littleEndian(UInt32.self, at: 12)
    receivedAt = Timestamp(milliseconds: bytes.littleEndian(Int64.self, at: 16))
    digest = ContentDigest(words: (Self.word(0, in: bytes), Self.word(1, in: bytes), Self.word(2, in: bytes), Self.word(3, in: bytes)))
    payloadChecksum = bytes.littleEndian(UInt32.self, at: 56)
  }

  /// - Parameter bytes: At least 64 bytes, all zero so far.
  func write(to bytes: UnsafeMutableRawBufferPointer, volume: VolumeID, offset: UInt64) {
    bytes.storeLittleEndian(state.rawValue, at: 0)
    bytes.storeLittleEndian(payloadByteCount, at: 4)
    bytes.storeLittleEndian(role, at: 8)
    bytes.storeLittleEndian(batchDistance, at: 12)
    bytes.storeLittleEndian(receivedAt.milliseconds, at: 16)
    let words = [digest.words.0, digest.words.1, digest.words.2, digest.words.3]
    for (index, word) in words.enumerated() { bytes.storeLittleEndian(word.byteSwapped, at: 24 + 8 * index) }
    bytes.storeLittleEndian(payloadChecksum, at: 56)
    bytes.storeLittleEndian(Self.checksum(of: UnsafeRawBufferPointer(bytes), volume: volume, offset: offset), at: 60)
  }

  func bytes(volume: VolumeID, offset: UInt64) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: Self.byteCount)
    out.withUnsafeMutableBytes { write(to: $0, volume: volume, offset: offset) }
    return out
  }

  /// Whether a header of this state can begin with these few bytes.
  static func mayBegin(with bytes: UnsafeRawBufferPointer) -> Bool {
    zip(bytes, [0, 8, 16, 24]).allSatisfy { byte, shift in byte == UInt8(truncatingIfNeeded: State.live.rawValue >> shift) }
  }

  private static func word(_ index: Int, in bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.littleEndian(UInt64.self, at: 24 + 8 * index).byteSwapped
  }

  private static func checksum(of header: UnsafeRawBufferPointer, volume: VolumeID, offset: UInt64) -> UInt32 {
    var checksum = CRC32C()
    withUnsafeBytes(of: volume.rawValue.littleEndian) { checksum.update($0) }
    withUnsafeBytes(of: offset.littleEndian) { checksum.update($0) }
    checksum.update(UnsafeRawBufferPointer(rebasing: header[4..<60]))
    return checksum.value
  }
}
