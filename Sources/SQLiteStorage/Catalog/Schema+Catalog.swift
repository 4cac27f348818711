import GRDB

extension Schema {
  /// What reading at ten million events needs.
  ///
  /// A `stratum` is a set of events that agree in everything that has few values. `event_stratum` has the events of each in the order of
  /// time, so that any combination of box, endpoint, class, form, warnings, score and lane is a merge of a few walks that pass over
  /// nothing. It takes the place of the indexes by class and by endpoint.
  ///
  /// The events of a person are few, so what else is asked for of them is checked; behind the columns that it is sought by, their index has
  /// what most of these checks need. The sequence in between keeps the order within a millisecond.
  static let catalogColumns = """
    ALTER TABLE event ADD COLUMN has_warnings INTEGER GENERATED ALWAYS AS (warnings IS NOT NULL) VIRTUAL;
    ALTER TABLE event ADD COLUMN score_quarter INTEGER GENERATED ALWAYS AS (\(ScoreQuarter.sql)) VIRTUAL;

    CREATE INDEX event_stratum ON event (endpoint, person_class, form, has_warnings, score_quarter, lane, time);
    DROP INDEX event_person;
    CREATE INDEX event_person ON event (person_id, lane, time, sequence, endpoint, person_class, form)
      WHERE person_id IS NOT NULL AND person_id <> '';
    DROP INDEX event_class;
    DROP INDEX event_endpoint;
    DROP TABLE class_tally;
    """

  /// `last_sequence` is that of the event stored last.
  ///
  /// `hour_tally` counts by the hour of event time, in hours since 1970. Endpoint 0 stands for all of them together. The hour comes first in
  /// the key, so that what is counted now is on one page or two, whatever the number of endpoints.
  ///
  /// `name_part` turns a part of a name into the beginning of one of its rests, in small letters (NameParts), and `person_name` a name into
  /// those who have it: a name has as many parts as letters, so they are written once and not for each person.
  static let catalogTables = """
    CREATE TABLE stratum (
      endpoint INTEGER NOT NULL REFERENCES endpoint (key),
      person_class INTEGER NOT NULL CHECK (person_class BETWEEN 1 AND 7),
      form TEXT NOT NULL,
      has_warnings INTEGER NOT NULL CHECK (has_warnings IN (0, 1)),
      score_quarter INTEGER NOT NULL CHECK (score_quarter BETWEEN 0 AND 4),
      lane INTEGER NOT NULL CHECK (lane IN (1, 2)),
      event_count INTEGER NOT NULL CHECK (event_count > 0),
      first_time INTEGER NOT NULL,
      last_time INTEGER NOT NULL CHECK (last_time >= first_time),
      last_sequence INTEGER NOT NULL,
      PRIMARY KEY (endpoint, person_class, form, has_warnings, score_quarter, lane)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hour_tally (
      hour INTEGER NOT NULL,
      endpoint INTEGER NOT NULL CHECK (endpoint >= 0),
      lane INTEGER NOT NULL CHECK (lane IN (1, 2)),
      person_class INTEGER NOT NULL CHECK (person_class BETWEEN 1 AND 7),
      event_count INTEGER NOT NULL CHECK (event_count > 0),
      PRIMARY KEY (hour, endpoint, lane, person_class)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE name_part (
      text TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (text, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE id_beginning (
      text TEXT NOT NULL,
      person_id TEXT NOT NULL,
      PRIMARY KEY (text, person_id)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX person_name ON person (name);

    CREATE INDEX person_seen ON person (person_class, last_seen);
    """

  /// Checking a score or a person on the row itself costs five to ten times as much as in the index that the walk reads anyway. The sequence
  /// stands before what is only checked, so that the order within a millisecond stays.
  static let scoresInIndexes = """
    DROP INDEX event_stratum;
    CREATE INDEX event_stratum ON event (
      endpoint, person_class, form, has_warnings, score_quarter, lane, time, sequence, score, score_scale, person_id);
    DROP INDEX event_person;
    CREATE INDEX event_person ON event (person_id, lane, time, sequence, endpoint, person_class, form, score, score_scale)
      WHERE person_id IS NOT NULL AND person_id <> '';
    """
}
