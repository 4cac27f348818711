import FaceEvents
import Testing

@Suite struct SharedBytesTests {
  @Test("Storage grows and keeps what is in it")
  func grows() {
    let storage = ByteStorage(capacity: 1)
    var expected: [UInt8] = []
    for count in [0, 1, 15, 16, 17, 1000, 3] {
      let piece = (0..<count).map { UInt8(truncatingIfNeeded: $0 + count) }
      piece.withUnsafeBytes { storage.append($0) }
      expected += piece
      #expect(Array(storage.bytes) == expected)
      #expect(storage.count == expected.count)
      #expect(storage.capacity >= storage.count)
    }
    storage.reserve(10_000)
    #expect(storage.capacity >= 10_000)
    #expect(storage.share(0..<storage.count).array == expected)
  }

  @Test("Slices share the memory and compare by content")
  func slices() {
    let bytes = SharedBytes(Array(0..<100))
    #expect(bytes[10..<20].array == Array(10..<20))
    #expect(bytes[10..<20][2..<4].array == [12, 13])
    #expect(bytes[10..<20] == SharedBytes(Array(10..<20)))
    #expect(bytes[10..<20] != SharedBytes(Array(10..<21)))
    #expect(bytes[10..<20] != bytes[11..<21])
    #expect(bytes[5..<5] == SharedBytes.empty)
    #expect(SharedBytes.empty.isEmpty)
    #expect(SharedBytes([]).count == 0)
  }

  @Test("A digest is read from 32 bytes and printed as 64 digits")
  func digests() {
    let bytes = (0..<32).map { UInt8($0 * 8) }
    let digest = ContentDigest(bytes: bytes)
    #expect(digest?.bytes == bytes)
    #expect(digest?.description == "0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8")
    #expect(ContentDigest(bytes: bytes.dropLast()) == nil)
    #expect(ContentDigest(bytes: bytes + [0]) == nil)
    var other = bytes
    other[31] ^= 1
    #expect(ContentDigest(bytes: other) != digest)
  }
}
