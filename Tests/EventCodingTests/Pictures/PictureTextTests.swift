import FaceEvents
import TestSupport
import Testing

@testable import EventCoding

@Suite struct PictureTextTests {
  static func body(_ text: String, key: String = "reg_pic") -> Body { Body(#"{"identity_id":"a","\#(key)":"\#(text)","z":1}"#) }

  static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB] + (0..<57).map { UInt8($0 &* 37 & 0xFF) }

  /// A spelling of base64, written by other means than those that are tested.
  struct Spelling: Sendable, CustomTestStringConvertible {
    var prefix = ""
    var isURLSafe = false
    var isPadded = true
    var slash = "/"
    var lineLength = 0
    var lineBreak = ""
    var endsWithBreak = false
    /// Whether the text is taken out of the original, or has to stay.
    var isCut = true

    var testDescription: String {
      "\(prefix.prefix(12)) \(isURLSafe ? "url-safe" : "") \(isPadded ? "" : "unpadded") \(slash) \(lineLength) \(lineBreak) \(endsWithBreak)"
    }

    func write(_ bytes: [UInt8]) -> String {
      var symbols = ReferenceBase64.encode(bytes)
      if isURLSafe { symbols = symbols.replacing("+", with: "-").replacing("/", with: "_") }
      if !isPadded { symbols = symbols.replacing("=", with: "") }
      var lines: [String] = []
      var rest = Array(symbols)[...]
      let length = lineLength == 0 ? rest.count : lineLength
      while !rest.isEmpty {
        lines.append(String(rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
      return prefix + lines.joined(separator: lineBreak).replacing("/", with: slash) + (endsWithBreak ? lineBreak : "")
    }
  }

  static let spellings: [Spelling] = [
    Spelling(), Spelling(prefix: "data:image/jpeg;base64,"), Spelling(prefix: "data:;base64,"),
    Spelling(prefix: #"data:image\/jpeg;base64,"#, slash: #"\/"#),
    Spelling(isURLSafe: true), Spelling(isPadded: false), Spelling(isURLSafe: true, isPadded: false), Spelling(slash: #"\/"#),
    Spelling(lineLength: 76, lineBreak: #"\n"#), Spelling(lineLength: 76, lineBreak: #"\n"#, endsWithBreak: true),
    Spelling(lineLength: 64, lineBreak: #"\r\n"#),
    Spelling(lineLength: 76, lineBreak: #"\r\n"#, endsWithBreak: true), Spelling(lineLength: 1, lineBreak: #"\n"#),
    Spelling(lineLength: 4, lineBreak: " "),
    Spelling(lineLength: 60, lineBreak: #"\t"#), Spelling(lineLength: 76, lineBreak: #"\n\n"#),
    Spelling(lineLength: 76, lineBreak: #"\u000a"#),
    Spelling(lineLength: 76, lineBreak: #"\u000D\u000A"#, endsWithBreak: true),
    Spelling(slash: #"\/"#, lineLength: 76, lineBreak: #"\n"#, endsWithBreak: true),
    Spelling(prefix: "data:image/png;base64,", isURLSafe: true, isPadded: false, lineLength: 20, lineBreak: #"\n"#),
    Spelling(isURLSafe: true, isPadded: false, lineLength: 76, lineBreak: #"\r\n "#),
    // What no recipe describes stays in the text.
    Spelling(slash: #"\u002f"#, isCut: false), Spelling(slash: #"\u002F"#, lineLength: 76, lineBreak: #"\n"#, isCut: false),
  ]

  @Test("However base64 is spelled, the picture is found and the text comes back", arguments: spellings)
  func spelled(_ spelling: Spelling) throws {
    // All remainders of 3, so that every padding occurs; all bits set, so that every spelling of a slash occurs.
    for extra in 0..<3 {
      let bytes = Self.jpeg + [UInt8](repeating: 0xFF, count: 120 + extra)
      let body = Self.body(spelling.write(bytes))
      let decoded = try body.event()
      #expect(decoded.pictures.map(\.array) == [bytes])
      #expect(decoded.original == body.bytes)
      #expect((decoded.event.pictures[0].cut != nil) == spelling.isCut)
      #expect(decoded.event.originalText.count < (spelling.isCut ? 100 : body.bytes.count + 1))
      let plain = try Self.body(Spelling().write(bytes)).event()
      #expect(decoded.event.id == plain.event.id)
      #expect(decoded.event.contentDigest == plain.event.contentDigest)
    }
  }

  @Test(
    "Spellings that mix, or that are not canonical, are read and stay in the text",
    arguments: [
      (#"/9j_2wAB/_\/+-//////"#, true), ("/9j/2wABAgMEBQYHCAkKCwwNDg8=\\n=", true), ("/9j/\\n2wABAgMEBQ\\nYHCAkKCwwNDg8Q", true),
      ("\\n/9j/2wABAgMEBQYHCAkKCwwNDg8Q", true),
      ("/9j/2wABAgMEBQYHCAkKCwwNDg9=", true), ("/9j/2wABAgMEBQYHCAkKCwwNDg8", true), ("/9j/2wABAgMEBQYHCAkKCwwNDg8Q=", true),
      ("/9j/2wABAgMEBQYHCAkKCwwNDg8Q==", true),
      ("  /9j/2wABAgMEBQYHCAkKCwwNDg8Q  ", true),
    ])
  func mixed(_ text: String, _ isPicture: Bool) throws {
    let body = Self.body(text)
    let decoded = try body.event()
    #expect(decoded.original == body.bytes)
    #expect(decoded.event.pictures.count == (isPicture ? 1 : 0))
    #expect(
      decoded.event.pictures.allSatisfy {
        PictureKind(signatureOf: UnsafeRawBufferPointer(start: nil, count: 0)) == nil && $0.role == .reference
      })
  }

  @Test(
    "What is no base64 of a picture stays the text it was, with a warning",
    arguments: [
      "none", "null", "AAAA", "QUJDREVGR0hJSktMTQ", "/9j/ this is not base64", "/9j/2wABAgMEBQYHCAkKCwwNDg8?",
      "/9j/2wABAgMEBQYHCAkKCwwNDg8Q===", "http://10.0.0.1/p.jpg", "=", "====",
      "A", "data:", "data:image/jpeg;base64,", "data:image/jpeg;base64,none", "/9j/2wABAgMEBQYHCAkKCwwNDg8Qé",
      #"/9j/2wABAgMEBQYHCAkKCwwNDg8Q\""#, #"/9j/2wABAgMEBQYHCAkKCwwNDg8Q\\"#,
      #"/9j/2wABAgMEBQYHCAkKCwwNDg8Q\ud83d"#, #"/9j/2wABAgMEBQYHCAkKCwwNDg8Q\b"#, "*/9j/2wABAgMEBQYHCAkKCwwNDg8Q",
      "/9j/2wABAgMEBQYHCAkKCwwNDg8Q,/9j/2wABAgMEBQYHCAkKCwwNDg8Q",
    ])
  func noPicture(_ text: String) throws {
    let body = Self.body(text)
    let decoded = try body.event()
    #expect(decoded.event.pictures.isEmpty)
    #expect(decoded.original == body.bytes)
    #expect(decoded.event.warnings.contains("reg_pic is not base64 of a picture; kept as the text it was"))
    var strict = Body(#"{"identity_id":"a","reg_pic":"\#(text)"}"#)
    strict.decoder.isStrict = true
    let error = try strict.error()
    #expect(error.code == .badPicture)
    #expect(error.message == "reg_pic is not base64 of a picture; send the file's bytes in base64, or \"\" for no picture")
    #expect(error.body.array == strict.bytes)
  }

  @Test(
    "A body of any one byte changed in its picture is restored",
    arguments: [UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "*"), 0xC3, UInt8(ascii: "A"), 0x20])
  func anyByte(_ byte: UInt8) throws {
    let text = ReferenceBase64.encode(Self.jpeg)
    for index in 0..<text.utf8.count {
      var changed = Array(text.utf8)
      changed[index] = byte
      let body = Body(Array(#"{"identity_id":"a","reg_pic":""#.utf8) + changed + Array(#""}"#.utf8))
      #expect(try body.event().original == body.bytes, "\(index)")
    }
  }

  @Test("Bytes of 16 and more that begin like no picture file are a picture with a warning")
  func unsigned() throws {
    let decoded = try Self.body("QUJDREVGR0hJSktMTU5PUA==").event()
    #expect(decoded.pictures.map(\.array) == [Array("ABCDEFGHIJKLMNOP".utf8)])
    #expect(decoded.event.warnings.contains("reg_pic does not begin like a JPEG, PNG, GIF, BMP or WebP file; kept as sent"))
  }

  @Test(
    "Pictures of every kind are known by their first bytes",
    arguments: [
      ("reference.jpg", PictureKind.jpeg, "image/jpeg"), ("face.png", .png, "image/png"), ("dot.gif", .gif, "image/gif"),
      ("face.bmp", .bmp, "image/bmp"),
      ("dot.webp", .webp, "image/webp"),
    ])
  func kinds(_ file: String, _ kind: PictureKind, _ type: String) throws {
    let bytes = try Fixtures.bytes("pictures/\(file)")
    #expect(bytes.withUnsafeBytes { PictureKind(signatureOf: $0) } == kind)
    #expect(kind.mediaType == type)
    #expect(kind.fileExtension == file.split(separator: ".").last.map(String.init))
    let decoded = try Self.body(ReferenceBase64.encode(bytes)).event()
    #expect(decoded.pictures.map(\.array) == [bytes])
    #expect(!decoded.event.warnings.contains { $0.contains("begin like") })
    for end in 0..<3 { #expect(bytes[..<end].withUnsafeBytes { PictureKind(signatureOf: $0) } == nil) }
  }

  @Test(
    "A picture under a key that nobody has documented is found by how it begins", arguments: ["photo", "x_image", "Bild", "", "snap.jpg"])
  func otherKeys(_ key: String) throws {
    for spelling in [Spelling(), Spelling(prefix: "data:image/jpeg;base64,"), Spelling(slash: #"\/"#)] {
      let body = Self.body(spelling.write(Self.jpeg), key: key)
      let decoded = try body.event()
      #expect(decoded.event.pictures.map(\.role) == [.other])
      #expect(decoded.event.pictures.map(\.field) == [key])
      #expect(decoded.pictures.map(\.array) == [Self.jpeg])
      #expect(decoded.original == body.bytes)
    }
    for text in [
      "/9j/short", "/9j/2wABAgMEBQYHCAkKCwwNDg8Q/9j/2wABAgMEBQYHCAkKCwwNDg8Q and more",
      ReferenceBase64.encode(Array(repeating: 65, count: 99)),
    ] {
      let body = Self.body(text, key: key)
      let decoded = try body.event()
      #expect(decoded.event.pictures.isEmpty)
      #expect(decoded.original == body.bytes)
      #expect(decoded.event.warnings == ["timestamp is missing; the arrival time is used"] || key == "x_image")
    }
  }

  @Test("A line break as long as the text is not written again at every line")
  func hugeLineBreak() throws {
    let text =
      "/" + String(repeating: #"\n"#, count: 50_000) + ReferenceBase64.encode(Self.jpeg + [UInt8](repeating: 7, count: 60_000)).dropFirst()
    let body = Self.body(text)
    let decoded = try body.event()
    #expect(decoded.original == body.bytes)
    #expect(decoded.pictures[0].count == 60_000 + Self.jpeg.count)
  }

  @Test("Random spellings of random pictures come back byte for byte", arguments: 0..<10)
  func random(_ seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<40 {
      var spelling = Spelling()
      spelling.prefix = random.pick(["", "", "data:image/jpeg;base64,", "data:x,", #"data:image\/jpeg;base64,"#])
      spelling.isURLSafe = random.chance(30)
      spelling.isPadded = random.chance(70)
      spelling.slash = random.chance(30) ? #"\/"# : "/"
      if random.chance(50) {
        spelling.lineLength = random.int(1..<100)
        spelling.lineBreak = random.pick([#"\n"#, #"\r\n"#, " ", #"\t"#, #"\u000a"#])
        spelling.endsWithBreak = random.chance(50)
      }
      let bytes = [0xFF, 0xD8, 0xFF] + random.bytes(random.int(20..<400))
      let body = Self.body(spelling.write(bytes))
      let decoded = try body.event()
      #expect(decoded.pictures.map(\.array) == [bytes], "seed \(seed)")
      #expect(decoded.original == body.bytes, "seed \(seed)")
    }
  }
}
