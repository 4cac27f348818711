import FaceEvents
import GRDB

/// Whether people have a part in their names, each looked up once.
struct NameCheck {
  private let part: String
  private let find: SQLStatement
  private var known: [String: Bool] = [:]

  /// - Parameter part: ``NameParts/folded(_:)``.
  init(_ part: String, _ db: Database) throws {
    self.part = part
    find = try SQLStatement(cached: "SELECT name FROM person WHERE person_id = ?", db)
  }

  mutating func fits(_ person: String?) throws -> Bool {
    guard let person else { return false }
    if let known = known[person] { return known }
    let fits = try find.first({ $0.text(person) }, { NameParts.isPart(part, ofName: $0.optionalText()) }) ?? false
    known[person] = fits
    return fits
  }
}
