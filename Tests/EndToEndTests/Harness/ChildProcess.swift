import Foundation

/// A program started by a test: output into files, no pipes that could fill, killed when the object goes or this process dies.
final class ChildProcess: Sendable {
  enum Exit: Equatable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    var description: String {
      switch self {
      case .code(let code): "exit \(code)"
      case .signal(let signal): "signal \(signal)"
      }
    }
  }

  let pid: pid_t
  let outputPath: String
  let errorPath: String
  private let result = ExitBox()

  /// - Parameters:
  ///   - command: program, looked up in PATH, and arguments.
  ///   - output: the files of standard output and error are `output` with `.out` and `.err`.
  init(_ command: [String], input: String = "/dev/null", output: String, environment: [String: String] = [:]) throws {
    outputPath = output + ".out"
    errorPath = output + ".err"
    let launch = Launch(command: Self.tied(command), input: input, output: outputPath, error: errorPath, environment: environment)
    pid = try Launcher.shared.start(launch)
  }

  deinit {
    if exit == nil {
      kill(SIGKILL)
      _ = wait(within: .seconds(10))
    }
  }

  /// setpriv(1) makes the kernel kill the child when this process dies, whatever it dies of.
  private static func tied(_ command: [String]) -> [String] {
    let setpriv = "/usr/bin/setpriv"
    return access(setpriv, X_OK) == 0 ? [setpriv, "--pdeathsig", "KILL"] + command : command
  }

  /// Nil while it runs.
  var exit: Exit? { result.collect(pid) }

  func kill(_ signal: Int32) {
    // Not after it was collected: the number may belong to somebody else then.
    if exit == nil { Glibc.kill(pid, signal) }
  }

  /// - Returns: nil when it still runs at the end of `duration`.
  func wait(within duration: Duration) -> Exit? {
    _ = Deadline(duration).wait(every: 2) { exit != nil }
    return exit
  }

  var output: String { text(outputPath) }
  var errorOutput: String { text(errorPath) }

  /// A figure of /proc/PID/status, such as `VmHWM`, in KiB.
  func memory(_ name: String) -> Int? {
    let line = text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }
}
