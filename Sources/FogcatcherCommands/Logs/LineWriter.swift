import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes whole lines to a descriptor without ever waiting for its reader: what does not fit now is dropped and counted, and the count is
/// written as soon as there is room.
///
/// A line has at most 4096 bytes (PIPE_BUF, pipe(7)): poll(2) calls a pipe writable when that much fits, so the write cannot block.
final class LineWriter: Sendable {
  static let lineBytesMax = 4096

  private let descriptor: Int32
  private let dropped = Mutex(0)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// - Parameters:
  ///   - line: with its line feed, at most ``lineBytesMax`` bytes.
  ///   - notice: the line that tells how many were dropped.
  func write(_ line: [UInt8], notice: (Int) -> [UInt8]) {
    dropped.withLock { dropped in
      guard hasRoom else {
        dropped += 1
        return
      }
      if dropped > 0 {
        put(notice(dropped))
        dropped = 0
        guard hasRoom else {
          dropped = 1
          return
        }
      }
      put(line)
    }
  }

  private var hasRoom: Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return withUnsafeMutablePointer(to: &poll) { pointer in
      systemPoll(pointer, 1, 0) == 1 && pointer.pointee.revents & Int16(POLLOUT) != 0
    }
  }

  /// A log that cannot be written is no reason to stop.
  private func put(_ line: [UInt8]) {
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

private func systemPoll(_ descriptors: UnsafeMutablePointer<pollfd>, _ count: Int, _ milliseconds: Int32) -> Int32 {
  poll(descriptors, nfds_t(count), milliseconds)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
