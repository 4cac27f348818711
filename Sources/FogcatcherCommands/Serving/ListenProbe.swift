import NIOCore
import NIOPosix

/// Tries addresses before anything is made for them: a start that cannot succeed leaves nothing behind.
enum ListenProbe {
  /// - Throws: ``ListenError`` for the first address that cannot be listened on.
  static func check(_ addresses: [ListenAddress]) async throws {
    for address in addresses {
      do {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .bind(host: address.host, port: address.port).get()
        try await channel.close()
      } catch {
        throw ListenError(address: address, cause: error)
      }
    }
  }
}
