import ArgumentParser

/// The flags of all settings. Each property is named after a key of ``Setting/all``, as tests make sure.
struct SettingFlags: ParsableArguments {
  @Option(help: .setting("listen")) var listen: [String] = []
  @Option(help: .setting("data")) var data: String?

  @Option(help: .setting("body-max")) var bodyMax: String?
  @Option(help: .setting("other-body-max")) var otherBodyMax: String?
  @Option(help: .setting("bodies-in-flight-max")) var bodiesInFlightMax: String?
  @Option(help: .setting("header-max")) var headerMax: String?
  @Option(help: .setting("header-count-max")) var headerCountMax: String?
  @Option(help: .setting("json-depth-max")) var jsonDepthMax: String?
  @Option(help: .setting("form-parts-max")) var formPartsMax: String?
  @Option(help: .setting("connections-max")) var connectionsMax: String?
  @Option(help: .setting("body-rate-min")) var bodyRateMin: String?
  @Option(help: .setting("disk-reserve")) var diskReserve: String?
  @Option(help: .setting("quarantine-max")) var quarantineMax: String?
  @Option(help: .setting("quarantine-count-max")) var quarantineCountMax: String?
  @Option(help: .setting("volume-max")) var volumeMax: String?

  @Option(help: .setting("header-timeout")) var headerTimeout: String?
  @Option(help: .setting("body-stall")) var bodyStall: String?
  @Option(help: .setting("keep-alive")) var keepAlive: String?
  @Option(help: .setting("linger")) var linger: String?
  @Option(help: .setting("admission-wait")) var admissionWait: String?
  @Option(help: .setting("stop-grace")) var stopGrace: String?
  @Option(help: .setting("retry-after")) var retryAfter: String?

  @Option(help: .setting("on-unreadable")) var onUnreadable: String?
  @Flag(inversion: .prefixedNo, help: .setting("strict")) var strict: Bool?
  @Option(help: .setting("aliases")) var aliases: [String] = []
  @Option(help: .setting("event-loops")) var eventLoops: String?

  @Option(help: .setting("log-level")) var logLevel: String?
  @Option(help: .setting("log-format")) var logFormat: String?
  @Flag(inversion: .prefixedNo, help: .setting("access-log")) var accessLog: Bool?

  /// What was given, by key.
  var texts: [String: [String]] {
    var texts: [String: [String]] = [:]
    for child in Mirror(reflecting: self).children {
      guard let key = child.label.map(Self.key) else { continue }
      switch child.value {
      case let option as Option<String?>: texts[key] = option.wrappedValue.map { [$0] }
      case let option as Option<[String]>: texts[key] = option.wrappedValue.isEmpty ? nil : option.wrappedValue
      case let flag as Flag<Bool?>: texts[key] = flag.wrappedValue.map { [String($0)] }
      default: continue
      }
    }
    return texts
  }

  /// The storage of `bodyMax` is labelled `_bodyMax`; its key is `body-max`.
  static func key(ofLabel label: String) -> String {
    label.drop { $0 == "_" }.reduce(into: "") { key, letter in key += letter.isUppercase ? "-" + letter.lowercased() : String(letter) }
  }
}

extension ArgumentHelp {
  /// Help, range and default of a setting.
  static func setting(_ key: String) -> ArgumentHelp {
    guard let setting = Setting.named(key) else { preconditionFailure("there is no setting \(key)") }
    let values = setting.read(ServeSettings()).joined(separator: ", ")
    return ArgumentHelp(
      "\(setting.help) (\(setting.rule); default: \(values.isEmpty ? "none" : values))", valueName: setting.placeholder)
  }
}

/// Where the settings of a command come from.
struct SettingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Settings file (default: ./fogcatcher.yaml, else fogcatcher.yaml in the data directory).", valueName: "file"))
  var config: String?

  @OptionGroup(title: "Settings") var flags: SettingFlags

  var loader: SettingsLoader {
    SettingsLoader(flags: flags.texts, file: config, environment: ProcessEnvironment.variables)
  }
}
