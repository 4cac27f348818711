import FaceEvents
import GRDB

/// Reads an event back from its row.
struct EventRow {
  private let find: SQLStatement

  static let sql = """
    SELECT e.sequence, e.id, e.lane, e.content_digest, e.form, e.encoding, e.time, e.has_own_time, e.received_at, e.entered_at, e.left_at,
      e.person_id, e.person_name, e.person_class, e.group_name, e.score, e.score_scale, box.code, e.box_origin, endpoint.key, endpoint.id,
      e.endpoint_uuid, e.endpoint_address, e.endpoint_name, e.endpoint_kind, e.action, e.source_address, e.source_path, e.source_query,
      e.warnings, e.checksum, e.pictures, e.original
    FROM event AS e LEFT JOIN box ON box.key = e.box LEFT JOIN endpoint ON endpoint.key = e.endpoint
    WHERE e.sequence = ?
    """

  init(_ db: Database) throws { find = try SQLStatement(cached: Self.sql, db) }

  /// - Throws: ``StorageError/damaged(_:)`` when the row is not what was written.
  func event(_ sequence: Int64) throws -> StoredEvent {
    let event = try find.first({ $0.integer(sequence) }, { columns in Self.read(&columns) }).flatMap(\.self)
    guard let event else { throw Self.damage(sequence) }
    return event
  }

  static func damage(_ sequence: Int64) -> StorageError {
    .damaged("the row of event number \(sequence) is not what was written; run `fogcatcher verify` on the data directory for a full list")
  }

  private static func read(_ columns: inout SQLColumns) -> StoredEvent? {
    let sequence = columns.integer()
    guard let id = columns.id(), let lane = columns.value(Lane.init(rawValue:)), let digest = columns.digest(),
      let form = EventForm(rawValue: columns.text()), let encoding = columns.value(BodyEncoding.init(rawValue:))
    else { return nil }
    let time = columns.time()
    let hasOwnTime = columns.integer() != 0
    let receivedAt = columns.time()
    let enteredAt = columns.optionalTime()
    let leftAt = columns.optionalTime()
    guard let person = columns.person(), let score = columns.score(), let box = columns.box(), let endpoint = columns.endpoint() else {
      return nil
    }
    let action = columns.optionalText()
    let source = columns.source()
    let warnings = WarningLines.decode(columns.optionalText())
    guard let (pictures, original) = columns.record(digest) else { return nil }
    let event = FaceEvent(
      id: id, contentDigest: digest, lane: lane, form: form, encoding: encoding, time: time, hasOwnTime: hasOwnTime,
      receivedAt: receivedAt, enteredAt: enteredAt, leftAt: leftAt, person: person, score: score.value, box: box, endpoint: endpoint,
      action: action, pictures: pictures.pictures, originalText: original, warnings: warnings, source: source)
    return StoredEvent(sequence: sequence, event: event, locations: pictures.locations)
  }
}

/// Groups of columns. Each returns nil when they hold what was never written there.
extension SQLColumns {
  mutating func value<Value>(_ make: (UInt8) -> Value?) -> Value? { UInt8(exactly: integer()).flatMap(make) }

  fileprivate mutating func person() -> Person? {
    let id = optionalText()
    let name = optionalText()
    guard let personClass = value(PersonClass.init(rawValue:)) else { return nil }
    return Person(id: id, name: name, personClass: personClass, group: optionalText())
  }

  /// The score may be missing: hence in a box of its own.
  fileprivate mutating func score() -> (value: Score?, Void)? {
    let number = optionalReal()
    let scale = optionalInteger()
    guard let number, let scale else { return number == nil && scale == nil ? (nil, ()) : nil }
    guard let known = UInt8(exactly: scale).flatMap(Score.Scale.init(rawValue:)) else { return nil }
    return (Score(value: number, scale: known), ())
  }

  mutating func box() -> Box? {
    let code = optionalText()
    let origin = value(Box.CodeOrigin.init(rawValue:))
    guard let code, let origin else { return nil }
    return Box(code: code, origin: origin)
  }

  fileprivate mutating func endpoint() -> Endpoint? {
    let key = optionalInteger()
    let id = optionalText()
    guard key != nil else { return nil }
    return Endpoint(id: id, uuid: optionalText(), address: optionalText(), name: optionalText(), kind: optionalText())
  }

  mutating func source() -> RequestSource { RequestSource(address: text(), path: text(), query: optionalText()) }

  /// The last three columns of an event: checksum, pictures, original.
  fileprivate mutating func record(_ digest: ContentDigest) -> (PictureListCodec.Decoded, SharedBytes)? {
    checked(digest) { SharedBytes(copying: $0) }
  }

  /// As ``record(_:)``, but the text is only checked.
  mutating func pictureList(_ digest: ContentDigest) -> PictureListCodec.Decoded? { checked(digest) { _ in }?.0 }

  private mutating func checked<Text>(_ digest: ContentDigest, _ text: (UnsafeRawBufferPointer) -> Text) -> (
    PictureListCodec.Decoded, Text
  )? {
    let checksum = integer()
    let pictures = withBlob { Array($0) }
    return withBlob { original in
      pictures.withUnsafeBytes { encoded in
        guard RowChecksum.of(digest, pictures: encoded, original: original) == checksum, let decoded = PictureListCodec.decode(encoded)
        else { return nil }
        return (decoded, text(original))
      }
    }
  }
}
