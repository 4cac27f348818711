extension Schema {
  /// `settings` is the JSON of a `ForwardTarget` without its pause, which the node changes by itself and therefore has columns. A cursor is
  /// a row of its own so that the once-a-second write of all of them touches one page. The foreign keys take what belongs to a target with
  /// it; rows of events may go while events are parked, so `event` is not referred to.
  static let forwardTargets = """
    CREATE TABLE target (
      id TEXT PRIMARY KEY CHECK (id <> ''),
      position INTEGER NOT NULL UNIQUE,
      settings TEXT NOT NULL,
      pause_reason TEXT,
      paused_at INTEGER,
      pause_is_automatic INTEGER CHECK (pause_is_automatic IN (0, 1)),
      CHECK ((pause_reason IS NULL) = (paused_at IS NULL) AND (pause_reason IS NULL) = (pause_is_automatic IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE target_cursor (
      target TEXT PRIMARY KEY REFERENCES target (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL CHECK (sequence >= 0)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE parked_event (
      target TEXT NOT NULL REFERENCES target (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL,
      event_id BLOB CHECK (length(event_id) = 16),
      http_status INTEGER,
      reason TEXT NOT NULL,
      excerpt TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      parked_at INTEGER NOT NULL,
      is_replaying INTEGER NOT NULL CHECK (is_replaying IN (0, 1)),
      PRIMARY KEY (target, sequence)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX parked_event_sequence ON parked_event (sequence, target);
    CREATE INDEX parked_event_replaying ON parked_event (target, sequence) WHERE is_replaying = 1;
    """
}
