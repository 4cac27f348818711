import FaceEvents
import TestSupport
import Testing

@testable import PictureVolumes

@Suite("Format of a volume")
struct FormatTests {
  private let volume = VolumeID(day: UTCDay(number: 20_780), volumeClass: .passage, number: 1)

  private func header(_ volume: VolumeID) -> RecordHeader {
    RecordHeader(
      SamplePictures.picture(7, byteCount: 1_234, role: .face, receivedAt: Timestamp(milliseconds: 0x0102_0304_0506)), batchDistance: 800)
  }

  private func decode(_ bytes: [UInt8], _ volume: VolumeID, _ offset: UInt64) -> RecordHeader? {
    bytes.withUnsafeBytes { RecordHeader($0, volume: volume, offset: offset) }
  }

  @Test("the fields of a record header stand where the format says")
  func layout() throws {
    let volume = try #require(volume)
    let header = header(volume)
    let bytes = header.bytes(volume: volume, offset: 64)
    #expect(bytes.count == 64)
    #expect(bytes[0..<4].elementsEqual("FPic".utf8))
    #expect(bytes[4..<12].elementsEqual([0xD2, 0x04, 0, 0, 3, 0, 0, 0]))
    #expect(bytes[12..<16].elementsEqual([100, 0, 0, 0]))
    #expect(bytes[16..<24].elementsEqual([6, 5, 4, 3, 2, 1, 0, 0]))
    #expect(bytes[24..<56].elementsEqual(header.digest.bytes))
    #expect(bytes[56..<60].elementsEqual(withUnsafeBytes(of: header.payloadChecksum.littleEndian) { Array($0) }))
    #expect(decode(bytes, volume, 64) == header)
  }

  @Test("a header with any flipped bit is no header")
  func flips() throws {
    let volume = try #require(volume)
    let bytes = header(volume).bytes(volume: volume, offset: 64)
    for bit in 0..<(64 * 8) {
      var other = bytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(decode(other, volume, 64) == nil, "bit \(bit)")
    }
  }

  @Test("a header counts only at its own place")
  func places() throws {
    let volume = try #require(volume)
    let next = try #require(VolumeID(day: volume.day, volumeClass: .passage, number: 2))
    let bytes = header(volume).bytes(volume: volume, offset: 64)
    #expect(decode(bytes, volume, 72) == nil)
    #expect(decode(bytes, next, 64) == nil)
  }

  @Test("the state changes without the checksum, and one flipped bit makes no other state", arguments: RecordHeader.State.allCases)
  func states(state: RecordHeader.State) throws {
    let volume = try #require(volume)
    var header = header(volume)
    var bytes = header.bytes(volume: volume, offset: 64)
    bytes.replaceSubrange(0..<4, with: withUnsafeBytes(of: state.rawValue.littleEndian) { Array($0) })
    header.state = state
    #expect(decode(bytes, volume, 64) == header)
    for other in RecordHeader.State.allCases where other != state {
      #expect((other.rawValue ^ state.rawValue).nonzeroBitCount >= 8)
    }
  }

  @Test("too few bytes are no header", arguments: [0, 1, 4, 63])
  func short(count: Int) throws {
    let volume = try #require(volume)
    #expect(decode(Array(header(volume).bytes(volume: volume, offset: 64).prefix(count)), volume, 64) == nil)
    #expect(VolumeHeader(volume: volume, createdAt: Day.first).bytes.prefix(count).withUnsafeBytes { VolumeHeader($0) } == nil)
  }

  @Test("a volume header says which volume it is, and with any flipped bit nothing")
  func volumeHeader() throws {
    let header = VolumeHeader(volume: try #require(volume), createdAt: Day.first)
    #expect(header.bytes.withUnsafeBytes { VolumeHeader($0) } == header)
    #expect(header.bytes[..<8].elementsEqual("FogVolum".utf8))
    for bit in 0..<(64 * 8) {
      var other = header.bytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(other.withUnsafeBytes { VolumeHeader($0) } == nil, "bit \(bit)")
    }
  }

  @Test("records are padded to multiples of 8", arguments: [(0, 64), (1, 72), (8, 72), (9, 80), (90_000, 90_064)] as [(UInt64, UInt64)])
  func padding(payload: UInt64, record: UInt64) {
    #expect(RecordHeader.recordByteCount(payload: payload) == record)
    #expect(PictureVolumes.recordEnd(of: PictureLocation(volume: 1, offset: 64), byteCount: Int(payload)) == 64 + record)
  }
}
