import EventReceiver
import Logging

/// Everything that `fogcatcher serve` can be told. ``Setting/all`` names each property, its range and its help.
struct ServeSettings: Sendable {
  var listen = [ListenAddress(host: "0.0.0.0", port: 9528)]
  var dataDirectory = "./data"
  var receiver = ReceiverSettings()
  var quarantineBytesMax: Int64 = 256 << 20
  var quarantineEntriesMax = 10_000
  var volumeBytesMax: Int64 = 1 << 30
  /// Threads that read and answer requests; 0 for one per core.
  var eventLoops = 0
  var logLevel = Logger.Level.info
  var logFormat = LogFormat.text
}

extension ServeSettings {
  /// What does not fit together although each value for itself is allowed. For the operator.
  var contradictions: [String] {
    var found: [String] = []
    if receiver.bodiesInFlightBytesMax < receiver.bodyBytesMax {
      found.append(
        "bodies-in-flight-max (\(ByteSize.text(receiver.bodiesInFlightBytesMax))) is less than body-max "
          + "(\(ByteSize.text(receiver.bodyBytesMax))): it must hold at least one body")
    }
    if Set(listen.filter { $0.port != 0 }).count < listen.count(where: { $0.port != 0 }) {
      found.append("listen names an address twice")
    }
    // The receiver's own rules, for example about the paths of aliases.
    return found.isEmpty ? receiver.problems : found
  }
}
