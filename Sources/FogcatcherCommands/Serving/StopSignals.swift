import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// SIGTERM and SIGINT: the first asks to stop, the second ends the process at once.
///
/// Works on threads of its own, so that it also works when everything else hangs.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  /// From now on the signals no longer end the process by themselves.
  ///
  /// - Parameters:
  ///   - stopTime: after the first signal; when it is over, `onDeadline` is called and the process ends with code 1.
  ///   - onFirst: gets the signal's number.
  init(stopTime: Duration, onFirst: @escaping @Sendable (Int32) -> Void, onDeadline: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "fogcatcher.signals")
    let count = SignalCount()
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // The shell's way to say that a signal ended a program.
        guard count.next() == 1 else { _exit(128 + number) }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(TimeSpan.milliseconds(stopTime)))) {
          onDeadline()
          _exit(ProgramExit.failure.rawValue)
        }
        onFirst(number)
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}

private final class SignalCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
