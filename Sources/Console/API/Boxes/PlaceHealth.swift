import FaceEvents

/// Whether a box or an endpoint speaks as it should, from what it said.
struct PlaceHealth {
  /// A box that reports its status does so every few seconds.
  private static let silenceWithStatus: Int64 = 5 * 60_000
  /// What sends events alone may see nobody all night.
  private static let silenceWithoutStatus: Int64 = 24 * 3_600_000
  private static let clockMax: UInt64 = 2 * 60_000

  /// When it spoke last, if that is longer ago than is usual for it.
  let silentSince: Timestamp?
  let silentMilliseconds: Int64
  /// How far its clock is off, if that is more than delays explain; negative when ahead.
  let clockDifferenceMilliseconds: Int64?

  init(_ box: BoxRecord, now: Timestamp) {
    let silenceMax = box.lastStatusAt == nil ? Self.silenceWithoutStatus : Self.silenceWithStatus
    self.init(box.lastReceivedAt, silenceMax: silenceMax, clock: box.clockDifferenceMilliseconds, now: now)
  }

  init(_ endpoint: EndpointRecord, now: Timestamp) {
    self.init(
      endpoint.lastReceivedAt, silenceMax: Self.silenceWithoutStatus, clock: endpoint.clockDifferenceMilliseconds, now: now)
  }

  private init(_ last: Timestamp?, silenceMax: Int64, clock: Int64?, now: Timestamp) {
    silentMilliseconds = last.map { now.milliseconds - $0.milliseconds } ?? 0
    silentSince = silentMilliseconds > silenceMax ? last : nil
    clockDifferenceMilliseconds = clock.flatMap { $0.magnitude > Self.clockMax ? $0 : nil }
  }
}
