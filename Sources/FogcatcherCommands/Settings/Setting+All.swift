import EventCoding
import EventReceiver
import Logging

extension Setting {
  /// Every setting there is, in the order in which people meet them.
  static let all: [Setting] = places + limits + times + behaviour + logs

  static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  private static let places: [Setting] = [
    Setting(
      list: "listen", \.listen, of: .address(), countMin: 1, elements: { $0 }, collect: { $0 },
      "Address to listen on; give several to listen on several."),
    Setting("data", \.dataDirectory, .path(), "Directory that everything is kept in; made when it is missing."),
  ]

  private static let limits: [Setting] = [
    Setting(
      "body-max", \.receiver.bodyBytesMax, .bytes(1 << 10...1 << 30), "Largest body of one event request, also after decompression (413)."),
    Setting("other-body-max", \.receiver.otherBodyBytesMax, .bytes(1 << 10...64 << 20), "Largest body of any other request (413)."),
    Setting(
      "bodies-in-flight-max", \.receiver.bodiesInFlightBytesMax, .bytes(1 << 20...64 << 30),
      "Memory for the bodies of all requests together; the rest waits in the network."),
    Setting("header-max", \.receiver.headerBytesMax, .bytes(1 << 10...1 << 20), "Largest request header (431)."),
    Setting("header-count-max", \.receiver.headerCountMax, .integer(8...10_000), "Most header fields in a request (431)."),
    Setting("json-depth-max", \.receiver.jsonDepthMax, .integer(1...512), "Deepest nesting of JSON."),
    Setting("form-parts-max", \.receiver.formPartsMax, .integer(1...100_000), "Most parts in a form."),
    Setting("connections-max", \.receiver.connectionsMax, .integer(1...1_000_000), "Most open connections per listen address."),
    Setting(
      "body-rate-min", \.receiver.bodyBytesPerSecondMin, .bytes(1...1 << 30), "Slowest body, per second, after a grace of body-stall."),
    Setting(
      "disk-reserve", \.receiver.diskReserveBytes, .bytes(0...1 << 50),
      "Disk space that stays free: below it senders get 507 and nothing is stored."),
    Setting("quarantine-max", \.quarantineBytesMax, .bytes(64 << 10...1 << 50), "Size of the quarantine; the oldest requests go first."),
    Setting("quarantine-count-max", \.quarantineEntriesMax, .integer(1...10_000_000), "Most requests in the quarantine."),
    Setting(
      "volume-max", \.volumeBytesMax, .bytes(1 << 20...31 << 30), "Size at which a volume of pictures is closed and the next one begun."),
  ]

  private static let times: [Setting] = [
    Setting(
      "header-timeout", \.receiver.headerReadTimeout, .duration(.milliseconds(100) ... .seconds(600)), "Time for a request's header."),
    Setting(
      "body-stall", \.receiver.bodyStallTimeout, .duration(.milliseconds(100) ... .seconds(3600)), "Time without a byte of the body."),
    Setting(
      "keep-alive", \.receiver.keepAliveIdleTimeout, .duration(.milliseconds(100) ... .seconds(86_400)),
      "Time between two requests of a connection."),
    Setting(
      "linger", \.receiver.lingerTimeout, .duration(.milliseconds(100) ... .seconds(60)),
      "How long a refused sender's bytes are still read, so that it gets to read the answer."),
    Setting(
      "admission-wait", \.receiver.admissionWaitMax, .duration(.milliseconds(100) ... .seconds(600)),
      "How long a request waits for memory before it is answered 503."),
    Setting(
      "stop-grace", \.receiver.shutdownBodyTimeout, .duration(.milliseconds(100) ... .seconds(8)),
      "Time for bodies on their way when stopping."),
    Setting("retry-after", \.receiver.retryAfterSeconds, .integer(1...86_400), "Seconds that 503 and 507 ask senders to wait."),
  ]

  private static let behaviour: [Setting] = [
    Setting(
      "on-unreadable", \.receiver.onUnreadable, .choice(),
      "What a request that cannot be read is answered: reject (4xx) or accept (200). It is kept in the quarantine either way."),
    Setting(
      "strict", \.receiver.isStrict, .boolean(),
      "Refuse events without required fields or with undecodable pictures (422) instead of a warning."),
    Setting(
      list: "aliases", \.receiver.aliases, of: .alias(),
      elements: { $0.sorted { $0.key < $1.key }.map { Alias(path: $0.key, kind: $0.value) } },
      collect: { Dictionary($0.map { ($0.path, $0.kind) }) { _, last in last } },
      "Further path and what it takes: /getRecord=history."),
    Setting("event-loops", \.eventLoops, .integer(0...64), "Threads that read requests; 0 for one per core."),
  ]

  private static let logs: [Setting] = [
    Setting("log-level", \.logLevel, .choice(), "Least severe log lines to print."),
    Setting("log-format", \.logFormat, .choice(), "Log lines as text or as JSON."),
    Setting("access-log", \.receiver.accessLog, .boolean(), "One log line per request."),
  ]
}

/// One pair of the setting `aliases`.
struct Alias: Sendable {
  var path: String
  var kind: RouteKind
}

extension SettingValue where Value == Alias {
  static func alias() -> SettingValue {
    SettingValue(
      rule: "/path=history, /path=realtime or /path=status", placeholder: "path=kind",
      read: { text in
        guard let sign = text.lastIndex(of: "="), let kind = RouteKind(rawValue: text[text.index(after: sign)...].lowercased()) else {
          return nil
        }
        let path = text[..<sign]
        return path.hasPrefix("/") && path.utf8.count > 1 ? Alias(path: String(path), kind: kind) : nil
      }, write: { "\($0.path)=\($0.kind.rawValue)" })
  }
}
