/// Where the value of a setting came from, best first.
enum SettingOrigin: Sendable, Equatable {
  case flag
  case environment
  /// The file's path, as it was found.
  case file(String)
  case builtIn

  /// For the column of `fogcatcher config`.
  func text(of setting: Setting) -> String {
    switch self {
    case .flag: "flag \(setting.flag)"
    case .environment: "environment \(setting.variable)"
    case .file(let path): "file \(path)"
    case .builtIn: "default"
    }
  }
}

/// A setting with the value that counts.
struct EffectiveSetting: Sendable {
  static let mask = "••••"

  var setting: Setting
  /// More than one only for a list.
  var texts: [String]
  var origin: SettingOrigin

  /// What may be printed.
  var shownTexts: [String] { setting.isSecret ? texts.map { $0.isEmpty ? "" : Self.mask } : texts }
}

/// Why the settings cannot be used: one sentence per problem, for the operator.
struct SettingsError: Error, Equatable, CustomStringConvertible {
  var problems: [String]

  var description: String {
    problems.count == 1
      ? problems[0] : "\(problems.count) settings cannot be used:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
  }
}
