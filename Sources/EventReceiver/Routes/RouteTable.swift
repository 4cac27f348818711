import EventCoding

/// Which paths take what (protocol.md 1.5). A path is known by its end, so that a base URL in front of it does no harm, and with or without
/// a slash behind it; an alias is known as a whole. Case counts.
struct RouteTable: Sendable {
  static let builtIn: [(path: String, kind: RouteKind)] = [
    ("/HistoryEvent", .history),
    ("/RealTimeEvent", .realtime),
    ("/SophonFogStatus", .status),
    ("/DeviceStatus", .status),
    ("/EventServer/api/SophonFogHistoryEvent", .history),
    ("/EventServer/api/HistoryEvent", .history),
    ("/EventServer/api/SophonFogRelEvent", .realtime),
    ("/EventServer/api/SophonFogStatus", .status),
    ("/MonitorServer/api/SophonFogStatus", .status),
  ]

  /// Paths that the program itself answers.
  private static let reserved: Set<String> = ["/", "/healthz", "/readyz", "/metrics"]
  /// Deeper paths are not searched for a known end.
  private static let segmentsMax = 16

  private let suffixes: [String: RouteKind]
  private let aliases: [String: RouteKind]

  init(aliases: [String: RouteKind]) {
    suffixes = Dictionary(uniqueKeysWithValues: Self.builtIn.map { ($0.path, $0.kind) })
    self.aliases = Dictionary(aliases.map { (Self.normal($0.key), $0.value) }) { first, _ in first }
  }

  static func problems(of aliases: [String: RouteKind]) -> [String] {
    aliases.keys.sorted().compactMap { path in
      if path.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace }) {
        return "alias \(path): a path has no query, fragment or blanks; a query is ignored when a request comes"
      }
      return reserved.contains(normal(path)) ? "alias \(path): the program itself answers this path" : nil
    }
  }

  /// Every path with what it takes, in the order of the documentation, then the aliases.
  var paths: [(path: String, kind: RouteKind)] {
    Self.builtIn + aliases.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What a request target asks for; nil when it is no event path.
  func route(of target: String) -> EventRoute? {
    let target = RequestTarget(target)
    return kind(of: target.path).map { EventRoute(kind: $0, target: target) }
  }

  func kind(of path: String) -> RouteKind? {
    if let kind = aliases[path] ?? suffixes[path] { return kind }
    guard path.utf8.count <= 1024 else { return nil }
    let trimmed = Self.withoutTrailingSlashes(path)
    if let kind = aliases[String(trimmed)] { return kind }
    var rest = trimmed
    for _ in 0..<Self.segmentsMax {
      if let kind = suffixes[String(rest)] { return kind }
      guard let next = rest.utf8.dropFirst().firstIndex(of: UInt8(ascii: "/")) else { return nil }
      rest = rest[next...]
    }
    return nil
  }

  /// The known path that somebody probably meant: the same but for case, or with a letter or two wrong.
  func nearMiss(of path: String) -> String? {
    guard path.utf8.count <= 256 else { return nil }
    let wanted = Self.withoutTrailingSlashes(path).lowercased()
    let last = Self.lastSegment(of: wanted)
    guard last.count > 3 else { return nil }
    var best: (path: String, distance: Int)?
    for known in paths.map(\.path) {
      let lower = known.lowercased()
      let distance = lower == wanted ? 0 : 1 + EditDistance.between(last, Self.lastSegment(of: lower), atMost: 3)
      if distance <= 3, distance < best?.distance ?? .max { best = (known, distance) }
    }
    return best?.path
  }

  private static func normal(_ path: String) -> String {
    let trimmed = String(withoutTrailingSlashes(path))
    return trimmed.hasPrefix("/") ? trimmed : "/" + trimmed
  }

  private static func withoutTrailingSlashes(_ path: String) -> Substring {
    var rest = path[...]
    while rest.utf8.count > 1, rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
    return rest
  }

  private static func lastSegment(of path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}
