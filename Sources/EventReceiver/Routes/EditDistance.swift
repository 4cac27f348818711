/// Levenshtein's distance: how many letters to insert, delete or replace.
enum EditDistance {
  /// - Returns: the distance, or `bound + 1` when it is more than `bound`.
  static func between(_ a: some StringProtocol, _ b: some StringProtocol, atMost bound: Int) -> Int {
    let a = Array(a)
    let b = Array(b)
    guard abs(a.count - b.count) <= bound else { return bound + 1 }
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
    return min(row[b.count], bound + 1)
  }
}
