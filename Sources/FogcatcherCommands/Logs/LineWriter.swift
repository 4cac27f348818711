import Dispatch
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
/// At once at most 4096 bytes are written (PIPE_BUF, pipe(7)): poll(2) calls a pipe writable when that much fits, so the write cannot block.
final class LineWriter: Sendable {
  static let lineBytesMax = 4096
  /// What gathers before it is written in any case.
  private static let gatheredBytesMax = 64 << 10
  /// How long lines gather.
  private static let delay = DispatchTimeInterval.milliseconds(10)

  private struct State {
    var dropped = 0
    /// Whole lines, in order, with the number of bytes of each.
    var gathered: [UInt8] = []
    var lengths: [Int] = []
    var isFlushDue = false
  }

  private let descriptor: Int32
  private let notice: @Sendable (Int) -> [UInt8]
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "fogcatcher.log", qos: .utility)

  /// - Parameter notice: the line that tells how many were dropped.
  init(descriptor: Int32, notice: @escaping @Sendable (Int) -> [UInt8]) {
    self.descriptor = descriptor
    self.notice = notice
  }

  /// - Parameter line: with its line feed, at most ``lineBytesMax`` bytes.
  func write(_ line: [UInt8]) {
    state.withLock { state in
      writeGathered(&state)
      write(line[...], lines: 1, &state)
    }
  }

  /// As ``write(_:)``, a moment later and together with others: a system call for each line of a busy access log costs more than the line.
  func gather(_ line: [UInt8]) {
    let isFirst = state.withLock { state in
      state.gathered += line
      state.lengths.append(line.count)
      if state.gathered.count >= Self.gatheredBytesMax { writeGathered(&state) }
      defer { state.isFlushDue = true }
      return !state.isFlushDue
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + Self.delay) {
      self.state.withLock { state in
        state.isFlushDue = false
        self.writeGathered(&state)
      }
    }
  }

  /// In runs of whole lines.
  private func writeGathered(_ state: inout State) {
    var start = 0
    var end = 0
    var lines = 0
    for length in state.lengths {
      if end + length - start > Self.lineBytesMax {
        write(state.gathered[start..<end], lines: lines, &state)
        (start, lines) = (end, 0)
      }
      end += length
      lines += 1
    }
    if lines > 0 { write(state.gathered[start..<end], lines: lines, &state) }
    state.gathered.removeAll(keepingCapacity: true)
    state.lengths.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: ArraySlice<UInt8>, lines: Int, _ state: inout State) {
    guard hasRoom else {
      state.dropped += lines
      return
    }
    if state.dropped > 0 {
      put(notice(state.dropped)[...])
      state.dropped = 0
      guard hasRoom else {
        state.dropped = lines
        return
      }
    }
    put(bytes)
  }

  private var hasRoom: Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return withUnsafeMutablePointer(to: &poll) { pointer in
      systemPoll(pointer, 1, 0) == 1 && pointer.pointee.revents & Int16(POLLOUT) != 0
    }
  }

  /// A log that cannot be written is no reason to stop.
  private func put(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
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
