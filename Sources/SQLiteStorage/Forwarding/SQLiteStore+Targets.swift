public import FaceEvents
import Dispatch
import FoundationEssentials
import GRDB

extension SQLiteStore: TargetStore {
  public func targets() async throws(StorageError) -> [ForwardTarget] {
    try await read("read the targets") { db in
      var targets: [ForwardTarget] = []
      let sql = "SELECT id, settings, pause_reason, paused_at, pause_is_automatic FROM target ORDER BY position"
      try SQLStatement(cached: sql, db).rows({ _ in }) { columns in
        let id = columns.text()
        guard var target = TargetSettings.decode(columns.text()) else {
          throw StorageError.damaged("the settings of target \(id) cannot be read; remove it and add it again")
        }
        target.pause = columns.pause()
        targets.append(target)
        return true
      }
      return targets
    }
  }

  public func save(_ target: ForwardTarget, start: TargetStart) async throws(StorageError) {
    guard let settings = TargetSettings.encode(target) else {
      throw .failed("the settings of target \(target.id) cannot be written: a number in them is not finite")
    }
    try await inTransaction("save a target") { db in
      try SQLStatement(cached: TargetSQL.save, db).run { parameters in
        parameters.text(target.id)
        parameters.text(settings)
        parameters.pause(target.pause)
      }
      let sequence = try Self.sequence(of: start, db)
      try SQLStatement(cached: TargetSQL.addCursor, db).run { parameters in
        parameters.text(target.id)
        parameters.integer(sequence)
      }
    }
  }

  public func removeTarget(_ id: String) async throws(StorageError) -> Bool {
    try await inTransaction("remove a target") { db in
      try SQLStatement(cached: "DELETE FROM target WHERE id = ?", db).run { $0.text(id) }
      return db.changesCount > 0
    }
  }

  public func setPause(_ pause: TargetPause?, ofTarget id: String) async throws(StorageError) -> Bool {
    try await inTransaction("pause a target") { db in
      try SQLStatement(cached: TargetSQL.setPause, db).run { parameters in
        parameters.pause(pause)
        parameters.text(id)
      }
      return db.changesCount > 0
    }
  }

  public func cursors() async throws(StorageError) -> [String: Int64] {
    try await read("read the cursors") { db in
      var cursors: [String: Int64] = [:]
      try SQLStatement(cached: "SELECT target, sequence FROM target_cursor", db).rows({ _ in }) { columns in
        let target = columns.text()
        cursors[target] = columns.integer()
        return true
      }
      return cursors
    }
  }

  public func advanceCursors(_ cursors: [String: Int64]) async throws(StorageError) {
    guard !cursors.isEmpty else { return }
    try await inTransaction("save the cursors") { db in
      let statement = try SQLStatement(cached: "UPDATE target_cursor SET sequence = max(sequence, ?1) WHERE target = ?2", db)
      for (target, sequence) in cursors {
        try statement.run { parameters in
          parameters.integer(sequence)
          parameters.text(target)
        }
      }
    }
  }

  public func setStart(_ start: TargetStart, ofTarget id: String) async throws(StorageError) -> Bool {
    try await inTransaction("move a cursor") { db in
      let sequence = try Self.sequence(of: start, db)
      try SQLStatement(cached: "UPDATE target_cursor SET sequence = ?1 WHERE target = ?2", db).run { parameters in
        parameters.integer(sequence)
        parameters.text(id)
      }
      return db.changesCount > 0
    }
  }

  private static func sequence(of start: TargetStart, _ db: Database) throws -> Int64 {
    switch start {
    case .beginning: 0
    case .end: try SQLStatement(cached: EventLogSQL.latest, db).only { _ in }
    case .after(let sequence): max(0, sequence)
    }
  }

  /// On the writing connection, at stable storage when it returns. Waits for the writer on a queue of its own: the commits of events may
  /// take long, and a thread of the caller's pool must not wait with them.
  func inTransaction<Result: Sendable>(_ operation: String, _ body: @escaping @Sendable (Database) throws -> Result)
    async throws(StorageError) -> Result
  {
    let result: Swift.Result<Result, StorageError> = await withCheckedContinuation { continuation in
      steeringQueue.async { [self] in
        continuation.resume(
          returning: Swift.Result { () throws(StorageError) -> Result in
            try write(operation) { db in
              var result: Result?
              try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
              }
              guard let result else { throw StorageError.failed("\(operation): the transaction did not run") }
              return result
            }
          })
      }
    }
    return try result.get()
  }
}

/// Targets as the JSON in their rows.
private enum TargetSettings {
  static func encode(_ target: ForwardTarget) -> String? {
    var target = target
    target.pause = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(target)).map { String(decoding: $0, as: UTF8.self) }
  }

  static func decode(_ text: String) -> ForwardTarget? { try? JSONDecoder().decode(ForwardTarget.self, from: Data(text.utf8)) }
}

private enum TargetSQL {
  static let save = """
    INSERT INTO target (id, position, settings, pause_reason, paused_at, pause_is_automatic)
    VALUES (?, (SELECT ifnull(max(position), 0) + 1 FROM target), ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
      settings = excluded.settings, pause_reason = excluded.pause_reason, paused_at = excluded.paused_at,
      pause_is_automatic = excluded.pause_is_automatic
    """
  static let addCursor = "INSERT INTO target_cursor (target, sequence) VALUES (?, ?) ON CONFLICT (target) DO NOTHING"
  static let setPause = "UPDATE target SET pause_reason = ?, paused_at = ?, pause_is_automatic = ? WHERE id = ?"
}

extension SQLParameters {
  fileprivate mutating func pause(_ pause: TargetPause?) {
    text(pause?.reason)
    integer(pause?.atMilliseconds)
    integer(pause.map { $0.isAutomatic ? 1 : 0 })
  }
}

extension SQLColumns {
  fileprivate mutating func pause() -> TargetPause? {
    let reason = optionalText()
    let time = time()
    let isAutomatic = integer() != 0
    return reason.map { TargetPause(reason: $0, at: time, isAutomatic: isAutomatic) }
  }
}
