/// How people are found by a part of their name, in any script: the name from each of its characters on is stored in small letters, and a
/// part of the name is then the beginning of one of these. Of a long name the first 64 characters count.
enum NameParts {
  enum Kind {
    case name
    /// Found by its beginning alone.
    case id
  }

  private static let startsMax = 64
  /// Of one entry; what is asked for beyond is checked against the name itself.
  private static let charactersMax = 24

  static func folded(_ text: String) -> String { text.lowercased() }

  static func entries(ofName name: String?) -> Set<String> {
    guard let name, !name.isEmpty else { return [] }
    let folded = folded(name)
    var entries: Set<String> = []
    for start in folded.indices.prefix(startsMax) { entries.insert(String(folded[start...].prefix(charactersMax))) }
    return entries
  }

  static func entry(ofID id: String) -> String { String(folded(id).prefix(charactersMax)) }

  /// The entries that begin as `text` does lie between these two, the second exclusive.
  static func range(of text: String) -> (from: String, below: String) {
    let start = String(folded(text).prefix(charactersMax))
    return (start, start + "\u{10FFFF}")
  }

  /// - Parameter part: ``folded(_:)``.
  static func isPart(_ part: String, ofName name: String?) -> Bool {
    guard let name else { return false }
    return folded(name).utf8.contains(part.utf8)
  }

  /// - Parameter part: ``folded(_:)``.
  static func isBeginning(_ part: String, ofID id: String) -> Bool { folded(id).utf8.starts(with: part.utf8) }
}
