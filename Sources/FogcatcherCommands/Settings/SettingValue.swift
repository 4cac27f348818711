/// How one kind of value is written and read. The rule completes the sentence "it must be …".
struct SettingValue<Value: Sendable>: Sendable {
  var rule: String
  /// Stands for the value in the help: `--body-max <size>`.
  var placeholder: String
  /// Nil when the text does not obey the rule.
  var read: @Sendable (String) -> Value?
  var write: @Sendable (Value) -> String
}

extension SettingValue {
  static func bytes(_ range: ClosedRange<Value>) -> SettingValue where Value: FixedWidthInteger {
    SettingValue(
      rule: "a size from \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound)), such as 32MiB", placeholder: "size",
      read: { text in ByteSize.parse(text).flatMap { Value(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil } },
      write: { ByteSize.text($0) })
  }

  static func integer(_ range: ClosedRange<Int>) -> SettingValue where Value == Int {
    SettingValue(
      rule: "a whole number from \(range.lowerBound) to \(range.upperBound)", placeholder: "number",
      read: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }, write: { String($0) })
  }

  static func duration(_ range: ClosedRange<Duration>) -> SettingValue where Value == Duration {
    SettingValue(
      rule: "a time with its unit from \(TimeSpan.text(range.lowerBound)) to \(TimeSpan.text(range.upperBound)), such as 10s or 500ms",
      placeholder: "time",
      read: { text in TimeSpan.parse(text).flatMap { range.contains($0) ? $0 : nil } }, write: { TimeSpan.text($0) })
  }

  static func choice() -> SettingValue where Value: RawRepresentable<String> & CaseIterable {
    let words = Value.allCases.map(\.rawValue)
    return SettingValue(
      rule: "one of " + words.joined(separator: ", "), placeholder: words.joined(separator: "|"),
      read: { Value(rawValue: $0.lowercased()) },
      write: { $0.rawValue })
  }

  static func boolean() -> SettingValue where Value == Bool {
    SettingValue(
      rule: "true or false", placeholder: "true|false",
      read: { text in
        switch text.lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: nil
        }
      }, write: { String($0) })
  }

  static func path() -> SettingValue where Value == String {
    SettingValue(
      rule: "a path", placeholder: "directory", read: { text in text.isEmpty || text.utf8.contains(0) ? nil : text }, write: { $0 })
  }

  static func address() -> SettingValue where Value == ListenAddress {
    SettingValue(
      rule: "host:port with a port from 0 to 65535, such as 0.0.0.0:9528 or [::]:9528", placeholder: "host:port",
      read: { ListenAddress($0) }, write: { $0.description })
  }
}
