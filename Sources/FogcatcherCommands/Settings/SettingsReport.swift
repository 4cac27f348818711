import FaceEvents

/// The effective settings, for people and programs. Secrets are masked.
struct SettingsReport {
  private let loaded: LoadedSettings

  init(_ loaded: LoadedSettings) { self.loaded = loaded }

  func text(_ format: ConfigFormat) -> String {
    switch format {
    case .table: table
    case .yaml: yaml
    case .json: json
    }
  }

  private var table: String {
    var table = TextTable([.init(title: "SETTING", widthMax: 24), .init(title: "VALUE", widthMax: 48), .init(title: "FROM", widthMax: 80)])
    for value in loaded.values {
      table.add([value.setting.key, value.shownTexts.joined(separator: ","), value.origin.text(of: value.setting)])
    }
    return table.lines().joined(separator: "\n")
  }

  /// A file that gives these settings; what is a default is a comment, a secret is left out.
  private var yaml: String {
    loaded.values.map { value in
      let lines: [String]
      if value.setting.isSecret {
        lines = ["# \(value.setting.key): \(EffectiveSetting.mask)"]
      } else if value.setting.isList && !value.texts.isEmpty {
        lines = ["\(value.setting.key):"] + value.texts.map { "  - \(Self.scalar($0))" }
      } else {
        lines = ["\(value.setting.key): \(value.setting.isList ? "[]" : Self.scalar(value.texts.first ?? ""))"]
      }
      let isComment = value.origin == .builtIn
      let text = lines.map { isComment && !$0.hasPrefix("#") ? "# " + $0 : $0 }.joined(separator: "\n")
      return "# \(value.setting.help)\n# \(value.origin.text(of: value.setting)); \(value.setting.rule)\n\(text)"
    }.joined(separator: "\n\n")
  }

  private var json: String {
    var line = JSONLine()
    line.object { line in
      for value in loaded.values {
        line.key(value.setting.key)
        line.object { line in
          if value.setting.isList {
            line.member("value", value.shownTexts)
          } else {
            line.member("value", value.shownTexts.first)
          }
          line.member("from", value.origin.text(of: value.setting))
        }
      }
    }
    return line.text
  }

  /// Double quotes take the escapes of JSON (YAML 1.2 section 5.7).
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { ($0 | 0x20).isLetter || ($0 > 0x2F && $0 < 0x3A) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
      ?? false
    if isPlain, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "#") }) { return text }
    var line = JSONLine()
    line.string(text)
    return line.text
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
}
