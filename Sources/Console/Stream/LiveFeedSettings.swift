/// Bounds of the live stream.
public struct LiveFeedSettings: Sendable {
  /// More are answered 503.
  public var listenersMax = 2_000
  /// Events that are kept in memory for listeners who are behind; older ones are read from the store.
  public var eventsMax = 10_000
  /// Bytes of their texts. The first of both bounds counts.
  public var bytesMax = 16 << 20
  /// Between two writes to listeners, which get everything since the last at once.
  public var flushPause = Duration.milliseconds(100)
  /// The same when there are more listeners than ``manyListeners``: each write costs a system call for each of them.
  public var flushPauseForMany = Duration.milliseconds(200)
  public var manyListeners = 100
  /// Without an event; a comment and a message of the type beat tell both ends that the other is there.
  public var heartbeat = Duration.seconds(15)

  public init() {}
}
