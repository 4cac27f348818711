import FoundationEssentials

/// The parts of a target's URL that somebody other than the HTTP client needs.
public struct TargetURL: Sendable, Equatable {
  public var scheme: String
  public var host: String
  public var port: Int
  /// With the query.
  public var path: String
  public var user: String?
  public var password: String?

  /// Nil for what ``problem(_:)`` has something to say about.
  public init?(_ text: String) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host, !host.isEmpty,
      scheme == "http" || scheme == "https", parts.fragment == nil, (1...65_535).contains(parts.port ?? 80)
    else { return nil }
    self.scheme = scheme
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? (scheme == "https" ? 443 : 80)
    let query = parts.percentEncodedQuery.map { "?" + $0 } ?? ""
    path = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
    (user, password) = (parts.user, parts.password)
  }

  /// Without user and password, for the HTTP client.
  public var text: String { "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)" }

  /// What is wrong with the text, and what to do; nil for a URL that can be sent to. Does not repeat the text, which may hold a password.
  public static func problem(_ text: String) -> String? {
    guard text.utf8.count <= 2_048 else { return "is longer than 2048 bytes" }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return "holds a blank or a control character; write a blank as %20" }
    let lower = text.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
      return "is not a URL that begins with http:// or https://, such as http://192.0.2.7:9528/HistoryEvent"
    }
    guard !text.contains("#") else { return "has a part behind #, which is never sent; leave it out" }
    guard let url = TargetURL(text) else {
      return "is not a URL with a host and perhaps a port, such as http://192.0.2.7:9528/HistoryEvent"
    }
    return url.isMasked ? "has \(mask) where a password or token was; give the secret itself" : nil
  }

  /// What is shown for a secret.
  public static let mask = "***"

  /// Somebody has changed a URL as it is shown, in which the secrets are gone.
  private var isMasked: Bool {
    let query = path.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    return password == Self.mask || query.split(separator: "&").contains { $0.hasSuffix("=" + Self.mask) }
  }

  /// The text with `***` for a password and for the values of its query, which are where tokens stand; for showing.
  public static func masked(_ text: String) -> String {
    guard let url = TargetURL(text) else { return "(not a URL)" }
    let path = url.path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query =
      path.count < 2
      ? nil
      : path[1].split(separator: "&").map {
        $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)[0] + ($0.contains("=") ? "=" + mask : "")
      }
    let user = url.user.map { $0 + (url.password == nil ? "@" : ":\(mask)@") } ?? ""
    let host = url.host.contains(":") ? "[\(url.host)]" : url.host
    return "\(url.scheme)://\(user)\(host):\(url.port)\(path[0])" + (query.map { "?" + $0.joined(separator: "&") } ?? "")
  }
}

extension ForwardTarget {
  /// The target as it may be shown: passwords in URLs, values of queries and of headers are `***`.
  public var masked: ForwardTarget {
    var copy = self
    copy.urls = urls.map(TargetURL.masked)
    copy.headers = headers.map { TargetHeader(name: $0.name, value: TargetURL.mask) }
    return copy
  }
}

extension ForwardTarget: CustomStringConvertible, CustomReflectable {
  public var description: String { "target \(id) (\(lane.rawValue))" }
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

extension TargetHeader: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(name): ***" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
