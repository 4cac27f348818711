import FaceEvents
import GRDB
import TestSupport
import Testing

@testable import SQLiteStorage

@Suite struct CatalogMigrationTests {
  private static let tables = ["stratum", "hour_tally", "name_part", "id_beginning", "counter"]

  /// A database as the version before made it, made from one of today: what the catalog added is taken away.
  private static let backToForwarding = """
    DROP INDEX event_stratum;
    DROP INDEX person_seen;
    DROP INDEX event_person;
    CREATE INDEX event_person ON event (person_id, lane, time) WHERE person_id IS NOT NULL AND person_id <> '';
    ALTER TABLE event DROP COLUMN has_warnings;
    ALTER TABLE event DROP COLUMN score_quarter;
    DROP TABLE stratum;
    DROP TABLE hour_tally;
    DROP TABLE name_part;
    DROP TABLE id_beginning;
    DROP INDEX person_name;
    DELETE FROM counter WHERE name = 'person';
    CREATE TABLE class_tally (person_class INTEGER PRIMARY KEY, event_count INTEGER NOT NULL CHECK (event_count > 0)) STRICT;
    INSERT INTO class_tally SELECT person_class, count(*) FROM event GROUP BY person_class;
    CREATE INDEX event_class ON event (person_class, lane, time);
    CREATE INDEX event_endpoint ON event (endpoint, lane, time);
    """

  private static func rows(_ store: SQLiteStore) async throws -> [String: [String]] {
    try await store.pool.read { db in
      var rows: [String: [String]] = [:]
      for table in tables { rows[table] = try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map(\.description).sorted() }
      return rows
    }
  }

  @Test func anOlderDatabaseIsFilledWithWhatItsEventsSay() async throws {
    try await withDirectory { directory in
      var store = try openStore(directory)
      _ = try await store.append(MixedEvents.all.map { .event($0, locations: []) })
      var early = SampleRecords.event("before 1970")
      early.time = Timestamp(milliseconds: -1)
      try await store.keep(early)
      let kept = try await Self.rows(store)
      try await store.pool.write { db in
        try db.execute(sql: Self.backToForwarding)
        try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier IN (?, ?)", arguments: [Schema.catalog, Schema.scores])
      }
      try store.close()

      var upgraded: [Int64] = []
      store = try SQLiteStore.open(directory: directory) {
        upgraded.append($0)
      } recordEnd: {
        sampleRecordEnd($0, $1)
      }
      defer { try? store.close() }
      #expect(upgraded == [Int64(MixedEvents.all.count + 1)], "it says how many events there are")
      let filled = try await Self.rows(store)
      for table in Self.tables {
        #expect(filled[table] == kept[table], "\(table)")
        #expect(filled[table]?.isEmpty == false, "\(table)")
      }
      #expect(try await store.integrityCheck() == [])
      try await store.keep(SampleRecords.event("after"))
      #expect(try await store.page(EventQuery()).entries.count == 100)
    }
  }
}
