import Logging
import NIOCore

/// What all connections share.
struct IntakeEnvironment: Sendable {
  var limits: IntakeStateMachine.Limits
  var bodyBytesMax: Int
  var otherBodyBytesMax: Int
  var routes: RouteTable
  var admission: BodyAdmission
  var metrics: ReceiverMetrics
  var logger: Logger

  /// How often a connection looks at its limits: a quarter of the shortest, at most every second.
  var tick: TimeAmount {
    let shortest = [limits.headerRead, limits.bodyStall, limits.idle, limits.admissionWait, limits.linger, limits.shutdownBody].min()
    return max(.milliseconds(10), min(.seconds(1), .nanoseconds((shortest ?? .seconds(4)).nanoseconds / 4)))
  }
}

extension IntakeStateMachine.Limits {
  init(_ settings: ReceiverSettings) {
    self.init(
      headerRead: TimeAmount(settings.headerReadTimeout), bodyStall: TimeAmount(settings.bodyStallTimeout),
      bodyBytesPerSecondMin: settings.bodyBytesPerSecondMin, idle: TimeAmount(settings.keepAliveIdleTimeout),
      admissionWait: TimeAmount(settings.admissionWaitMax), linger: TimeAmount(settings.lingerTimeout),
      shutdownBody: TimeAmount(settings.shutdownBodyTimeout),
      // Twice the greatest body: who sends one that is just too large gets to read why.
      lingerBytesMax: 2 * settings.bodyBytesMax)
  }
}
