import Logging
import NIOCore

/// What all connections share.
struct IntakeEnvironment: Sendable {
  let receiver: EventReceiver
  let limits: IntakeStateMachine.Limits

  /// - Parameter limits: nil for those of the receiver's settings.
  init(_ receiver: EventReceiver, limits: IntakeStateMachine.Limits? = nil) {
    self.receiver = receiver
    self.limits = limits ?? IntakeStateMachine.Limits(receiver.settings)
  }

  var settings: ReceiverSettings { receiver.settings }
  var admission: BodyAdmission { receiver.admission }
  var metrics: ReceiverMetrics { receiver.metrics }
  var logger: Logger { receiver.logger }

  /// How often a connection looks at its limits: a quarter of the shortest, at most every second.
  var tick: TimeAmount {
    let shortest = [
      limits.headerRead, limits.bodyStall, limits.idle, limits.admissionWait, limits.linger, limits.shutdownBody,
      TimeAmount(settings.answerStallTimeout),
    ].min()
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
