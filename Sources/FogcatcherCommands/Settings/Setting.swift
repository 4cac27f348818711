/// One setting: all that its flag, its variable, its line of the file, its help and its errors need.
struct Setting: Sendable {
  /// As in the file, for example `body-max`. The flag is `--body-max`, the variable `FOGCATCHER_BODY_MAX`.
  let key: String
  let help: String
  let rule: String
  let placeholder: String
  /// Takes several values: a repeated flag, a list in the file, commas in a variable.
  let isList: Bool
  /// Never printed, neither by `fogcatcher config` nor in an error.
  let isSecret: Bool
  /// The values as they would be written; more than one only for a list.
  let read: @Sendable (ServeSettings) -> [String]
  /// - Returns: the index of the first value that does not obey the rule; nil when all did and were taken.
  let write: @Sendable (inout ServeSettings, [String]) -> Int?

  var flag: String { "--\(key)" }
  var variable: String { "FOGCATCHER_" + String(key.uppercased().map { $0 == "-" ? "_" : $0 }) }

  init<Value: Sendable>(
    _ key: String, _ path: any WritableKeyPath<ServeSettings, Value> & Sendable, _ value: SettingValue<Value>, isSecret: Bool = false,
    _ help: String
  ) {
    self.key = key
    self.help = help
    self.isSecret = isSecret
    rule = value.rule
    placeholder = value.placeholder
    isList = false
    read = { [value.write($0[keyPath: path])] }
    write = { settings, texts in
      guard texts.count == 1, let read = value.read(texts[0]) else { return 0 }
      settings[keyPath: path] = read
      return nil
    }
  }

  /// A setting with several values, kept as a `Collection` of the settings' own making.
  init<Element: Sendable, List: Sendable>(
    list key: String, _ path: any WritableKeyPath<ServeSettings, List> & Sendable, of value: SettingValue<Element>, countMin: Int = 0,
    elements: @escaping @Sendable (List) -> [Element], collect: @escaping @Sendable ([Element]) -> List, _ help: String
  ) {
    self.key = key
    self.help = help
    isSecret = false
    rule = value.rule
    placeholder = value.placeholder
    isList = true
    read = { elements($0[keyPath: path]).map(value.write) }
    write = { settings, texts in
      let values = texts.map(value.read)
      if values.count < countMin { return 0 }
      if let bad = values.firstIndex(where: { $0 == nil }) { return bad }
      settings[keyPath: path] = collect(values.compactMap { $0 })
      return nil
    }
  }
}
