import FaceEvents
import GRDB

/// Finds people by `person_text`.
enum PersonTexts {
  static let findSQL = "SELECT person_id FROM person_text WHERE kind = ? AND text >= ? AND text < ? LIMIT ?"

  /// Entries of `person_text` that are read at most: one person may have several that begin alike.
  private static let entriesPerPerson = 4

  /// - Returns: the ids of all people who have the text as a part of their name or at the beginning of their id, as `kinds` says, at most
  ///   `max` of them; nil when there are more, or when finding them all takes too long.
  static func people(_ text: String, _ kinds: [NameParts.Kind], max: Int, _ db: Database) throws -> [String]? {
    let (from, below) = NameParts.range(of: text)
    var found: Set<String> = []
    for kind in kinds {
      let limit = max * entriesPerPerson
      var count = 0
      try SQLStatement(cached: findSQL, db).rows({ parameters in
        parameters.integer(kind.rawValue)
        parameters.text(from)
        parameters.text(below)
        parameters.integer(Int64(limit + 1))
      }) { columns in
        count += 1
        found.insert(columns.text())
        return found.count <= max
      }
      if found.count > max || count > limit { return nil }
    }
    return try checked(found, NameParts.folded(text), kinds, db)
  }

  /// Entries are cut after some characters: the rest of a longer text is compared with the name itself.
  private static func checked(_ ids: Set<String>, _ text: String, _ kinds: [NameParts.Kind], _ db: Database) throws -> [String] {
    var names = try NameCheck(text, db)
    return try ids.filter { id in
      let isByID = kinds.contains(.id) && NameParts.isBeginning(text, ofID: id)
      return try isByID || (kinds.contains(.name) && names.fits(id))
    }
  }
}
