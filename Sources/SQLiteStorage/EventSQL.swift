/// The longer statements of the write path.
enum EventSQL {
  static let eventColumns = [
    "sequence", "id", "lane", "content_digest", "form", "encoding", "time", "has_own_time", "received_at", "entered_at", "left_at",
    "person_id", "person_name", "person_class", "group_name", "score", "score_scale", "box", "box_origin", "endpoint", "endpoint_uuid",
    "endpoint_address", "endpoint_name", "endpoint_kind", "action", "source_address", "source_path", "source_query", "warnings", "checksum",
    "pictures", "original",
  ]

  static let insertEvent = insert("event", eventColumns)

  static let insertStatus = insert(
    "status_report",
    [
      "sequence", "box", "box_origin", "form", "encoding", "received_at", "source_address", "source_path", "source_query", "warnings",
      "original",
    ])

  private static func insert(_ table: String, _ columns: [String]) -> String {
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
  }

  /// In SQLite min and max of several values are NULL when one of them is, hence the ifnull on both sides.
  static let updateBox = """
    UPDATE box SET
      origin = min(origin, ?2),
      source_address = iif(ifnull(last_received_at, ?6) <= ?6, ?3, source_address),
      first_seen = min(ifnull(first_seen, ?4), ifnull(?4, first_seen)),
      last_seen = max(ifnull(last_seen, ?5), ifnull(?5, last_seen)),
      last_received_at = max(ifnull(last_received_at, ?6), ?6),
      event_count = event_count + ?7,
      last_status = iif(?8 IS NOT NULL AND ifnull(last_status_at, ?8) <= ?8, ?9, last_status),
      last_status_at = max(ifnull(last_status_at, ?8), ifnull(?8, last_status_at))
    WHERE key = ?1
    """

  /// All right-hand sides see the row as it was, so `last_seen` there is the newest event before this batch.
  static let updateEndpoint = """
    UPDATE endpoint SET
      uuid = iif(ifnull(last_seen, ?7) <= ?7, ifnull(?2, uuid), ifnull(uuid, ?2)),
      address = iif(ifnull(last_seen, ?7) <= ?7, ifnull(?3, address), ifnull(address, ?3)),
      name = iif(ifnull(last_seen, ?7) <= ?7, ifnull(?4, name), ifnull(name, ?4)),
      kind = iif(ifnull(last_seen, ?7) <= ?7, ifnull(?5, kind), ifnull(kind, ?5)),
      first_seen = min(ifnull(first_seen, ?6), ?6),
      last_seen = max(ifnull(last_seen, ?7), ?7),
      event_count = event_count + ?8
    WHERE key = ?1
    """

  static let upsertPerson = """
    INSERT INTO person (
      person_id, name, person_class, group_name, first_seen, last_seen, event_count,
      picture_time, picture_digest, picture_byte_count, picture_volume, picture_offset
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (person_id) DO UPDATE SET
      name = iif(last_seen <= excluded.last_seen, ifnull(excluded.name, name), ifnull(name, excluded.name)),
      person_class = iif(last_seen <= excluded.last_seen, excluded.person_class, person_class),
      group_name = iif(last_seen <= excluded.last_seen, ifnull(excluded.group_name, group_name), ifnull(group_name, excluded.group_name)),
      first_seen = min(first_seen, excluded.first_seen),
      last_seen = max(last_seen, excluded.last_seen),
      event_count = event_count + excluded.event_count,
      picture_digest = iif(\(isNewerPicture), excluded.picture_digest, picture_digest),
      picture_byte_count = iif(\(isNewerPicture), excluded.picture_byte_count, picture_byte_count),
      picture_volume = iif(\(isNewerPicture), excluded.picture_volume, picture_volume),
      picture_offset = iif(\(isNewerPicture), excluded.picture_offset, picture_offset),
      picture_time = iif(\(isNewerPicture), excluded.picture_time, picture_time)
    """

  private static let isNewerPicture =
    "excluded.picture_time IS NOT NULL AND ifnull(picture_time, excluded.picture_time) <= excluded.picture_time"

  /// Marks are unsigned, but no volume comes near the 2^63 bytes where that would show.
  static let upsertMark = """
    INSERT INTO picture_volume (volume, mark) VALUES (?, ?)
    ON CONFLICT (volume) DO UPDATE SET mark = max(mark, excluded.mark)
    """
}
