import Testing

@testable import FogcatcherCommands

@Suite("Settings: what is refused, and how it is said")
struct SettingsRefusalTests {
  private func problems(
    flags: [String: [String]] = [:], environment: [String: String] = [:], file: String? = nil, known: [Setting] = Setting.all
  ) async throws -> [String] {
    try await withTemporaryDirectory { directory in
      if let file { try write(file, to: "\(directory)/fogcatcher.yaml") }
      do throws(SettingsError) {
        _ = try SettingsLoader(flags: flags, environment: environment, directory: directory, known: known).load()
        return []
      } catch {
        return error.problems.map { $0.replacing(directory, with: "HERE") }
      }
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var key: String
    var value: String
    var rule: String

    var testDescription: String { "\(key)=\(value)" }
  }

  @Test(
    "A bad value is named with its key, its place and what is allowed",
    arguments: [
      Bad(key: "body-max", value: "lots", rule: "a size from 1KiB to 1GiB, such as 32MiB"),
      Bad(key: "body-max", value: "1023", rule: "a size from 1KiB to 1GiB, such as 32MiB"),
      Bad(key: "body-max", value: "2GiB", rule: "a size from 1KiB to 1GiB, such as 32MiB"),
      Bad(key: "body-max", value: "-1", rule: "a size from 1KiB to 1GiB, such as 32MiB"),
      Bad(key: "body-max", value: "99999999999TiB", rule: "a size from 1KiB to 1GiB, such as 32MiB"),
      Bad(key: "header-timeout", value: "10", rule: "a time with its unit from 100ms to 10m, such as 10s or 500ms"),
      Bad(key: "header-timeout", value: "99ms", rule: "a time with its unit from 100ms to 10m, such as 10s or 500ms"),
      Bad(key: "stop-grace", value: "9s", rule: "a time with its unit from 100ms to 8s, such as 10s or 500ms"),
      Bad(key: "json-depth-max", value: "0", rule: "a whole number from 1 to 512"),
      Bad(key: "json-depth-max", value: "513", rule: "a whole number from 1 to 512"),
      Bad(key: "on-unreadable", value: "ignore", rule: "one of reject, accept"),
      Bad(key: "strict", value: "maybe", rule: "true or false"),
      Bad(key: "listen", value: "0.0.0.0", rule: "host:port with a port from 0 to 65535, such as 0.0.0.0:9528 or [::]:9528"),
      Bad(key: "listen", value: "0.0.0.0:65536", rule: "host:port with a port from 0 to 65535, such as 0.0.0.0:9528 or [::]:9528"),
      Bad(key: "aliases", value: "getRecord=history", rule: "/path=history, /path=realtime or /path=status"),
      Bad(key: "aliases", value: "/getRecord=later", rule: "/path=history, /path=realtime or /path=status"),
      Bad(key: "log-level", value: "loud", rule: "one of trace, debug, info, notice, warning, error, critical"),
      Bad(key: "log-format", value: "xml", rule: "one of text, json"),
    ])
  func badValue(_ bad: Bad) async throws {
    let setting = try #require(Setting.named(bad.key))
    #expect(
      try await problems(flags: [bad.key: [bad.value]]) == ["\(bad.key) is \"\(bad.value)\" (flag --\(bad.key)); it must be \(bad.rule)"])
    #expect(
      try await problems(environment: [setting.variable: bad.value])
        == ["\(bad.key) is \"\(bad.value)\" (environment \(setting.variable)); it must be \(bad.rule)"])
    #expect(
      try await problems(file: "\(bad.key): \"\(bad.value)\"")
        == ["\(bad.key) is \"\(bad.value)\" (file HERE/fogcatcher.yaml); it must be \(bad.rule)"])
  }

  @Test("All problems are told at once")
  func allAtOnce() async throws {
    let found = try await problems(
      flags: ["body-max": ["x"]], environment: ["FOGCATCHER_STRICT": "x", "FOGCATCHER_STRICKT": "x"], file: "a: 1")
    #expect(found.count == 4)
  }

  @Test(
    "An unknown key of the file is an error, with the nearest one",
    arguments: [
      ("body_max: 1MiB", "unknown key \"body_max\" in HERE/fogcatcher.yaml; did you mean body-max?"),
      ("bodymax: 1MiB", "unknown key \"bodymax\" in HERE/fogcatcher.yaml; did you mean body-max?"),
      ("body:\n  max: 1MiB", "unknown key \"body.max\" in HERE/fogcatcher.yaml; did you mean body-max?"),
      ("zzzzzzzz: 1", "unknown key \"zzzzzzzz\" in HERE/fogcatcher.yaml; `fogcatcher config` lists the known ones"),
      (
        "aliases:\n  /getRecord: history",
        "aliases in HERE/fogcatcher.yaml is a list: write each as \"- value\", where a value is "
          + "/path=history, /path=realtime or /path=status"
      ),
    ])
  func unknownKey(text: String, problem: String) async throws {
    #expect(try await problems(file: text) == [problem])
  }

  @Test("An unknown variable is an error, with the nearest one")
  func unknownVariable() async throws {
    #expect(
      try await problems(environment: ["FOGCATCHER_BODYMAX": "1MiB"]) == [
        "unknown variable FOGCATCHER_BODYMAX; did you mean FOGCATCHER_BODY_MAX?"
      ])
  }

  @Test("Variables of others, and those that Kubernetes sets for a service called fogcatcher, are none of our business")
  func foreignVariables() async throws {
    let variables = [
      "PATH": "/bin", "FOGCATCHER_SERVICE_HOST": "10.0.0.1", "FOGCATCHER_SERVICE_PORT": "9528", "FOGCATCHER_PORT": "tcp://10.0.0.1:9528",
      "FOGCATCHER_PORT_9528_TCP_ADDR": "10.0.0.1",
    ]
    #expect(try await problems(environment: variables).isEmpty)
  }

  @Test("A list where one value belongs is refused")
  func listForOne() async throws {
    #expect(
      try await problems(file: "body-max: [1MiB, 2MiB]")
        == ["body-max is \"1MiB,2MiB\" (file HERE/fogcatcher.yaml); it must be a size from 1KiB to 1GiB, such as 32MiB"])
  }

  @Test("Values that contradict each other are refused")
  func contradictions() async throws {
    #expect(
      try await problems(flags: ["body-max": ["65MiB"]])
        == ["bodies-in-flight-max (64MiB) is less than body-max (65MiB): it must hold at least one body"])
    #expect(try await problems(flags: ["body-max": ["64MiB"]]).isEmpty)
    #expect(try await problems(flags: ["listen": [":9528", "0.0.0.0:9528"]]) == ["listen names an address twice"])
    #expect(try await problems(flags: ["listen": [":0", ":0"]]).isEmpty)
    #expect(try await problems(flags: ["aliases": ["/healthz=history"]]).count == 1)
  }

  @Test("A file that is not YAML is refused without quoting what stands in it")
  func notYAML() async throws {
    let found = try await problems(file: "body-max: [1MiB\nsecret-token: hunter2: x\n")
    #expect(found.count == 1)
    #expect(found[0].contains("HERE/fogcatcher.yaml"))
    #expect(!found[0].contains("hunter2"))
  }

  @Test("A named file that is not there is an error")
  func missingFile() throws {
    #expect(throws: SettingsError.self) { try SettingsLoader(file: "/nowhere/x.yaml").load() }
  }

  @Test("A file in the data directory cannot say where the data directory is")
  func circular() async throws {
    try await withTemporaryDirectory { directory in
      try write("data: /elsewhere", to: "\(directory)/fogcatcher.yaml")
      let error = try #require(throws: SettingsError.self) {
        try SettingsLoader(flags: ["data": [directory]], directory: "/nowhere").load()
      }
      #expect(error.problems[0].contains("cannot say where that directory is"))
    }
  }

  private static let secret = Setting("token", \.dataDirectory, .path(), isSecret: true, "A secret.")

  @Test("A secret is masked in every report, and in errors", arguments: ConfigFormat.allCases)
  func masked(format: ConfigFormat) throws {
    let loaded = try SettingsLoader(flags: ["token": ["hunter2"]], directory: "/nowhere", known: [Self.secret]).load()
    let text = SettingsReport(loaded).text(format)
    #expect(!text.contains("hunter2"))
    #expect(text.contains(EffectiveSetting.mask))
    let error = #expect(throws: SettingsError.self) {
      try SettingsLoader(flags: ["token": ["hunter2\0"]], directory: "/nowhere", known: [Self.secret]).load()
    }
    #expect(error?.description.contains("hunter2") == false)
  }
}
