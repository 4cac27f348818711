import FaceEvents
import GRDB

/// Finds people by `name_part` and `id_beginning`.
enum PersonTexts {
  static let findByNameSQL = """
    SELECT person.person_id FROM name_part CROSS JOIN person ON person.name = name_part.name
    WHERE name_part.text >= ? AND name_part.text < ? LIMIT ?
    """
  static let findByIDSQL = "SELECT person_id FROM id_beginning WHERE text >= ? AND text < ? LIMIT ?"

  /// Entries that are read at most: one name may have several that begin alike.
  private static let entriesPerPerson = 4

  /// - Returns: the ids of all people who have the text as a part of their name or at the beginning of their id, as `kinds` says, at most
  ///   `max` of them; nil when there are more, or when finding them all takes too long.
  static func people(_ text: String, _ kinds: [NameParts.Kind], max: Int, _ db: Database) throws -> [String]? {
    let (from, below) = NameParts.range(of: text)
    var found: Set<String> = []
    for kind in kinds {
      let limit = max * entriesPerPerson
      var count = 0
      try SQLStatement(cached: kind == .name ? findByNameSQL : findByIDSQL, db).rows({ parameters in
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
