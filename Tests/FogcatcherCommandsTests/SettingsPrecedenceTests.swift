import EventReceiver
import Testing

@testable import FogcatcherCommands

@Suite("Settings: where a value comes from")
struct SettingsPrecedenceTests {
  @Test("Without anything, every setting is its default")
  func defaults() throws {
    let loaded = try SettingsLoader(directory: "/nowhere").load()
    #expect(loaded.values.allSatisfy { $0.origin == .builtIn })
    #expect(loaded.values.map(\.setting.key) == Setting.all.map(\.key))
    #expect(loaded.settings.receiver.bodyBytesMax == 32 << 20)
    #expect(loaded.settings.listen == [ListenAddress(host: "0.0.0.0", port: 9528)])
  }

  struct Layers: Sendable, CustomTestStringConvertible {
    var flag: String?
    var variable: String?
    var file: String?
    var expected: Int
    var origin: String

    var testDescription: String { "flag \(flag ?? "–"), variable \(variable ?? "–"), file \(file ?? "–")" }
  }

  @Test(
    "A flag counts more than a variable, a variable more than the file, the file more than the default",
    arguments: [
      Layers(flag: "1MiB", variable: "2MiB", file: "3MiB", expected: 1 << 20, origin: "flag --body-max"),
      Layers(variable: "2MiB", file: "3MiB", expected: 2 << 20, origin: "environment FOGCATCHER_BODY_MAX"),
      Layers(file: "3MiB", expected: 3 << 20, origin: "file"),
      Layers(expected: 32 << 20, origin: "default"),
      Layers(flag: "1MiB", file: "3MiB", expected: 1 << 20, origin: "flag --body-max"),
    ])
  func precedence(_ layers: Layers) async throws {
    try await withTemporaryDirectory { directory in
      if let file = layers.file { try write("body-max: \(file)\n", to: "\(directory)/fogcatcher.yaml") }
      let loaded = try SettingsLoader(
        flags: layers.flag.map { ["body-max": [$0]] } ?? [:], environment: layers.variable.map { ["FOGCATCHER_BODY_MAX": $0] } ?? [:],
        directory: directory
      ).load()
      #expect(loaded.settings.receiver.bodyBytesMax == layers.expected)
      let value = try #require(loaded.values.first { $0.setting.key == "body-max" })
      #expect(value.origin.text(of: value.setting).hasPrefix(layers.origin))
    }
  }

  @Test("Every setting can be given as a flag, a variable and a line of the file", arguments: Setting.all.map(\.key))
  func everyWay(key: String) async throws {
    let setting = try #require(Setting.named(key))
    var other = ServeSettings()
    let text = try #require(Self.otherValue[key] ?? nil, "give \(key) a value that is not its default here")
    #expect(setting.write(&other, [text]) == nil)
    let expected = setting.read(other)
    #expect(expected != setting.read(ServeSettings()), "\(key) is its default already")
    try await withTemporaryDirectory { directory in
      let byFlag = try SettingsLoader(flags: [key: [text]], directory: directory).load()
      #expect(setting.read(byFlag.settings) == expected)
      let byVariable = try SettingsLoader(environment: [setting.variable: text], directory: directory).load()
      #expect(setting.read(byVariable.settings) == expected)
      try write("\(key): \"\(text)\"\n", to: "\(directory)/fogcatcher.yaml")
      let byFile = try SettingsLoader(directory: directory).load()
      #expect(setting.read(byFile.settings) == expected)
    }
  }

  private static let otherValue: [String: String] = [
    "listen": "127.0.0.1:9000", "data": "/srv/events", "body-max": "16MiB", "other-body-max": "2MiB", "bodies-in-flight-max": "1GiB",
    "header-max": "32KiB", "header-count-max": "99", "json-depth-max": "32", "form-parts-max": "300", "connections-max": "10",
    "body-rate-min": "1KiB", "disk-reserve": "1GiB", "quarantine-max": "1MiB", "quarantine-count-max": "5", "volume-max": "2MiB",
    "header-timeout": "3s", "body-stall": "7s", "keep-alive": "1m", "linger": "1s", "admission-wait": "250ms", "stop-grace": "2s",
    "retry-after": "9", "on-unreadable": "accept", "strict": "true", "aliases": "/getRecord=history", "event-loops": "1",
    "log-level": "debug",
    "log-format": "json", "access-log": "false",
  ]

  @Test("The file of --config is read instead of the others, then that of FOGCATCHER_CONFIG, then ./, then the data directory's")
  func whichFile() async throws {
    try await withTemporaryDirectory { directory in
      let data = "\(directory)/data"
      try await withTemporaryDirectory { elsewhere in
        try write("retry-after: 1", to: "\(elsewhere)/flag.yaml")
        try write("retry-after: 2", to: "\(elsewhere)/variable.yaml")
        try write("retry-after: 3", to: "\(directory)/fogcatcher.yaml")
        var loader = SettingsLoader(
          file: "\(elsewhere)/flag.yaml", environment: ["FOGCATCHER_CONFIG": "\(elsewhere)/variable.yaml"], directory: directory)
        #expect(try loader.load().settings.receiver.retryAfterSeconds == 1)
        loader.file = nil
        #expect(try loader.load().settings.receiver.retryAfterSeconds == 2)
        loader.environment = [:]
        #expect(try loader.load().settings.receiver.retryAfterSeconds == 3)
        try write("retry-after: 4", to: "\(elsewhere)/fogcatcher.yaml")
        let inData = SettingsLoader(flags: ["data": [elsewhere]], directory: data)
        #expect(try inData.load().settings.receiver.retryAfterSeconds == 4)
      }
    }
  }

  @Test("A list is a list in the file, commas in a variable, and repeated flags")
  func lists() async throws {
    try await withTemporaryDirectory { directory in
      let expected = [ListenAddress(host: "127.0.0.1", port: 1), ListenAddress(host: "::1", port: 2)]
      #expect(try SettingsLoader(flags: ["listen": ["127.0.0.1:1", "[::1]:2"]], directory: directory).load().settings.listen == expected)
      let variables = ["FOGCATCHER_LISTEN": "127.0.0.1:1, [::1]:2"]
      #expect(try SettingsLoader(environment: variables, directory: directory).load().settings.listen == expected)
      try write("listen:\n  - 127.0.0.1:1\n  - \"[::1]:2\"\n", to: "\(directory)/fogcatcher.yaml")
      #expect(try SettingsLoader(directory: directory).load().settings.listen == expected)
    }
  }

  @Test("A file that is empty or all comments changes nothing", arguments: ["", "\n\n", "# nothing\n---\n  # here\n"])
  func emptyFile(text: String) async throws {
    try await withTemporaryDirectory { directory in
      try write(text, to: "\(directory)/fogcatcher.yaml")
      #expect(try SettingsLoader(directory: directory).load().values.allSatisfy { $0.origin == .builtIn })
    }
  }

  @Test("The data directory alone is found although another setting is wrong")
  func dataDirectoryAlone() async throws {
    try await withTemporaryDirectory { directory in
      try write("body-max: nonsense\ndata: /srv/x\n", to: "\(directory)/fogcatcher.yaml")
      #expect(try SettingsLoader(directory: directory).dataDirectory() == "/srv/x")
      #expect(try SettingsLoader(environment: ["FOGCATCHER_DATA": "/srv/y"], directory: directory).dataDirectory() == "/srv/y")
      #expect(try SettingsLoader(flags: ["data": ["/srv/z"]], directory: directory).dataDirectory() == "/srv/z")
    }
  }
}
