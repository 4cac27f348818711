/// What a bench does, and how far it may go.
struct BenchPlan: Sendable {
  /// Of the receive phase; the others follow from it.
  var duration = Duration.seconds(30)
  var connections = 32
  /// 0 for events without this picture.
  var referenceBytes = 30_000
  var sceneBytes = 90_000
  var format = SendForm.json
  /// Most bytes that the node's data may take.
  var bytesMax: Int64 = 8 << 30

  /// What the row of an event takes in database and log, generously.
  static let rowBytes = 4_096
  /// The node's own reserve of 512 MiB, below which it refuses events, and as much for everybody else.
  static let reserveBytes: Int64 = 1 << 30
  /// What a box reports at most: rounds of 100 events every five seconds.
  static let boxEventsPerSecond = 20

  var pictureBytes: Int { referenceBytes + sceneBytes }

  var eventsMax: Int { max(1, Int(bytesMax) / (pictureBytes + Self.rowBytes)) }

  /// What has to be free before anything is written.
  var bytesNeeded: Int64 { bytesMax + Self.reserveBytes }

  /// What one commit appends in a closed loop, where all connections wait for the same one; rows alone are some pages of SQLite's log.
  var batchBytes: Int { min(32 << 20, max(64 << 10, connections * pictureBytes)) }

  var diskDuration: Duration { duration / 6 }
  /// The file is removed before the node starts, so this does not add to ``bytesMax``.
  var diskBytesMax: Int64 { bytesMax / 4 }

  var readDuration: Duration { duration / 2 }
  /// Readers are browsers and programs, not boxes: few.
  var readConnections: Int { min(connections, 8) }
}
