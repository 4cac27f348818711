import FaceEvents
import PictureVolumes
import Testing

@Suite("Names of volumes")
struct VolumeNameTests {
  @Test(
    "a day is written as its date",
    arguments: [
      (0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (789, "1972-02-29"), (11_016, "2000-02-29"), (20_780, "2026-11-23"),
      (47_540, "2100-02-28"), (47_541, "2100-03-01"), (65_535, "2149-06-06"),
    ] as [(UInt16, String)])
  func dates(number: UInt16, text: String) {
    #expect(UTCDay(number: number).description == text)
    #expect(UTCDay(Substring(text))?.number == number)
  }

  @Test("every day is read as it is written, and follows the one before")
  func allDays() {
    var last = ""
    for number in UInt16.min...UInt16.max {
      let text = UTCDay(number: number).description
      #expect(text > last)
      #expect(UTCDay(text[...])?.number == number)
      last = text
    }
  }

  @Test("a time belongs to its UTC day, and the ends of the calendar take what is outside")
  func times() {
    #expect(UTCDay(containing: Timestamp(milliseconds: 1_795_392_000_000)).description == "2026-11-23")
    #expect(UTCDay(containing: Timestamp(milliseconds: 1_795_391_999_999)).description == "2026-11-22")
    #expect(UTCDay(containing: Timestamp(milliseconds: -1)).number == 0)
    #expect(UTCDay(containing: Timestamp(milliseconds: .min)).number == 0)
    #expect(UTCDay(containing: Timestamp(milliseconds: .max)).number == .max)
  }

  @Test("id and name say the same, for every class and the ends of days and numbers")
  func names() throws {
    var seen: Set<UInt32> = []
    for day: UInt16 in [0, 20_780, .max] {
      for volumeClass in VolumeClass.allCases {
        for number in [1, 2, 9_999, 10_000, VolumeID.numberMax] {
          let id = try #require(VolumeID(day: UTCDay(number: day), volumeClass: volumeClass, number: number))
          #expect(VolumeID(rawValue: id.rawValue) == id)
          #expect(VolumeID(name: id.name) == id)
          #expect(seen.insert(id.rawValue).inserted)
        }
      }
    }
    #expect(VolumeID(day: UTCDay(number: 20_780), volumeClass: .passage, number: 1)?.name == "2026-11-23.passage.0001.volume")
  }

  @Test("numbers outside their range name no volume", arguments: [0, -1, VolumeID.numberMax + 1])
  func numbers(number: Int) {
    #expect(VolumeID(day: UTCDay(number: 1), volumeClass: .reference, number: number) == nil)
  }

  @Test("ids without a class or a number name no volume", arguments: [0, 1, 0x4000, 0x8000, 0xC001, .max] as [UInt32])
  func ids(rawValue: UInt32) {
    #expect(VolumeID(rawValue: rawValue) == nil)
  }

  @Test(
    "other names are not volumes",
    arguments: [
      "", "volume", "2026-11-23.passage.0001", "2026-11-23.passage.1.volume", "2026-11-23.passage.0000.volume",
      "2026-11-23.passage.16384.volume", "2026-11-23.scene.0001.volume", "2026-02-30.passage.0001.volume", "2026-1-23.passage.0001.volume",
      "1969-12-31.passage.0001.volume", "2149-06-07.passage.0001.volume", "2026-11-23.passage.+001.volume",
      "2026-11-23.passage.0001.volume.part",
      " 2026-11-23.passage.0001.volume", "2026-11-23.PASSAGE.0001.volume", "2026-11-23.passage.00001.volume",
    ])
  func foreignNames(name: String) {
    #expect(VolumeID(name: name) == nil)
  }

  @Test("reference pictures have volumes of their own", arguments: PictureRole.allCases)
  func classes(role: PictureRole) {
    #expect(VolumeClass(role) == (role == .reference ? .reference : .passage))
  }
}
