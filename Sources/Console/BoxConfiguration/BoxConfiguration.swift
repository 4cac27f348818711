public import FaceEvents

/// What a box is told through its configuration API, kept as targets like all others.
///
/// The targets are one ``ForwardTarget/group``. A request replaces those of its lane. A URL that was there before keeps its target, and so
/// its cursor and what is parked; a new one takes over the target of one that is gone, as a box goes on from where it was when it is given
/// another server. Somebody else's targets are never touched.
public struct BoxConfiguration: Sendable {
  public static let group = "box"

  private let forwarding: any Forwarding
  private let gate = SerialGate()

  public init(forwarding: any Forwarding) { self.forwarding = forwarding }

  func current<Servers: BoxServers>(_: Servers.Type) async throws(BoxConfigurationError) -> Servers {
    Servers(try await targets(of: Servers.self))
  }

  /// One request after the other: each is a plan for what it found.
  /// - Returns: as it is from now on.
  func replace<Servers: BoxServers>(_ wanted: Servers) async throws(BoxConfigurationError) -> Servers {
    await gate.enter()
    let result: Result<Servers, BoxConfigurationError>
    do { result = .success(try await replaceAlone(wanted)) } catch { result = .failure(error) }
    await gate.leave()
    return try result.get()
  }

  private func replaceAlone<Servers: BoxServers>(_ wanted: Servers) async throws(BoxConfigurationError) -> Servers {
    let all = try await allTargets(Servers.self)
    let plan = try Self.plan(wanted, all: all)
    // One that is refused must not leave the others half done.
    for (number, target) in plan.saved.enumerated() {
      do { try await forwarding.check(target) } catch {
        // Each is one URL of the list, but for the realtime target, which is all of them.
        throw BoxConfigurationError(
          error, urlField: Servers.urlField, place: Servers.lane == .history && plan.saved.count > 1 ? number : nil)
      }
    }
    do {
      for target in plan.saved { try await forwarding.save(target, start: .end) }
      for id in plan.removed { try await forwarding.removeTarget(id) }
    } catch { throw BoxConfigurationError(error, urlField: Servers.urlField) }
    return Servers(try await targets(of: Servers.self))
  }

  private func targets<Servers: BoxServers>(of _: Servers.Type) async throws(BoxConfigurationError) -> [ForwardTarget] {
    try await allTargets(Servers.self).filter { Self.isOurs($0, Servers.lane) }
  }

  private func allTargets<Servers: BoxServers>(_: Servers.Type) async throws(BoxConfigurationError) -> [ForwardTarget] {
    do { return try await forwarding.targets() } catch { throw BoxConfigurationError(error, urlField: Servers.urlField) }
  }

  private static func isOurs(_ target: ForwardTarget, _ lane: TargetLane) -> Bool { target.group == group && target.lane == lane }

  /// What has to be done so that the targets of the lane are as wanted.
  private static func plan<Servers: BoxServers>(_ wanted: Servers, all: [ForwardTarget]) throws(BoxConfigurationError)
    -> (saved: [ForwardTarget], removed: [String])
  {
    let existing = all.filter { isOurs($0, Servers.lane) }
    let urls = try urls(of: wanted, known: existing.flatMap(\.urls))
    // Realtime URLs are one target, because they are visited in their order.
    let lists = Servers.lane == .realtime ? (urls.isEmpty ? [] : [urls]) : urls.map { [$0] }
    var saved: [ForwardTarget] = []
    var taken = Set(all.map(\.id))
    var free = existing.filter { !lists.contains($0.urls) }
    for list in lists {
      let old = existing.first { $0.urls == list } ?? (free.isEmpty ? nil : free.removeFirst())
      let id = old?.id ?? freeID(Servers.lane, taken)
      taken.insert(id)
      var target = ForwardTarget(id: id, lane: Servers.lane, urls: list)
      // Headers and certificates are for the servers that they were given for, and for nobody else.
      if let old, servers(list).isSubset(of: servers(old.urls)) { target = old }
      target.group = group
      // The node gave up on it; being told a URL is the wish to try it.
      if target.urls != list || target.pause?.isAutomatic == true { target.pause = nil }
      target.urls = list
      wanted.configure(&target)
      saved.append(target)
    }
    return (saved, existing.map(\.id).filter { id in !saved.contains { $0.id == id } })
  }

  private static func servers(_ urls: [String]) -> Set<String> {
    Set(urls.compactMap { TargetURL($0) }.map { "\($0.scheme)://\($0.host):\($0.port)" })
  }

  /// Each once, in the order of the request.
  private static func urls<Servers: BoxServers>(of wanted: Servers, known: [String]) throws(BoxConfigurationError) -> [String] {
    var urls: [String] = []
    for (index, text) in wanted.urls.enumerated() {
      let url = MaskedSecrets.url(text, among: known)
      if let problem = TargetURL.problem(url) {
        throw .parameter(wanted.urls.count > 1 ? "\(Servers.urlField)[\(index)]" : Servers.urlField, problem)
      }
      if !urls.contains(url) { urls.append(url) }
    }
    guard urls.count <= ForwardTarget.urlsMax else { throw .parameter(Servers.urlField, "has more than \(ForwardTarget.urlsMax) URLs") }
    return urls
  }

  /// - Parameter taken: the ids of everybody's targets.
  private static func freeID(_ lane: TargetLane, _ taken: Set<String>) -> String {
    let name = "box-\(lane.rawValue)"
    if lane != .history, !taken.contains(name) { return name }
    return (1...).lazy.map { "\(name)-\($0)" }.first { !taken.contains($0) } ?? name
  }
}
