import GRDB

/// The tables, as named steps that are only ever appended: a step that has been released is never edited.
///
/// Times are milliseconds since 1970 (UTC); `seen` is event time, `received` is arrival time. Ids and digests are big-endian BLOBs.
/// A `lane` is 1 (history) or 2 (realtime). Every index that serves a list has `lane, time` behind what it is for: the lanes are kept apart to
/// the end, so that a rare realtime event is found among millions of history ones, and a list over both merges two walks of one index.
/// SQLite ends every index with the row's `sequence`, which makes pages by (time, sequence) a seek.
enum Schema {
  static let first = "1 events, boxes, people, quarantine"

  static let forwarding = "2 targets, cursors, parked events"

  static let catalog = "3 strata, counts by hour, names by their parts"

  static let scores = "4 scores in the indexes"

  /// What this program knows, oldest first.
  static let known = [first, forwarding, catalog, scores]

  static func migrator() -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration(first, foreignKeyChecks: .immediate) { db in
      try db.execute(sql: boxes)
      try db.execute(sql: events)
      try db.execute(sql: people)
      try db.execute(sql: pictures)
      try db.execute(sql: statusReports)
      try db.execute(sql: quarantine)
      try db.execute(sql: housekeeping)
    }
    migrator.registerMigration(forwarding, foreignKeyChecks: .immediate) { db in try db.execute(sql: forwardTargets) }
    migrator.registerMigration(catalog, foreignKeyChecks: .immediate) { db in
      try db.execute(sql: catalogColumns)
      try db.execute(sql: catalogTables)
      try CatalogFilling.run(db)
    }
    migrator.registerMigration(scores, foreignKeyChecks: .immediate) { db in try db.execute(sql: scoresInIndexes) }
    return migrator
  }

  /// `uuid`, `address`, `name` and `kind` of an endpoint, and the counts of both, sum up the events; each event has its own. Events without
  /// an endpoint belong to one whose `id` is NULL, so that a box's events are those of its endpoints: it needs no index of its own.
  private static let boxes = """
    CREATE TABLE box (
      key INTEGER PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      origin INTEGER NOT NULL CHECK (origin BETWEEN 1 AND 4),
      source_address TEXT,
      first_seen INTEGER,
      last_seen INTEGER,
      last_received_at INTEGER,
      event_count INTEGER NOT NULL DEFAULT 0 CHECK (event_count >= 0),
      last_status_at INTEGER,
      last_status INTEGER
    ) STRICT;

    CREATE TABLE endpoint (
      key INTEGER PRIMARY KEY,
      box INTEGER NOT NULL REFERENCES box (key),
      id TEXT,
      uuid TEXT,
      address TEXT,
      name TEXT,
      kind TEXT,
      first_seen INTEGER,
      last_seen INTEGER,
      event_count INTEGER NOT NULL DEFAULT 0 CHECK (event_count >= 0),
      UNIQUE (box, id)
    ) STRICT;

    CREATE INDEX endpoint_id ON endpoint (id);
    """

  /// `sequence` is the commit order; it comes from the table `counter`, so that it is never reused. `checksum` is of digest, pictures and
  /// original (RowChecksum), which together are the record; everything else can be read out of it again. Both stand last, because large
  /// values spill to pages of their own that a look at the other columns then does not touch.
  private static let events = """
    CREATE TABLE event (
      sequence INTEGER PRIMARY KEY,
      id BLOB NOT NULL CHECK (length(id) = 16),
      lane INTEGER NOT NULL CHECK (lane IN (1, 2)),
      content_digest BLOB NOT NULL CHECK (length(content_digest) = 32),
      form TEXT NOT NULL,
      encoding INTEGER NOT NULL,
      time INTEGER NOT NULL,
      has_own_time INTEGER NOT NULL CHECK (has_own_time IN (0, 1)),
      received_at INTEGER NOT NULL,
      entered_at INTEGER,
      left_at INTEGER,
      person_id TEXT,
      person_name TEXT,
      person_class INTEGER NOT NULL CHECK (person_class BETWEEN 1 AND 7),
      group_name TEXT,
      score REAL,
      score_scale INTEGER CHECK ((score IS NULL) = (score_scale IS NULL)),
      box INTEGER NOT NULL REFERENCES box (key),
      box_origin INTEGER NOT NULL CHECK (box_origin BETWEEN 1 AND 4),
      endpoint INTEGER NOT NULL REFERENCES endpoint (key),
      endpoint_uuid TEXT,
      endpoint_address TEXT,
      endpoint_name TEXT,
      endpoint_kind TEXT,
      action TEXT,
      source_address TEXT NOT NULL,
      source_path TEXT NOT NULL,
      source_query TEXT,
      warnings TEXT,
      checksum INTEGER NOT NULL,
      pictures BLOB,
      original BLOB NOT NULL
    ) STRICT;

    CREATE UNIQUE INDEX event_id ON event (id, lane);
    CREATE INDEX event_time ON event (lane, time);
    CREATE INDEX event_class ON event (person_class, lane, time);
    CREATE INDEX event_person ON event (person_id, lane, time) WHERE person_id IS NOT NULL AND person_id <> '';
    CREATE INDEX event_endpoint ON event (endpoint, lane, time);
    """

  /// One row per `identity_id` that is not a stranger's.
  private static let people = """
    CREATE TABLE person (
      person_id TEXT PRIMARY KEY CHECK (person_id <> ''),
      name TEXT,
      person_class INTEGER NOT NULL CHECK (person_class BETWEEN 1 AND 7),
      group_name TEXT,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL CHECK (last_seen >= first_seen),
      event_count INTEGER NOT NULL CHECK (event_count > 0),
      picture_time INTEGER,
      picture_digest BLOB CHECK (length(picture_digest) = 32),
      picture_byte_count INTEGER,
      picture_volume INTEGER,
      picture_offset INTEGER,
      CHECK ((picture_time IS NULL) = (picture_digest IS NULL))
    ) STRICT, WITHOUT ROWID;
    """

  /// `mark`: how far rows refer to the volume. Offsets and marks are unsigned 64-bit numbers in SQLite's signed ones.
  private static let pictures = """
    CREATE TABLE reference_picture (
      digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
      volume INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      byte_count INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE picture_volume (
      volume INTEGER PRIMARY KEY,
      mark INTEGER NOT NULL
    ) STRICT;
    """

  private static let statusReports = """
    CREATE TABLE status_report (
      sequence INTEGER PRIMARY KEY,
      box INTEGER NOT NULL REFERENCES box (key),
      box_origin INTEGER NOT NULL CHECK (box_origin BETWEEN 1 AND 4),
      form TEXT NOT NULL,
      encoding INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      source_address TEXT NOT NULL,
      source_path TEXT NOT NULL,
      source_query TEXT,
      warnings TEXT,
      original BLOB NOT NULL
    ) STRICT;

    CREATE INDEX status_report_box ON status_report (box, received_at);
    """

  /// The bodies are files; `byte_count` is what was sent, `stored_byte_count` what is in the file (less for an oversized body).
  private static let quarantine = """
    CREATE TABLE quarantine (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
      reason TEXT NOT NULL,
      content_type TEXT,
      source_address TEXT NOT NULL,
      source_path TEXT NOT NULL,
      source_query TEXT,
      byte_count INTEGER NOT NULL,
      stored_byte_count INTEGER NOT NULL CHECK (stored_byte_count BETWEEN 0 AND byte_count),
      first_received_at INTEGER NOT NULL,
      last_received_at INTEGER NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0)
    ) STRICT;

    CREATE INDEX quarantine_age ON quarantine (last_received_at, stored_byte_count);
    """

  /// `counter`: the last sequence given to an event and to a status report, and how many quarantine entries had to go. A later
  /// step drops `class_tally` again.
  private static let housekeeping = """
    CREATE TABLE counter (
      name TEXT PRIMARY KEY,
      value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    INSERT INTO counter (name, value) VALUES ('event', 0), ('status_report', 0), ('quarantine_evicted', 0);

    CREATE TABLE class_tally (
      person_class INTEGER PRIMARY KEY,
      event_count INTEGER NOT NULL CHECK (event_count > 0)
    ) STRICT;

    CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
