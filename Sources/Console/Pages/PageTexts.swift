/// The words of the pages in each language, from one list that has them side by side.
struct PageTexts: Sendable {
  static let all: [PageRequest.Language: PageTexts] = read(String(decoding: PackageResources.texts_txt, as: UTF8.self))

  let words: [String: String]

  /// The key itself when there is no such text, which a test rules out for those that pages name.
  subscript(key: String) -> String { words[key] ?? key }

  /// The text with `{1}`, `{2}`… replaced.
  func text(_ key: String, _ values: String...) -> String {
    values.enumerated().reduce(self[key]) { text, value in text.replacing("{\(value.offset + 1)}", with: value.element) }
  }

  /// - Parameter list: lines of `key = English | 中文`; others are comments.
  static func read(_ list: String) -> [PageRequest.Language: PageTexts] {
    var english: [String: String] = [:]
    var chinese: [String: String] = [:]
    for line in list.split(separator: "\n") {
      guard let equals = line.firstRange(of: " = "), let bar = line.firstRange(of: " | ") else { continue }
      let key = String(line[..<equals.lowerBound])
      english[key] = String(line[equals.upperBound..<bar.lowerBound])
      chinese[key] = String(line[bar.upperBound...])
    }
    return [.en: PageTexts(words: english), .zh: PageTexts(words: chinese)]
  }
}

extension PageRequest {
  var texts: PageTexts { PageTexts.all[language] ?? PageTexts(words: [:]) }
}
