import FaceEvents
import TestSupport
import Testing

@testable import SQLiteStorage

@Suite struct PictureListCodecTests {
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func whateverIsEncodedIsDecodedTheSame(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
      let (pictures, locations) = Self.list(&random)
      let encoded = PictureListCodec.encode(pictures, locations)
      #expect((encoded == nil) == pictures.isEmpty)
      let decoded = (encoded ?? []).withUnsafeBytes { PictureListCodec.decode($0) }
      #expect(decoded == PictureListCodec.Decoded(pictures: pictures, locations: locations), "seed \(seed)")
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func aListThatIsCutOrContinuedAnywhereIsRefused(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let (pictures, locations) = Self.list(&random, count: 3)
    let encoded = try #require(PictureListCodec.encode(pictures, locations))
    for end in 1..<encoded.count {
      #expect(encoded[..<end].withUnsafeBytes { PictureListCodec.decode($0) } == nil, "cut at \(end), seed \(seed)")
    }
    #expect((encoded + [0]).withUnsafeBytes { PictureListCodec.decode($0) } == nil)
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func noBytesMakeTheDecoderFail(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<2_000 {
      let (pictures, locations) = Self.list(&random, count: 2)
      var encoded = try #require(PictureListCodec.encode(pictures, locations))
      for _ in 0..<3 { encoded[Int.random(in: 0..<encoded.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      // Decoded or refused, but at its end: nothing else is promised of bytes that the checksum would have refused.
      let decoded = encoded.withUnsafeBytes { PictureListCodec.decode($0) }
      #expect(decoded.map { $0.pictures.count == $0.locations.count } ?? true)
    }
  }

  @Test func aPictureInCanonicalBase64TakesFewBytes() throws {
    let picture = SampleRecords.picture("a", .scene, byteCount: 90_000, cutAt: 300)
    let encoded = try #require(PictureListCodec.encode([picture], [PictureLocation(volume: 12, offset: 1 << 33)]))
    #expect(encoded.count == 2 + 1 + 10 + 32 + 3 + 1 + 5 + 3)
  }

  @Test func theLayoutIsAsWrittenDown() {
    let digest = ContentDigest(words: (0x0102, 0, 0, 0x0304))
    var text = PictureText()
    text.isURLSafe = true
    text.lineLength = 76
    text.lineBreak = [10]
    let pictures = [EventPicture(role: .face, field: "f", digest: digest, byteCount: 300, cut: PictureCut(offset: 5, text: text))]
    let expected: [UInt8] =
      [1, 1, 0x83, 1, UInt8(ascii: "f")] + [0, 0, 0, 0, 0, 0, 1, 2] + [UInt8](repeating: 0, count: 22) + [3, 4]
      + [0xAC, 0x02, 2, 0x80, 0x01, 5, 0x81, 76, 0, 1, 10]
    #expect(PictureListCodec.encode(pictures, [PictureLocation(volume: 2, offset: 128)]) == expected)
  }

  private static func list(_ random: inout SeededRandom, count: Int? = nil) -> ([EventPicture], [PictureLocation]) {
    let count = count ?? Int.random(in: 0...4, using: &random)
    func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
    let pictures = (0..<count).map { _ in
      EventPicture(
        role: PictureRole.allCases.randomElement(using: &random) ?? .other,
        field: ["", "reg_pic", "照片"].randomElement(using: &random) ?? "",
        digest: ContentDigest(words: (number(), number(), number(), number())), byteCount: Int(number() >> 1),
        cut: Bool.random(using: &random) ? PictureCut(offset: Int(number() >> 1), text: text(&random)) : nil)
    }
    let locations = pictures.map { _ in PictureLocation(volume: UInt32(truncatingIfNeeded: number()), offset: number()) }
    return (pictures, locations)
  }

  private static func text(_ random: inout SeededRandom) -> PictureText {
    guard Bool.random(using: &random) else { return .canonical }
    var text = PictureText()
    text.isURLSafe = Bool.random(using: &random)
    text.isPadded = Bool.random(using: &random)
    text.hasEscapedSlashes = Bool.random(using: &random)
    text.endsWithLineBreak = Bool.random(using: &random)
    text.lineLength = [0, 64, 76, 1 << 20].randomElement(using: &random) ?? 0
    text.prefix = [[], Array("data:image/png;base64,".utf8)].randomElement(using: &random) ?? []
    text.lineBreak = [[], [10], [92, 114, 92, 110]].randomElement(using: &random) ?? []
    return text
  }
}

@Suite struct WarningLinesTests {
  @Test(arguments: [[], [""], ["", ""], ["a"], ["a", "b\nc"], [#"\"#, #"\n"#, "\n", #"\\n"#], ["时间 is missing"]] as [[String]])
  func warningsComeBackAsTheyWere(_ warnings: [String]) {
    let text = WarningLines.encode(warnings)
    #expect(WarningLines.decode(text) == warnings)
    #expect((text == nil) == warnings.isEmpty)
  }

  @Test func aWarningIsOneLine() {
    #expect(WarningLines.encode(["dev_sno is missing", "a\nb"]) == "dev_sno is missing\na\\nb")
  }
}

@Suite struct RowChecksumTests {
  @Test(arguments: [0, 1, 7, 8, 9, 64, 65])
  func everyFlippedBitShows(count: Int) {
    let digest = SampleRecords.digest("x")
    var original = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31) }
    func checksum() -> Int64 {
      [1, 2, 3].withUnsafeBytes { pictures in original.withUnsafeBytes { RowChecksum.of(digest, pictures: pictures, original: $0) } }
    }
    let before = checksum()
    for bit in 0..<8 * count {
      original[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(checksum() != before, "bit \(bit)")
      original[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    #expect(checksum() == before)
    original.append(0)
    #expect(checksum() != before, "a zero at the end")
  }

  @Test func theValueIsTheSameForEver() {
    // Rows on disk hold it: a change here needs a migration.
    let bytes = Array("fogcatcher".utf8)
    let value = bytes.withUnsafeBytes {
      RowChecksum.of(ContentDigest(words: (1, 2, 3, 4)), pictures: .init(start: nil, count: 0), original: $0)
    }
    #expect(value == -4_542_619_223_798_790_609)
  }
}

@Suite struct FollowingIDTests {
  @Test func followingIdsKeepTimeVersionVariantAndOutline() {
    let event = SampleRecords.event("one", at: 77)
    let following = event.id.following(event.contentDigest)
    #expect(Set(following + [event.id]).count == following.count + 1)
    for id in following {
      #expect(id.sharesOutline(with: event.id) && id.milliseconds == event.id.milliseconds)
      #expect(id.low >> 62 == 0b10 && id.high >> 12 & 0xF == 8)
    }
  }

  @Test func theyDependOnTheContentAlone() {
    let event = SampleRecords.event("one")
    let first = event.id.following(event.contentDigest)
    #expect(first[0].following(event.contentDigest) == first)
    #expect(event.id.following(SampleRecords.digest("two")) != first)
  }
}

@Suite struct BoundedCacheTests {
  @Test func itNeverHoldsMoreThanItsCapacity() {
    var cache = BoundedCache<Int, Int>(capacity: 10)
    for number in 0..<1_000 {
      cache.insert(number, for: number)
      _ = cache.value(for: number / 2)
      #expect(cache.count <= 10)
    }
  }

  @Test func whatIsUsedStaysAndTheRestGoes() {
    var cache = BoundedCache<String, Int>(capacity: 8)
    cache.insert(1, for: "used")
    for number in 0..<100 {
      cache.insert(number, for: "other \(number)")
      #expect(cache.value(for: "used") == 1)
    }
    #expect(cache.value(for: "other 0") == nil)
    #expect(cache.value(for: "other 99") == 99)
  }

  @Test func aNewValueReplacesTheOldOne() {
    var cache = BoundedCache<String, Int>(capacity: 2)
    for number in 0..<5 {
      cache.insert(number, for: "key")
      cache.insert(number, for: "filler \(number)")
      cache.insert(number + 100, for: "key")
      #expect(cache.value(for: "key") == number + 100)
    }
  }
}
