#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the settings came to, and from where.
struct LoadedSettings: Sendable {
  var settings: ServeSettings
  var values: [EffectiveSetting]
  /// The file that was read; nil when there was none.
  var file: String?
}

/// Puts the settings together: flag, then variable, then file, then default.
struct SettingsLoader: Sendable {
  /// Names the file itself, so it cannot stand in one.
  static let fileVariable = "FOGCATCHER_CONFIG"

  /// Texts by key, as given on the command line.
  var flags: [String: [String]] = [:]
  /// `--config`.
  var file: String?
  var environment: [String: String] = [:]
  /// Where `fogcatcher.yaml` is looked for first.
  var directory = "."
  var known = Setting.all

  /// - Throws: every problem at once.
  func load() throws(SettingsError) -> LoadedSettings {
    let file = try settingsFile()
    let sources = SettingsSources(flags: flags, environment: environment, file: file)
    var problems = unknownVariables() + unknownKeys(in: file)
    var loaded = LoadedSettings(settings: ServeSettings(), values: [], file: file?.path)
    for setting in known {
      guard let (texts, origin) = sources.value(of: setting) else {
        loaded.values.append(EffectiveSetting(setting: setting, texts: setting.read(loaded.settings), origin: .builtIn))
        continue
      }
      if let index = setting.write(&loaded.settings, texts) {
        problems.append(problem(setting, texts.indices.contains(index) ? texts[index] : "", origin))
      } else {
        loaded.values.append(EffectiveSetting(setting: setting, texts: setting.read(loaded.settings), origin: origin))
      }
    }
    if problems.isEmpty { problems = loaded.settings.contradictions }
    guard problems.isEmpty else { throw SettingsError(problems: problems) }
    return loaded
  }

  /// Only the data directory, for commands that need nothing else: another setting that is wrong does not matter to them.
  func dataDirectory() throws(SettingsError) -> String {
    var narrow = self
    narrow.known = known.filter { $0.key == "data" }
    let sources = SettingsSources(flags: flags, environment: environment, file: flags["data"] == nil ? try settingsFile() : nil)
    guard let setting = narrow.known.first, let (texts, origin) = sources.value(of: setting) else { return ServeSettings().dataDirectory }
    var settings = ServeSettings()
    guard setting.write(&settings, texts) == nil else { throw SettingsError(problems: [problem(setting, texts.first ?? "", origin)]) }
    return settings.dataDirectory
  }

  private func problem(_ setting: Setting, _ text: String, _ origin: SettingOrigin) -> String {
    let shown = setting.isSecret ? EffectiveSetting.mask : "\"\(text.prefix(200))\""
    return "\(setting.key) is \(shown) (\(origin.text(of: setting))); it must be \(setting.rule)"
  }
}

// MARK: - The file

extension SettingsLoader {
  /// `--config`, else `FOGCATCHER_CONFIG`, else `./fogcatcher.yaml`, else the one in the data directory. Only one file is read.
  private func settingsFile() throws(SettingsError) -> SettingsFile? {
    if let named = file ?? environment[Self.fileVariable].flatMap({ $0.isEmpty ? nil : $0 }) { return try SettingsFile(path: named) }
    let here = "\(directory)/\(SettingsFile.name)"
    if access(here, F_OK) == 0 { return try SettingsFile(path: here) }
    let data = flags["data"]?.last ?? environment["FOGCATCHER_DATA"] ?? ServeSettings().dataDirectory
    let inData = "\(data)/\(SettingsFile.name)"
    guard access(inData, F_OK) == 0 else { return nil }
    let file = try SettingsFile(path: inData)
    guard !file.keys.contains("data") else {
      throw SettingsError(problems: ["\(inData) sets data, but a file inside the data directory cannot say where that directory is"])
    }
    return file
  }
}

// MARK: - What nobody knows

extension SettingsLoader {
  private func unknownKeys(in file: SettingsFile?) -> [String] {
    guard let file else { return [] }
    return file.keys.filter { key in !known.contains { $0.key == key } }.map { key in
      if let list = known.first(where: { $0.isList && key.hasPrefix($0.key + ".") }) {
        return "\(list.key) in \(file.path) is a list: write each as \"- value\", where a value is \(list.rule)"
      }
      return "unknown key \"\(key)\" in \(file.path)" + suggestion(Spelling.nearest(to: key, among: known.map(\.key)))
    }
  }

  private func unknownVariables() -> [String] {
    let names = known.map(\.variable) + [Self.fileVariable]
    return environment.keys.sorted().filter { $0.hasPrefix("FOGCATCHER_") && !names.contains($0) && !isServiceLink($0) }.map { name in
      "unknown variable \(name)" + suggestion(Spelling.nearest(to: name, among: names))
    }
  }

  /// Kubernetes and Docker set these for a service that is called fogcatcher.
  private func isServiceLink(_ name: String) -> Bool {
    name == "FOGCATCHER_PORT" || name == "FOGCATCHER_NAME" || name.hasPrefix("FOGCATCHER_SERVICE_") || name.hasPrefix("FOGCATCHER_PORT_")
  }

  private func suggestion(_ word: String?) -> String {
    word.map { "; did you mean \($0)?" } ?? "; `fogcatcher config` lists the known ones"
  }
}
