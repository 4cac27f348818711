import Foundation
import Synchronization

/// What to start, and where its standard files are.
struct Launch: Sendable {
  var command: [String]
  var input: String
  var output: String
  var error: String
  /// Besides this process's own variables. Those of the tests, `FOGCATCHER_…`, are settings to the program and not handed on.
  var environment: [String: String]

  private var variables: [String] {
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FOGCATCHER_") }
    return inherited.merging(environment) { $1 }.map { "\($0)=\($1)" }
  }

  /// - Throws: ``Failure`` when there is no such program.
  func spawn() throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_APPEND, 0o600)

    // As a shell would start it, whatever this process ignores or blocks.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    return try withCStrings(command) { arguments in
      try withCStrings(variables) { variables in
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, arguments, variables)
        guard code == 0 else { throw Failure("\(command[0]) does not start: errno \(code)") }
        return pid
      }
    }
  }

  private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> R) rethrows -> R {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies + [nil])
  }
}

/// One thread that starts every child and never ends, because the kernel ties a child's life to the thread that made it
/// (prctl(2), PR_SET_PDEATHSIG).
final class Launcher: Sendable {
  static let shared = Launcher()

  private struct Order: Sendable {
    var launch: Launch
    var answer: @Sendable (Result<pid_t, any Error>) -> Void
  }

  private let orders = Mutex<[Order]>([])
  private let ordered = DispatchSemaphore(value: 0)

  private init() {
    let thread = Thread { [self] in
      while true {
        ordered.wait()
        let order = orders.withLock { $0.removeFirst() }
        order.answer(Result { try order.launch.spawn() })
      }
    }
    thread.start()
  }

  func start(_ launch: Launch) throws -> pid_t {
    let isDone = DispatchSemaphore(value: 0)
    let box = AnswerBox()
    orders.withLock {
      $0.append(
        Order(launch: launch) { result in
          box.value.withLock { $0 = result }
          isDone.signal()
        })
    }
    ordered.signal()
    isDone.wait()
    return try box.value.withLock { $0 }.get()
  }

  private final class AnswerBox: Sendable {
    let value = Mutex<Result<pid_t, any Error>>(.failure(Failure("not started")))
  }
}
