import FaceEvents
public import Hummingbird
import NIOCore

extension BoxConfiguration {
  private static let bodyBytesMax = 1 << 20

  /// `GET` and `POST` of `/SophonFogSys/api/HistoryEventUrl`, `EventServerUrl` and `MonitorServerUrl` (protocol.md 5.1 to 5.3).
  public func addRoutes<Context: RequestContext>(to router: Router<Context>) {
    add(HistoryServers.self, to: router) { HistoryAnswer(servers: $0) }
    add(RealtimeServers.self, to: router) { $0 }
    add(StatusServer.self, to: router) { _ in "ok" }
  }

  /// - Parameter answer: what `data` of a POST's answer is.
  private func add<Servers: BoxServers, Context: RequestContext>(
    _: Servers.Type, to router: Router<Context>, answer: @escaping @Sendable (Servers) -> any Encodable & Sendable
  ) {
    let path = RouterPath("/SophonFogSys/api/\(Servers.path)")
    router.get(path) { _, _ in try Response.json(Envelope(data: try await current(Servers.self))) }
    router.post(path) { request, _ in
      guard (try? CrossSite.check(request.headers, authority: request.head.authority)) != nil else { throw BoxConfigurationError.crossSite }
      let body = try await request.body.collect(upTo: Self.bodyBytesMax)
      let fields = try ConfigurationFields(body: Array(body.readableBytesView), contentType: request.headers[.contentType])
      return try Response.json(Envelope(data: AnyEncodable(answer(try await replace(try Servers(fields))))))
    }
  }
}

private struct Envelope<Content: Encodable>: Encodable {
  var data: Content
}

private struct AnyEncodable: Encodable {
  private let value: any Encodable

  init(_ value: any Encodable) { self.value = value }

  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// The fields again, with a word in front.
private struct HistoryAnswer: Encodable, Sendable {
  var servers: HistoryServers

  private enum CodingKeys: String, CodingKey {
    case message
  }

  func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode("ok", forKey: .message)
    try servers.encode(to: encoder)
  }
}
