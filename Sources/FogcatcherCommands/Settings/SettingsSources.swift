import Configuration

/// The three places that a value may come from, in their order.
struct SettingsSources: Sendable {
  private let places: [(origin: SettingOrigin, values: any ConfigSnapshot)]

  /// - Parameters:
  ///   - flags: texts by key.
  ///   - environment: all variables of the process.
  init(flags: [String: [String]], environment: [String: String], file: SettingsFile?) {
    let flagValues = flags.map { key, texts in (AbsoluteConfigKey([key]), ConfigValue(.stringArray(texts), isSecret: false)) }
    var places: [(SettingOrigin, any ConfigSnapshot)] = [
      (.flag, InMemoryProvider(name: "flags", values: Dictionary(uniqueKeysWithValues: flagValues)).snapshot()),
      (.environment, EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "fogcatcher").snapshot()),
    ]
    if let file { places.append((.file(file.path), file.values)) }
    self.places = places
  }

  /// The first place that has a value for the setting; nil when none has.
  func value(of setting: Setting) -> (texts: [String], origin: SettingOrigin)? {
    for (origin, values) in places {
      if let texts = texts(of: setting, in: values) { return (texts, origin) }
    }
    return nil
  }

  /// A list may be written as one text with commas everywhere. A list where one value belongs is joined, and fails the setting's rule.
  private func texts(of setting: Setting, in values: any ConfigSnapshot) -> [String]? {
    let list = array(setting.key, in: values)
    guard setting.isList else { return (text(setting.key, in: values) ?? list?.joined(separator: ",")).map { [$0] } }
    return (list ?? text(setting.key, in: values).map { [$0] })?.flatMap(Self.elements)
  }

  private func text(_ key: String, in values: any ConfigSnapshot) -> String? {
    guard case .string(let text)? = (try? values.value(forKey: AbsoluteConfigKey([key]), type: .string))?.value?.content else { return nil }
    return text
  }

  private func array(_ key: String, in values: any ConfigSnapshot) -> [String]? {
    let found = try? values.value(forKey: AbsoluteConfigKey([key]), type: .stringArray)
    guard case .stringArray(let texts)? = found?.value?.content else { return nil }
    return texts
  }

  private static func elements(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
