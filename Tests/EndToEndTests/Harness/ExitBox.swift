import Glibc
import Synchronization

/// Collects a child's end once, for whoever asks.
final class ExitBox: Sendable {
  private let exit = Mutex<ChildProcess.Exit?>(nil)

  func collect(_ pid: pid_t) -> ChildProcess.Exit? {
    exit.withLock { exit in
      if exit != nil { return exit }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      let signal = status & 0x7f
      exit = signal == 0 ? .code(status >> 8 & 0xff) : .signal(signal)
      return exit
    }
  }
}
