extension SQLiteStore {
  /// The newest schema that this program reads and writes, as databases name it.
  public static var schemaName: String { Schema.known.last ?? "" }
}
