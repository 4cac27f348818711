public import FaceEvents

/// What a box is told through its configuration API, kept as targets like all others.
///
/// The targets are one ``ForwardTarget/group``. A request replaces those of its lane; a URL that was there before keeps its target, and so
/// its cursor and what is parked. Somebody else's targets are never touched.
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
    let existing = try await targets(of: Servers.self)
    let plan = try Self.plan(wanted, existing: existing)
    do {
      for target in plan.saved { try await forwarding.save(target, start: .end) }
      for id in plan.removed { try await forwarding.removeTarget(id) }
    } catch { throw BoxConfigurationError(error, urlField: Servers.urlField) }
    return Servers(try await targets(of: Servers.self))
  }

  private func targets<Servers: BoxServers>(of _: Servers.Type) async throws(BoxConfigurationError) -> [ForwardTarget] {
    do {
      return try await forwarding.targets().filter { $0.group == Self.group && $0.lane == Servers.lane }
    } catch { throw BoxConfigurationError(error, urlField: Servers.urlField) }
  }

  /// What has to be done so that the targets of the lane are as wanted. Everything is checked before anything is.
  static func plan<Servers: BoxServers>(_ wanted: Servers, existing: [ForwardTarget]) throws(BoxConfigurationError)
    -> (saved: [ForwardTarget], removed: [String])
  {
    let known = existing.flatMap(\.urls)
    var urls: [String] = []
    for (index, text) in wanted.urls.enumerated() {
      let url = BoxURL.meant(text, among: known)
      if let problem = TargetURL.problem(url) {
        throw .parameter(wanted.urls.count > 1 ? "\(Servers.urlField)[\(index)]" : Servers.urlField, problem)
      }
      if !urls.contains(url) { urls.append(url) }
    }
    guard urls.count <= ForwardTarget.urlsMax else { throw .parameter(Servers.urlField, "has more than \(ForwardTarget.urlsMax) URLs") }
    // Realtime URLs are one target, because they are visited in their order.
    let lists = Servers.lane == .realtime ? (urls.isEmpty ? [] : [urls]) : urls.map { [$0] }
    var saved: [ForwardTarget] = []
    var taken = Set(existing.map(\.id))
    for list in lists {
      let old = existing.first { Servers.lane == .realtime || $0.urls == list }
      let id = old?.id ?? freeID(Servers.lane, taken)
      taken.insert(id)
      var target = old ?? ForwardTarget(id: id, lane: Servers.lane, urls: list)
      target.group = group
      target.urls = list
      wanted.configure(&target)
      // The node gave up on it; being told the URL again is the wish to try again.
      if target.pause?.isAutomatic == true { target.pause = nil }
      do { try target.validate() } catch { throw BoxConfigurationError(.invalid(error), urlField: Servers.urlField) }
      saved.append(target)
    }
    return (saved, existing.map(\.id).filter { id in !saved.contains { $0.id == id } })
  }

  private static func freeID(_ lane: TargetLane, _ taken: Set<String>) -> String {
    guard lane == .history else { return "box-\(lane.rawValue)" }
    return (1...).lazy.map { "box-history-\($0)" }.first { !taken.contains($0) } ?? "box-history"
  }
}
