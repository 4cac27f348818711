import Glibc

/// A blocking TCP connection to a port of this machine; every wait has a deadline.
final class Socket {
  enum Outcome: Error, Equatable {
    case timedOut
    /// Closed, reset or refused by the other side.
    case closed
  }

  let descriptor: Int32

  init(port: UInt16, deadline: Deadline = .after(seconds: 5)) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket: errno \(errno)") }
    var address = Self.address(port)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard result != 0 else { return }
    guard errno == EINPROGRESS, try wait(for: POLLOUT, deadline) & Int16(POLLERR | POLLHUP) == 0 else { throw Outcome.closed }
  }

  deinit { close(descriptor) }

  static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }

  /// - Returns: what is ready, of `events` and the error conditions.
  /// - Throws: ``Outcome/timedOut``.
  func wait(for events: Int32, _ deadline: Deadline) throws -> Int16 {
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&entry, 1, deadline.milliseconds)
      if count > 0 { return entry.revents }
      if count == 0 || errno != EINTR { throw Outcome.timedOut }
    }
  }

  /// What the kernel takes of `bytes` now; 0 when it has no room.
  func write(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw Outcome.closed
  }

  func send(_ bytes: [UInt8], deadline: Deadline = .after(seconds: 20)) throws {
    var sent = 0
    while sent < bytes.count {
      _ = try wait(for: POLLOUT, deadline)
      sent += try bytes.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
    }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Waits for at least one byte.
  /// - Returns: empty at the end of the other side's bytes.
  func receive(atMost count: Int = 65_536, deadline: Deadline) throws -> [UInt8] {
    while true {
      _ = try wait(for: POLLIN, deadline)
      var got = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        got = recv(descriptor, buffer.baseAddress, count, 0)
        filled = max(0, got)
      }
      if got >= 0 { return bytes }
      if errno != EAGAIN, errno != EINTR { throw Outcome.closed }
    }
  }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Makes close() send a reset instead of an orderly end.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}
