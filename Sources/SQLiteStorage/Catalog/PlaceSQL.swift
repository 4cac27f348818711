import FaceEvents

enum BoxSQL {
  private static let columns =
    "key, code, origin, source_address, first_seen, last_seen, last_received_at, last_status_at, event_count"

  static let first = "SELECT \(columns) FROM box ORDER BY code LIMIT ?"
  static let following = "SELECT \(columns) FROM box WHERE code > ? ORDER BY code LIMIT ?"
  static let byCode = "SELECT \(columns) FROM box WHERE code = ?"
}

enum EndpointSQL {
  private static let select = """
    SELECT e.key, box.code, e.id, e.uuid, e.address, e.name, e.kind, e.first_seen, e.last_seen, e.event_count \
    FROM box CROSS JOIN endpoint AS e ON e.box = box.key
    """
  private static let order = "ORDER BY box.code, e.id LIMIT ?"

  static let all = "\(select) \(order)"
  static let ofBox = "\(select) WHERE box.code = ? \(order)"
  static let withID = "\(select) WHERE box.code = ? AND e.id >= '' \(order)"
  static let followingInBox = "\(select) WHERE box.code = ? AND e.id > ? \(order)"
  static let ofFollowingBoxes = "\(select) WHERE box.code > ? \(order)"
}

extension SQLColumns {
  mutating func boxRecord() -> (key: Int64, record: BoxRecord)? {
    let key = integer()
    guard let box = box() else { return nil }
    let record = BoxRecord(
      code: box.code, origin: box.origin, sourceAddress: optionalText(), firstSeen: optionalTime(), lastSeen: optionalTime(),
      lastReceivedAt: optionalTime(), lastStatusAt: optionalTime(), eventCount: integer(), clockDifferenceMilliseconds: nil)
    return (key, record)
  }

  mutating func endpointRecord() -> (key: Int64, record: EndpointRecord) {
    let row = integer()
    let key = EndpointKey(box: text(), id: optionalText())
    let endpoint = Endpoint(
      id: key.id, uuid: optionalText(), address: optionalText(), name: optionalText(), kind: optionalText())
    let record = EndpointRecord(
      key: key, endpoint: endpoint, firstSeen: optionalTime(), lastSeen: optionalTime(), lastReceivedAt: nil, eventCount: integer(),
      clockDifferenceMilliseconds: nil)
    return (row, record)
  }
}
