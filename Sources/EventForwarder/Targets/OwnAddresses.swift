import FaceEvents
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tells whether a URL leads back to this node: its host is an address of this machine, and the node listens on its port.
final class OwnAddresses: Sendable {
  private let listeners = Mutex<[(host: String, port: Int)]>([])

  func listening(on addresses: [(host: String, port: Int)]) { listeners.withLock { $0 = addresses } }

  /// A name that cannot be resolved now is nobody's.
  func include(_ url: TargetURL) async -> Bool {
    let own = listeners.withLock { $0.filter { $0.port == url.port } }
    guard !own.isEmpty else { return false }
    // Connecting to the address of all interfaces reaches loopback.
    let found = await Self.resolve(url.host).map { $0 == "0.0.0.0" ? "127.0.0.1" : $0 == "::" ? "::1" : $0 }
    let local = Set(((try? System.enumerateDevices()) ?? []).compactMap { $0.address?.ipAddress })
    for listener in own {
      let isWildcard = listener.host == "0.0.0.0" || listener.host == "::"
      let bound = isWildcard ? local : Set(await Self.resolve(listener.host))
      if found.contains(where: { bound.contains($0) || isWildcard && ($0.hasPrefix("127.") || $0 == "::1") }) { return true }
    }
    return false
  }

  /// All addresses of a host, in text. A look-up blocks, hence the thread.
  private static func resolve(_ host: String) async -> [String] {
    (try? await NIOThreadPool.singleton.runIfActive { addresses(host) }) ?? []
  }

  private static func addresses(_ host: String) -> [String] {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [String] = []
    var next = list
    while let entry = next {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
        found.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      next = entry.pointee.ai_next
    }
    return found
  }
}
