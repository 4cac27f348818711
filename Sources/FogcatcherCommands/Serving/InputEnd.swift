import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tells when standard input ends: when whoever started this process has closed it or is no more. What comes before the end is thrown away.
final class InputEnd {
  private let source: any DispatchSourceRead

  /// - Parameter onEnd: called once, on a thread of its own.
  init(onEnd: @escaping @Sendable () -> Void) {
    let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: DispatchQueue(label: "fogcatcher.input"))
    self.source = source
    // The source keeps its handler, and so itself, until it is cancelled.
    source.setEventHandler {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      if count > 0 || count < 0 && (errno == EINTR || errno == EAGAIN) { return }
      source.cancel()
      onEnd()
    }
    source.activate()
  }

  deinit { source.cancel() }
}
