import FaceEvents
import GRDB
import GRDBSQLite

/// A prepared statement whose parameters and columns are written and read in order, straight from and to our own types.
///
/// GRDB's own arguments go through `DatabaseValue` and `Data`, which costs more than the insert itself. Used only inside a database access.
struct SQLStatement {
  private let statement: Statement
  private var handle: OpaquePointer { statement.sqliteStatement }

  /// The connection keeps the compiled statement for the next time. For SQL of which there are few kinds.
  init(cached sql: String, _ db: Database) throws {
    statement = try db.cachedStatement(sql: sql)
  }

  /// Runs to the end. Rows, if any, are ignored.
  func run(_ bind: (inout SQLParameters) -> Void) throws(SQLiteFailure) {
    defer { clear() }
    try start(bind)
    while try step() {}
  }

  /// - Returns: the first row, nil when there is none.
  func first<Row>(_ bind: (inout SQLParameters) -> Void, _ read: (inout SQLColumns) throws(SQLiteFailure) -> Row) throws(SQLiteFailure)
    -> Row?
  {
    defer { clear() }
    try start(bind)
    guard try step() else { return nil }
    var columns = SQLColumns(handle)
    return try read(&columns)
  }

  /// The integer in the only column of a row that must be there. Runs to the end, as an INSERT with RETURNING needs.
  func only(_ bind: (inout SQLParameters) -> Void) throws(SQLiteFailure) -> Int64 {
    defer { clear() }
    try start(bind)
    var value: Int64?
    while try step() {
      var columns = SQLColumns(handle)
      value = columns.integer()
    }
    guard let value else { throw SQLiteFailure.missingRow }
    return value
  }

  /// - Parameter read: returns false to stop.
  func rows(_ bind: (inout SQLParameters) -> Void, _ read: (inout SQLColumns) throws -> Bool) throws {
    defer { clear() }
    try start(bind)
    while try step() {
      var columns = SQLColumns(handle)
      guard try read(&columns) else { return }
    }
  }

  private func start(_ bind: (inout SQLParameters) -> Void) throws(SQLiteFailure) {
    var parameters = SQLParameters(handle)
    bind(&parameters)
    guard parameters.result == SQLITE_OK else { throw SQLiteFailure(connection: sqlite3_db_handle(handle)) }
  }

  private func step() throws(SQLiteFailure) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw SQLiteFailure(connection: sqlite3_db_handle(handle))
    }
  }

  /// Also lets go of the bound values: a cached statement must not keep a large text alive.
  private func clear() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }
}

/// Binds values to the parameters of a statement, first to last.
struct SQLParameters {
  private let handle: OpaquePointer
  private var index: Int32 = 0
  /// The first refusal.
  private(set) var result = SQLITE_OK

  /// SQLite copies the value before the call returns.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ handle: OpaquePointer) { self.handle = handle }

  private mutating func next() -> Int32 {
    index += 1
    return index
  }

  private mutating func note(_ code: Int32) {
    if result == SQLITE_OK { result = code }
  }

  mutating func integer(_ value: Int64) { note(sqlite3_bind_int64(handle, next(), value)) }

  mutating func integer(_ value: Int64?) {
    guard let value else { return null() }
    integer(value)
  }

  mutating func integer(_ value: Bool) { integer(value ? 1 : 0) }

  mutating func time(_ value: Timestamp) { integer(value.milliseconds) }

  mutating func time(_ value: Timestamp?) { integer(value?.milliseconds) }

  mutating func real(_ value: Double) { note(sqlite3_bind_double(handle, next(), value)) }

  mutating func null() { note(sqlite3_bind_null(handle, next())) }

  mutating func text(_ value: String) {
    let index = next()
    var value = value
    let code = value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty string may have no address, which SQLite would take for NULL.
        characters.baseAddress.map {
          sqlite3_bind_text64(handle, index, $0, UInt64(characters.count), Self.transient, UInt8(SQLITE_UTF8))
        } ?? sqlite3_bind_text(handle, index, "", 0, Self.transient)
      }
    }
    note(code)
  }

  mutating func text(_ value: String?) {
    guard let value else { return null() }
    text(value)
  }

  mutating func blob(_ bytes: UnsafeRawBufferPointer) { bind(bytes, Self.transient) }

  /// Without a copy.
  /// - Parameter bytes: must stay where they are until the statement has run.
  mutating func borrowedBlob(_ bytes: UnsafeRawBufferPointer) { bind(bytes, nil) }

  private mutating func bind(_ bytes: UnsafeRawBufferPointer, _ destructor: sqlite3_destructor_type?) {
    let index = next()
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(handle, index, 0)) }
    note(sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), destructor))
  }

  mutating func blob(_ bytes: [UInt8]?) {
    guard let bytes else { return null() }
    bytes.withUnsafeBytes { blob($0) }
  }

  mutating func id(_ id: EventID) {
    withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { blob($0) }
  }

  mutating func digest(_ digest: ContentDigest) {
    digest.withRawBytes { blob($0) }
  }
}

/// Reads the columns of the current row, first to last.
struct SQLColumns {
  private let handle: OpaquePointer
  private var index: Int32 = -1

  init(_ handle: OpaquePointer) { self.handle = handle }

  private mutating func next() -> Int32 {
    index += 1
    return index
  }

  private mutating func nextUnlessNull() -> Int32? {
    let column = next()
    return sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : column
  }

  mutating func integer() -> Int64 { sqlite3_column_int64(handle, next()) }

  mutating func optionalInteger() -> Int64? { nextUnlessNull().map { sqlite3_column_int64(handle, $0) } }

  mutating func time() -> Timestamp { Timestamp(milliseconds: integer()) }

  mutating func optionalTime() -> Timestamp? { optionalInteger().map { Timestamp(milliseconds: $0) } }

  mutating func optionalReal() -> Double? { nextUnlessNull().map { sqlite3_column_double(handle, $0) } }

  mutating func text() -> String { optionalText() ?? "" }

  mutating func optionalText() -> String? {
    guard let column = nextUnlessNull() else { return nil }
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
  }

  /// - Parameter body: sees the bytes only while it runs; no bytes when the column is NULL.
  mutating func withBlob<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let column = next()
    let start = sqlite3_column_blob(handle, column)
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
  }

  /// - Returns: nil when the column does not hold 16 bytes.
  mutating func id() -> EventID? {
    withBlob { bytes in
      guard bytes.count == 16 else { return nil }
      let high = bytes.loadUnaligned(as: UInt64.self)
      return EventID(high: UInt64(bigEndian: high), low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  /// - Returns: nil when the column does not hold 32 bytes.
  mutating func digest() -> ContentDigest? { withBlob { ContentDigest(raw: $0) } }
}
