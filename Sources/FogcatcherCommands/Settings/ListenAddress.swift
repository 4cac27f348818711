/// Where to listen: an IP address or a host name, and a port.
struct ListenAddress: Hashable, Sendable {
  var host: String
  var port: Int

  /// Every IPv4 address of the machine, or every address of it.
  var isWildcard: Bool { host == "0.0.0.0" || host == "::" }
}

extension ListenAddress: LosslessStringConvertible {
  /// Reads `host:port`, `[IPv6]:port`, `:port` and `port`; without a host it is every IPv4 address. Port 0 lets the system choose one.
  init?(_ text: String) {
    let hostText: Substring
    let portText: Substring
    if let colon = text.lastIndex(of: ":") {
      hostText = text[..<colon]
      portText = text[text.index(after: colon)...]
    } else {
      hostText = ""
      portText = text[...]
    }
    guard !portText.isEmpty, portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText) else { return nil }
    guard let host = Self.host(hostText) else { return nil }
    self.init(host: host, port: Int(port))
  }

  private static func host(_ text: Substring) -> String? {
    if text.isEmpty || text == "*" { return "0.0.0.0" }
    if text.hasPrefix("[") {
      let inner = text.dropFirst().dropLast()
      return text.hasSuffix("]") && inner.contains(":") ? String(inner) : nil
    }
    // An IPv6 address without brackets cannot be told from its port.
    let isHost = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    return isHost ? String(text) : nil
  }

  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
