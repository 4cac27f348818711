import FaceEvents
import Testing

@Suite struct EventIDTests {
  static func digest(_ first: UInt64) -> ContentDigest { ContentDigest(words: (first, 2, 3, 4)) }

  @Test("An id is a UUIDv8 that begins with the event time", arguments: [0, 1, 1_709_626_502_345, 0xFFFF_FFFF_FFFF] as [Int64])
  func layout(_ time: Int64) {
    for bits in [0, UInt64.max, 0x0123_4567_89AB_CDEF] {
      let id = EventID(milliseconds: time, outline: Self.digest(bits), content: Self.digest(~bits))
      #expect(id.milliseconds == time)
      #expect(id.high >> 12 & 0xF == 8)
      #expect(id.low >> 62 == 0b10)
      let text = Array(id.description)
      #expect(text.count == 36)
      #expect(text[14] == "8")
      #expect("89ab".contains(text[19]))
    }
  }

  @Test("A time before 1970 counts as 0, one beyond 48 bits keeps its low bits")
  func timeOutOfRange() {
    #expect(EventID(milliseconds: -1, outline: Self.digest(0), content: Self.digest(0)).milliseconds == 0)
    #expect(EventID(milliseconds: 1 << 48 | 5, outline: Self.digest(0), content: Self.digest(0)).milliseconds == 5)
  }

  @Test("40 bits of the outline and 34 bits of the content are in the id", arguments: 0..<64)
  func bits(_ bit: UInt64) {
    let plain = EventID(milliseconds: 9, outline: Self.digest(0), content: Self.digest(0))
    let outline = EventID(milliseconds: 9, outline: Self.digest(1 << bit), content: Self.digest(0))
    let content = EventID(milliseconds: 9, outline: Self.digest(0), content: Self.digest(1 << bit))
    #expect((outline != plain) == (bit >= 24))
    #expect((content != plain) == (bit >= 30))
    #expect(outline.sharesOutline(with: plain) == (bit < 24))
    #expect(content.sharesOutline(with: plain))
  }

  @Test("Another time is another outline") func timeIsOutline() {
    let (a, b) = (
      EventID(milliseconds: 1, outline: Self.digest(0), content: Self.digest(0)),
      EventID(milliseconds: 2, outline: Self.digest(0), content: Self.digest(0))
    )
    #expect(!a.sharesOutline(with: b))
  }

  @Test("Ids are ordered by time, and as their bytes and texts are")
  func order() {
    var ids: [EventID] = []
    for time in [0, 1, 255, 256, 1_709_626_502_345, 0xFFFF_FFFF_FFFF] as [Int64] {
      for bits in [0, 1 << 63, UInt64.max] {
        ids.append(EventID(milliseconds: time, outline: Self.digest(bits), content: Self.digest(bits)))
      }
    }
    #expect(ids.sorted() == ids)
    #expect(ids.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) } == ids)
    #expect(ids.sorted { $0.description < $1.description } == ids)
  }

  @Test("Text and bytes lead back to the id")
  func roundTrip() {
    for word in [0, 1, UInt64.max, 0x018E_0C1F_2345_8ABC] {
      let id = EventID(high: word, low: ~word)
      #expect(EventID(id.description) == id)
      #expect(EventID(id.description.uppercased()) == id)
      #expect(EventID(bytes: id.bytes) == id)
    }
    #expect(EventID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210).description == "01234567-89ab-cdef-fedc-ba9876543210")
  }

  @Test(
    "What is not a UUID is not read",
    arguments: [
      "", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100", "0123456789abcdeffedcba9876543210",
      "01234567-89ab-cdef-fedc_ba9876543210", "0123456-789ab-cdef-fedc-ba9876543210", "g1234567-89ab-cdef-fedc-ba9876543210",
      "{1234567-89ab-cdef-fedc-ba987654321}", "01234567-89ab-cdef-fedc-ba987654321é", "------------------------------------",
    ])
  func refused(_ text: String) { #expect(EventID(text) == nil) }

  @Test("Bytes of another length are no id", arguments: [0, 15, 17]) func otherLengths(_ count: Int) {
    #expect(EventID(bytes: [UInt8](repeating: 1, count: count)) == nil)
  }
}
