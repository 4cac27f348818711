import ArgumentParser
import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("Settings: sizes, times and addresses as text")
struct SettingTextTests {
  @Test(
    "Sizes are read with every unit",
    arguments: [
      ("0", 0), ("1", 1), ("17B", 17), ("1KiB", 1024), ("32MiB", 33_554_432), ("2gib", 2_147_483_648), ("1TiB", 1_099_511_627_776),
      ("1KB", 1000), ("5 MB", 5_000_000), ("3M", 3_145_728), ("8388607TiB", 9_223_370_937_343_148_032),
    ] as [(String, Int64)])
  func sizes(text: String, bytes: Int64) { #expect(ByteSize.parse(text) == bytes) }

  @Test(
    "What is no size is not read", arguments: ["", "MiB", "1.5GiB", "-1", "+1", "1 2", "1XiB", "8388608TiB", "9223372036854775808", "١MiB"])
  func noSizes(text: String) { #expect(ByteSize.parse(text) == nil) }

  @Test("A size is written so that it is read back", arguments: [0, 1, 1023, 1024, 1536, 33_554_432, 1 << 40, 5_000_000] as [Int64])
  func sizeRoundTrip(bytes: Int64) { #expect(ByteSize.parse(ByteSize.text(bytes)) == bytes) }

  @Test(
    "Times are read with every unit",
    arguments: [
      ("10s", 10_000), ("500ms", 500), ("2m", 120_000), ("1h30m", 5_400_000), ("7d", 604_800_000), ("1m500ms", 60_500), ("0s", 0),
      ("5S", 5000),
    ] as [(String, Int64)])
  func times(text: String, milliseconds: Int64) { #expect(TimeSpan.parse(text) == .milliseconds(milliseconds)) }

  @Test("What is no time is not read", arguments: ["", "10", "s", "1.5s", "-1s", "30m1h", "1s1s", "10 s", "9223372036854775807d"])
  func noTimes(text: String) { #expect(TimeSpan.parse(text) == nil) }

  @Test("A time is written so that it is read back", arguments: [0, 1, 999, 1000, 90_000, 120_000, 3_600_000, 86_400_000] as [Int64])
  func timeRoundTrip(milliseconds: Int64) {
    #expect(TimeSpan.parse(TimeSpan.text(.milliseconds(milliseconds))) == .milliseconds(milliseconds))
  }

  @Test(
    "Addresses are read in every form",
    arguments: [
      ("0.0.0.0:9528", "0.0.0.0:9528"), (":9528", "0.0.0.0:9528"), ("9528", "0.0.0.0:9528"), ("*:1", "0.0.0.0:1"),
      ("[::]:9528", "[::]:9528"),
      ("[fd00::5]:80", "[fd00::5]:80"), ("gate-2.site.example:0", "gate-2.site.example:0"),
    ])
  func addresses(text: String, written: String) {
    #expect(ListenAddress(text)?.description == written)
  }

  @Test(
    "What is no address is not read",
    arguments: ["", "localhost", "::1:80", "[::1]", "[1.2.3.4]:80", "a b:80", "a:+80", "a:65536", "http://a:80"])
  func noAddresses(text: String) { #expect(ListenAddress(text) == nil) }

  @Test("Each flag is a setting, and each setting has a flag")
  func flags() throws {
    let labels = Mirror(reflecting: SettingFlags()).children.compactMap(\.label)
    #expect(labels.map(SettingFlags.key) == Setting.all.map(\.key))
  }

  @Test("Flags are read into texts by key")
  func flagTexts() throws {
    let flags = try SettingFlags.parse([
      "--listen", ":1", "--listen", ":2", "--body-max", "1MiB", "--no-access-log", "--strict", "--aliases", "/a=history",
    ])
    #expect(
      flags.texts == [
        "listen": [":1", ":2"], "body-max": ["1MiB"], "access-log": ["false"], "strict": ["true"], "aliases": ["/a=history"],
      ])
  }

  @Test("The YAML report is a file that gives the same settings")
  func yamlRoundTrip() async throws {
    try await withTemporaryDirectory { directory in
      let given = SettingsLoader(
        flags: [
          "listen": [":1", "[::]:2"], "body-max": ["1MiB"], "data": ["/a b/c"], "aliases": ["/x=status", "/y=history"], "strict": ["true"],
        ],
        directory: directory)
      let loaded = try given.load()
      try write(SettingsReport(loaded).text(.yaml), to: "\(directory)/fogcatcher.yaml")
      let again = try SettingsLoader(directory: directory).load()
      for (value, other) in zip(loaded.values, again.values) { #expect(value.texts == other.texts, "\(value.setting.key)") }
    }
  }
}
