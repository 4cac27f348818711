import FaceEvents
import GRDB

/// What people call an endpoint, by the key of its row.
struct EndpointNames {
  static let findSQL = "SELECT box.code, endpoint.id FROM endpoint CROSS JOIN box ON box.key = endpoint.box WHERE endpoint.key = ?"

  private let find: SQLStatement

  init(_ db: Database) throws { find = try SQLStatement(cached: Self.findSQL, db) }

  func key(of endpoint: Int64) throws -> EndpointKey {
    let key = try find.first({ $0.integer(endpoint) }, { EndpointKey(box: $0.text(), id: $0.optionalText()) })
    guard let key else { throw StorageError.damaged("the row of endpoint number \(endpoint) is missing") }
    return key
  }
}
