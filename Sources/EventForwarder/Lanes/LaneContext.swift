import EventCoding
import FaceEvents
import Logging

/// What every lane of a target works with.
struct LaneContext: Sendable {
  let handle: TargetHandle
  /// The settings that this run goes by, and their version: when the handle has another one, the run ends.
  let target: ForwardTarget
  let version: Int
  let services: ForwarderServices

  var isCurrent: Bool { handle.isCurrent(version) }
  var now: Duration { services.clock.monotonic() }

  /// Runs `body`, and cancels it when the settings change or the node stops. Nobody else may wait for the handle's signal meanwhile.
  func whileCurrent(_ body: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await body() }
      tasks.addTask { while isCurrent, !Task.isCancelled { await handle.signal.wait() } }
      await tasks.next()
      tasks.cancelAll()
    }
  }

  /// Stops delivery until a person has looked at the target.
  func pause(reason: String) async {
    services.logger.error("target paused: events wait until it is resumed", metadata: ["target": "\(target.id)", "reason": "\(reason)"])
    let pause = TargetPause(reason: reason, at: services.clock.wall(), isAutomatic: true)
    do {
      _ = try await services.targets.setPause(pause, ofTarget: target.id)
    } catch {
      services.logger.error("the pause of a target could not be stored", metadata: ["target": "\(target.id)", "cause": "\(error)"])
    }
    handle.change { $0.pause = pause }
  }
}

/// The stores and clocks of the node.
struct ForwarderServices: Sendable {
  let targets: any TargetStore
  let log: any EventLog
  let pictures: any PictureStore
  let cursors: CursorBook
  let clock: ForwarderClock
  let logger: Logger
  let userAgent: String
  let status: NodeStatus

  func poster(_ target: ForwardTarget, _ client: TargetClient) -> EventPoster {
    EventPoster(
      client: client,
      rendering: .init(format: target.format, pictures: target.pictures, offPicture: target.offPicture), pictures: pictures,
      wallClock: clock.wall)
  }
}
