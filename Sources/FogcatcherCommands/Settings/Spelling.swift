/// Finds the word that somebody probably meant.
enum Spelling {
  /// The nearest of `words`; nil when none is near: more than a third of the letters would have to change.
  static func nearest(to word: String, among words: [String]) -> String? {
    let wanted = normal(word)
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(wanted, normal(candidate))
      if distance <= max(2, wanted.count / 3), distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Letters and digits only: `bodyMax`, `body_max` and `body.max` are all near to `body-max`.
  private static func normal(_ word: String) -> [UInt8] {
    Array(word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: ".") })
  }

  /// Levenshtein's: letters to insert, delete or replace.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
