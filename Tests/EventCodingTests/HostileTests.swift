import EventCoding
import FaceEvents
import TestSupport
import Testing

/// Whatever arrives: never a crash, and always an event or an error with a body for the quarantine.
@Suite struct HostileTests {
  /// Every fixture, with the type that it came with.
  static let bodies: [(path: String, body: Body)] = {
    let json = ["events", "status", "base64"].flatMap { (try? Fixtures.paths(in: $0, suffix: ".json")) ?? [] }
    let traps = ((try? Fixtures.paths(in: "traps")) ?? []).filter { !$0.hasSuffix(".http") }
    let messages = (try? Fixtures.paths(in: "forms", suffix: ".http")) ?? []
    return (json + traps).compactMap { path in (try? Body(fixture: path)).map { (path, $0) } }
      + messages.compactMap { path in (try? Body(message: path)).map { (path, $0) } }
  }()

  @Test("There are bodies to damage") func hasBodies() { #expect(Self.bodies.count > 90) }

  /// What must hold of any answer to any body.
  static func check(_ body: Body, _ hint: @autoclosure () -> String, _ location: SourceLocation = #_sourceLocation) {
    let decoded = body.decode()
    #expect(!decoded.elements.isEmpty, "\(hint())", sourceLocation: location)
    for element in decoded.elements {
      switch element {
      case .success(.event(let event, let pictures)):
        let restored = OriginalText.restore(event, pictures: pictures)
        #expect(restored.count >= event.originalText.count, "\(hint())", sourceLocation: location)
        if !decoded.isArray, event.encoding == .json { #expect(restored == body.bytes, "\(hint())", sourceLocation: location) }
        #expect(event.warnings.allSatisfy { !$0.isEmpty && $0.utf8.count < 400 }, "\(hint())", sourceLocation: location)
      case .success(.status(let report)):
        if report.encoding == .json, !decoded.isArray {
          #expect(report.originalText.array == body.bytes, "\(hint())", sourceLocation: location)
        }
      case .failure(let error):
        #expect(!error.message.isEmpty && error.message.utf8.count < 1000, "\(hint())", sourceLocation: location)
        if !decoded.isArray { #expect(error.body.array == body.bytes, "\(hint())", sourceLocation: location) }
      }
    }
  }

  @Test("Flipped bytes", arguments: 0..<10)
  func flips(_ seed: UInt64) {
    var random = Seeded(seed)
    for (path, original) in Self.bodies {
      for _ in 0..<3 {
        var body = original
        for _ in 0..<random.int(1..<4) {
          body.bytes[random.int(0..<body.bytes.count)] =
            random.chance(50) ? random.byte() : random.pick(Array("{}[],:\"\\'-=&%\r\n\0".utf8))
        }
        body.kind = random.pick(RouteKind.allCases)
        Self.check(body, "seed \(seed), \(path): \(String(decoding: body.bytes, as: UTF8.self))")
      }
    }
  }

  @Test("Pieces cut out, doubled, and moved", arguments: 10..<16)
  func pieces(_ seed: UInt64) {
    var random = Seeded(seed)
    for (path, original) in Self.bodies {
      var body = original
      let (from, to) = (random.int(0..<body.bytes.count), random.int(0..<body.bytes.count))
      let piece = Array(body.bytes[from..<min(body.bytes.count, from + random.int(1..<60))])
      switch random.int(0..<3) {
      case 0: body.bytes.removeSubrange(from..<from + piece.count)
      case 1: body.bytes.insert(contentsOf: piece, at: to)
      default: body.bytes.replaceSubrange(to..<min(body.bytes.count, to + piece.count), with: piece)
      }
      body.decoder.isStrict = random.chance(30)
      if body.bytes.isEmpty { continue }
      Self.check(body, "seed \(seed), \(path): \(String(decoding: body.bytes, as: UTF8.self))")
    }
  }

  @Test("Cut at random places", arguments: 20..<23)
  func cuts(_ seed: UInt64) {
    var random = Seeded(seed)
    for (path, original) in Self.bodies {
      for _ in 0..<3 {
        var body = original
        body.bytes = Array(body.bytes[..<random.int(0..<body.bytes.count)])
        Self.check(body, "seed \(seed), \(path) cut at \(body.bytes.count)")
      }
    }
  }

  @Test(
    "A form cut at every byte", arguments: ["forms/curl-files.http", "forms/requests-data-ext-str.http", "forms/java-mime-base64.http"])
  func formCuts(_ path: String) throws {
    let whole = try Body(message: path)
    for end in 1..<whole.bytes.count {
      var body = whole
      body.bytes = Array(whole.bytes[..<end])
      Self.check(body, "\(path) cut at \(end)")
    }
  }

  @Test("Random bytes under any type", arguments: 30..<34)
  func noise(_ seed: UInt64) {
    var random = Seeded(seed)
    let beginnings = ["", "{", "[", "{'", "[{'", "--b\r\n", "a=", "{\"identity_id\":\"a\",", "\u{FEFF}", "identity_id=a&"]
    let types = [
      nil, "application/json", "multipart/form-data; boundary=b", "multipart/form-data", "application/x-www-form-urlencoded", "text/plain",
      "", ";", "multipart/",
    ]
    let words = [
      "{", "}", "[", "]", "\"", "'", ":", ",", "\\", "\\u", "\r\n", "--b", "--", "=", "&", "%", "ext_data", "reg_pic", "/9j/", "None",
      "null", "1", "e", "#", "(", "data:",
    ]
    for _ in 0..<150 {
      var bytes = Array(random.pick(beginnings).utf8)
      for _ in 0..<random.int(0..<30) { bytes += random.chance(70) ? Array(random.pick(words).utf8) : [random.byte()] }
      var body = Body(bytes, random.pick(types), kind: random.pick(RouteKind.allCases))
      body.decoder.isStrict = random.chance(20)
      Self.check(body, "seed \(seed): \(bytes)")
    }
  }

  struct Flood: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var make: @Sendable (Int) -> String
  }

  static func flood(_ name: String, _ make: @escaping @Sendable (Int) -> String) -> Flood { Flood(testDescription: name, make: make) }

  /// Bodies that would be slow if anything in the decoder were not linear; `n` repetitions.
  static let floods: [Flood] = [
    flood("open brackets") { String(repeating: "[", count: $0) }, flood("open braces") { String(repeating: #"{"a":"#, count: $0) },
    flood("quotes") { "{" + String(repeating: "\"", count: $0) },
    flood("backslashes") { #"{"identity_id":""# + String(repeating: #"\\"#, count: $0) + "\"}" },
    flood("commas") { "[" + String(repeating: ",", count: $0) }, flood("blanks") { String(repeating: " \n", count: $0) + "{}" },
    flood("a long number") { #"{"identity_id":"a","x":1"# + String(repeating: "0", count: $0) + "}" },
    flood("a long fraction") { #"{"identity_id":"a","x":0."# + String(repeating: "0", count: $0) + "1}" },
    flood("a long exponent") { #"{"identity_id":"a","x":1e"# + String(repeating: "0", count: $0) + "1}" },
    flood("a long key") { #"{"identity_id":"a",""# + String(repeating: "k", count: $0) + "\":1}" },
    flood("a long picture key") {
      #"{"identity_id":"a",""# + String(repeating: "k", count: $0) + "_pic\":\"/9j/\(String(repeating: "A", count: 80))\"}"
    },
    flood("escapes") { #"{"identity_id":""# + String(repeating: #"\u0041"#, count: $0) + "\"}" },
    flood("Python braces") { "{'a':" + String(repeating: "{'a':", count: $0) },
    flood("Python comments") { "{'a': 1" + String(repeating: "#\n", count: $0) },
    flood("Python strings") { "{'a': '" + String(repeating: "\\'", count: $0) },
    flood("Python quotes") { "{" + String(repeating: "'", count: $0) },
    flood("ampersands") { "a=b" + String(repeating: "&", count: $0) },
    flood("percent signs") { "identity_id=" + String(repeating: "%", count: $0) },
    flood("plus signs in a picture") { "identity_id=a&reg_pic=/9j/" + String(repeating: "+", count: $0) },
    flood("boundary lines") { String(repeating: "--b\r\n", count: $0) }, flood("hyphens") { String(repeating: "-", count: $0) },
    flood("half boundaries") { "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + String(repeating: "\r\n--", count: $0) },
    flood("a long part name") {
      "--b\r\nContent-Disposition: form-data; name=\"ext_data" + String(repeating: "[a]", count: $0) + "\"\r\n\r\n1\r\n--b--"
    },
    flood("line breaks in base64") {
      #"{"identity_id":"a","reg_pic":"/9j/"# + String(repeating: #"\n"#, count: $0) + "AAAAAAAAAAAAAAAAAAAA\"}"
    },
    flood("padding in base64") { #"{"identity_id":"a","reg_pic":"/9j/AAAAAAAAAAAAAAAAAAAA"# + String(repeating: "=", count: $0) + "\"}" },
    flood("one bad symbol at the end of base64") { #"{"identity_id":"a","reg_pic":"/9j/"# + String(repeating: "AAAA", count: $0) + "*\"}" },
    flood("empty objects") { #"{"identity_id":"a","x":["# + Array(repeating: "{}", count: $0 / 8).joined(separator: ",") + "]}" },
  ]

  @Test("Floods of one thing are answered, and twice as much takes no more than twice as long or so", arguments: floods)
  func linear(_ flood: Flood) {
    func cost(_ count: Int) -> Duration {
      let body = Body(flood.make(count), "multipart/form-data; boundary=b")
      var best = Duration.seconds(1000)
      for _ in 0..<3 { best = min(best, ContinuousClock().measure { Self.check(body, flood.testDescription) }) }
      return best
    }
    // A square would be 64 times as long; noise of a busy machine is not.
    let (few, many) = (cost(2000), cost(16_000))
    #expect(many < few * 40 + .milliseconds(60), "\(few) for 2000, \(many) for 16000")
  }

  @Test("Ten megabytes of nested garbage are refused where they become too deep")
  func megabytes() throws {
    let body = Body([UInt8](repeating: UInt8(ascii: "["), count: 10_000_000))
    let error = try body.error()
    #expect(error.message == "the body is not JSON: nested deeper than 64 levels, at byte 64")
    #expect(error.body.count == 10_000_000)
  }

  @Test("Of very many pictures in one event 64 are taken out; the others stay in the text, and few warnings are made of them")
  func manyPictures() throws {
    let picture = ReferenceBase64.encode(PictureTextTests.jpeg)
    for (count, taken) in [(64, 64), (65, 64), (3000, 64)] {
      let body = Body(
        #"{"identity_id":"a","x":["# + Array(repeating: #"{"reg_pic":"\#(picture)"}"#, count: count).joined(separator: ",") + "]}")
      let decoded = try body.event()
      #expect(decoded.event.pictures.count == taken)
      #expect(decoded.original == body.bytes)
      #expect(decoded.event.warnings.contains { $0.contains("one picture too many") } == (count > 64))
      #expect(decoded.event.warnings.count <= 10)
    }
    let words = Body(#"{"identity_id":"a","x":["# + Array(repeating: #"{"reg_pic":"none"}"#, count: 3000).joined(separator: ",") + "]}")
    let warnings = try words.event().event.warnings
    #expect(warnings.count == 10)
    #expect(warnings.last == "and so for 2992 more fields")
  }
}
