import NIOCore

/// The addresses under which other machines may reach this one.
struct LocalAddresses: Sendable {
  struct Address: Hashable, Sendable {
    var text: String
    var interface: String

    var isIPv6: Bool { text.contains(":") }
    var isLoopback: Bool { text == "::1" || text.hasPrefix("127.") }
    /// Valid on one link only, and not without naming it.
    var isLinkLocal: Bool { text.hasPrefix("fe80:") || text.hasPrefix("169.254.") }
    /// Of containers and virtual machines on this machine: boxes do not see them.
    var isBridge: Bool { ["docker", "br-", "veth", "virbr", "cni", "lxc"].contains { interface.hasPrefix($0) } }
  }

  private let addresses: [Address]

  init(_ addresses: [Address]) { self.addresses = addresses }

  /// What the system says now; only loopback when it says nothing.
  static var current: LocalAddresses {
    let devices = (try? System.enumerateDevices()) ?? []
    let addresses = devices.compactMap { device in
      (device.address?.ipAddress).map { Address(text: $0, interface: device.name) }
    }
    return LocalAddresses(addresses.isEmpty ? [Address(text: "127.0.0.1", interface: "lo")] : addresses)
  }

  /// Under which hosts a listener is reached, the most useful first and loopback last. A listener on one address is reached there.
  func hosts(for listener: ListenAddress) -> [String] {
    guard listener.isWildcard else { return [listener.host] }
    let takesIPv6 = listener.host == "::"
    let reachable = addresses.filter { !$0.isLinkLocal && (takesIPv6 || !$0.isIPv6) }
    let ranked = reachable.enumerated().sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }
    var hosts: [String] = []
    for host in ranked.map(\.element.text) where !hosts.contains(host) { hosts.append(host) }
    return hosts
  }

  /// `http://host:port` for each way in, the best first and loopback last over all listeners.
  func baseURLs(of listeners: [ListenAddress]) -> [String] {
    let pairs = listeners.flatMap { listener in hosts(for: listener).map { (host: $0, port: listener.port) } }
    let isLoopback = { (host: String) in host == "::1" || host.hasPrefix("127.") || host == "localhost" }
    let ordered = pairs.filter { !isLoopback($0.host) } + pairs.filter { isLoopback($0.host) }
    return ordered.map { "http://\(ListenAddress(host: $0.host, port: $0.port))" }
  }

  private static func rank(_ address: Address) -> Int {
    if address.isLoopback { return address.isIPv6 ? 7 : 6 }
    return (address.isBridge ? 4 : 0) + (address.isIPv6 ? 1 : 0)
  }
}
