public import FaceEvents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The two clocks of forwarding. Waiting goes by the monotonic one, so that setting the wall clock neither stalls nor hurries anything; the
/// wall clock is for people and for dates that targets send.
public struct ForwarderClock: Sendable {
  /// Since any moment; never goes back.
  public var monotonic: @Sendable () -> Duration
  public var wall: @Sendable () -> Timestamp

  public init(monotonic: @escaping @Sendable () -> Duration, wall: @escaping @Sendable () -> Timestamp) {
    self.monotonic = monotonic
    self.wall = wall
  }

  public static let system: ForwarderClock = {
    let start = ContinuousClock.now
    return ForwarderClock(monotonic: { ContinuousClock.now - start }, wall: { systemTime() })
  }()

  private static func systemTime() -> Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
  }
}
