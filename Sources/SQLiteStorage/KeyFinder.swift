import FaceEvents
import GRDB
import Synchronization

/// Finds or makes the rows that event rows refer to: in memory when a committed transaction or this one has seen them, else in their table.
struct KeyFinder {
  private(set) var learned = LearnedKeys()
  private let store: SQLiteStore
  private let findBox: SQLStatement
  private let makeBox: SQLStatement
  private let findEndpoint: SQLStatement
  private let makeEndpoint: SQLStatement
  private let findReference: SQLStatement
  private let makeReference: SQLStatement

  init(_ store: SQLiteStore, _ db: Database) throws {
    self.store = store
    findBox = try SQLStatement(cached: "SELECT key FROM box WHERE code = ?", db)
    makeBox = try SQLStatement(cached: "INSERT INTO box (code, origin) VALUES (?, ?) RETURNING key", db)
    findEndpoint = try SQLStatement(cached: "SELECT key FROM endpoint WHERE id IS ? AND box = ?", db)
    makeEndpoint = try SQLStatement(cached: "INSERT INTO endpoint (id, box) VALUES (?, ?) RETURNING key", db)
    findReference = try SQLStatement(cached: "SELECT volume, offset, byte_count FROM reference_picture WHERE digest = ?", db)
    makeReference = try SQLStatement(
      cached: "INSERT INTO reference_picture (digest, volume, offset, byte_count) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", db)
  }

  mutating func box(_ box: Box) throws(SQLiteFailure) -> Int64 {
    if let key = learned.boxes[box.code] { return key }
    if let key = store.caches.withLock({ $0.boxes.value(for: box.code) }) { return key }
    let key = try found(box)
    learned.boxes[box.code] = key
    return key
  }

  mutating func endpoint(_ name: EndpointName) throws(SQLiteFailure) -> Int64 {
    if let key = learned.endpoints[name] { return key }
    if let key = store.caches.withLock({ $0.endpoints.value(for: name) }) { return key }
    let key = try found(name)
    learned.endpoints[name] = key
    return key
  }

  /// Where a reference picture with this content is; nil when no row has one.
  mutating func reference(_ digest: ContentDigest) throws(SQLiteFailure) -> StoredReference? {
    if let reference = learned.references[digest] { return reference }
    if let reference = store.caches.withLock({ $0.references.value(for: digest) }) { return reference }
    let found = try findReference.first(
      { $0.digest(digest) },
      { columns in
        let location = PictureLocation(
          volume: UInt32(truncatingIfNeeded: columns.integer()), offset: UInt64(bitPattern: columns.integer()))
        return StoredReference(location: location, byteCount: Int(columns.integer()))
      })
    learned.references[digest] = found
    return found
  }

  /// As ``reference(_:)``; nothing is shared between pictures that do not agree in size.
  mutating func location(of picture: EventPicture) throws(SQLiteFailure) -> PictureLocation? {
    guard let stored = try reference(picture.digest), stored.byteCount == picture.byteCount else { return nil }
    return stored.location
  }

  /// Makes the reference picture known, unless one with the same content is.
  mutating func remember(_ digest: ContentDigest, _ reference: StoredReference) throws(SQLiteFailure) {
    if learned.references[digest] != nil { return }
    if store.caches.withLock({ $0.references.value(for: digest) }) != nil { return }
    try makeReference.run {
      $0.digest(digest)
      $0.integer(Int64(reference.location.volume))
      $0.integer(Int64(bitPattern: reference.location.offset))
      $0.integer(Int64(reference.byteCount))
    }
    // What the table has may be an older copy: it is looked up when it is wanted.
  }
}

extension KeyFinder {
  private func found(_ box: Box) throws(SQLiteFailure) -> Int64 {
    if let key = try findBox.first({ $0.text(box.code) }, { $0.integer() }) { return key }
    return try makeBox.only { row in
      row.text(box.code)
      row.integer(Int64(box.origin.rawValue))
    }
  }

  private func found(_ name: EndpointName) throws(SQLiteFailure) -> Int64 {
    func bind(_ row: inout SQLParameters) {
      row.text(name.id)
      row.integer(name.box)
    }
    if let key = try findEndpoint.first(bind, { $0.integer() }) { return key }
    return try makeEndpoint.only(bind)
  }
}
