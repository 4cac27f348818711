import Glibc
import Synchronization

/// A wire between two ports that can be cut: every connection over it ends at once, in the middle of whatever was on its way.
final class CuttingProxy: Sendable {
  let port: UInt16
  private let listener: Int32
  private let destination: UInt16
  private let open = Mutex<Set<Int32>>([])
  private let isClosed = Mutex(false)

  init(to destination: UInt16) throws {
    self.destination = destination
    port = try Ports.free()
    listener = try Listening.socket(on: port)
    Threads().start { [self] in accept() }
  }

  func cut() { open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } } }

  func close() {
    isClosed.withLock { $0 = true }
    shutdown(listener, Int32(SHUT_RDWR))
    cut()
  }

  private func accept() {
    while !isClosed.withLock({ $0 }) {
      let near = Glibc.accept(listener, nil, nil)
      guard near >= 0 else { continue }
      let far = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var address = Socket.address(destination)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
      guard result == 0 else {
        Glibc.close(near)
        Glibc.close(far)
        continue
      }
      open.withLock { $0.formUnion([near, far]) }
      let pair = Pair(near: near, far: far)
      Threads().start { [self] in carry(pair, from: near, to: far) }
      Threads().start { [self] in carry(pair, from: far, to: near) }
    }
    Glibc.close(listener)
  }

  /// Two directions; the second to end closes both ends.
  private final class Pair: Sendable {
    let near: Int32
    let far: Int32
    let running = Mutex(2)

    init(near: Int32, far: Int32) { (self.near, self.far) = (near, far) }
  }

  private func carry(_ pair: Pair, from: Int32, to: Int32) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    reading: while true {
      let count = recv(from, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      var sent = 0
      while sent < count {
        let written = buffer.withUnsafeBytes { send(to, $0.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL)) }
        guard written > 0 else { break reading }
        sent += written
      }
    }
    for descriptor in [pair.near, pair.far] { shutdown(descriptor, Int32(SHUT_RDWR)) }
    let left = pair.running.withLock {
      $0 -= 1
      return $0
    }
    guard left == 0 else { return }
    open.withLock { $0.subtract([pair.near, pair.far]) }
    for descriptor in [pair.near, pair.far] { Glibc.close(descriptor) }
  }
}

/// Listening sockets of this machine only.
enum Listening {
  static func socket(on port: UInt16) throws -> Int32 {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = Socket.address(port)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard result == 0, listen(descriptor, 128) == 0 else {
      close(descriptor)
      throw Failure("nobody can listen on port \(port): errno \(errno)")
    }
    return descriptor
  }
}
