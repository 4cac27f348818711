import FaceEvents

enum PersonSQL {
  static let visitEventsMax = 20_000

  private static let columns = """
    person_id, name, person_class, group_name, first_seen, last_seen, event_count, picture_digest, picture_byte_count, picture_volume, \
    picture_offset
    """

  static let byID = "SELECT \(columns) FROM person WHERE person_id = ?"

  static let newest = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """

  /// After a place: the rest of its millisecond, and then what was seen earlier.
  static let newestOfMoment = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? AND last_seen = ? AND person_id < ? \
    ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """
  static let newestBefore = """
    SELECT \(columns) FROM person INDEXED BY person_seen WHERE person_class = ? AND last_seen < ? \
    ORDER BY last_seen DESC, person_id DESC LIMIT ?
    """

  static let passages = """
    SELECT time, endpoint FROM event INDEXED BY event_person \
    WHERE person_id = ? AND person_id <> '' AND lane = ? AND time >= ? AND time <= ? ORDER BY time DESC LIMIT ?
    """
}

extension SQLColumns {
  /// Nil for a class that is none: such a row was never written.
  mutating func personRecord() -> PersonRecord? {
    let id = text()
    let name = optionalText()
    guard let personClass = value(PersonClass.init(rawValue:)) else { return nil }
    let group = optionalText()
    let (firstSeen, lastSeen, eventCount) = (time(), time(), integer())
    let digest = digest()
    let (byteCount, volume, offset) = (Int(integer()), UInt32(truncatingIfNeeded: integer()), UInt64(bitPattern: integer()))
    let picture = digest.map {
      CatalogPicture(digest: $0, byteCount: byteCount, location: PictureLocation(volume: volume, offset: offset))
    }
    return PersonRecord(
      id: id, name: name, personClass: personClass, group: group, firstSeen: firstSeen, lastSeen: lastSeen, eventCount: eventCount,
      picture: picture)
  }
}
