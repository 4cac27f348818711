import Glibc
import Synchronization

/// One `fogcatcher serve` with a data directory and port of its own, started and killed as often as a test likes.
final class Node: Sendable {
  let directory: TemporaryDirectory
  let data: String
  let port: UInt16
  /// Flags of `serve` besides address and data directory.
  let flags: [String]
  /// A command that runs the rest of its arguments, such as `nsenter`: for every program that has to do with the data.
  let wrapper: [String]
  /// As `wrapper`, around `serve` alone.
  let tracer: [String]
  private let process = Mutex<ChildProcess?>(nil)
  private let starts = Mutex(0)

  /// - Parameter data: nil for a directory below a temporary one, which goes with this object.
  init(data: String? = nil, flags: [String] = [], wrapper: [String] = [], tracer: [String] = []) throws {
    directory = try TemporaryDirectory()
    self.data = data ?? directory.file("data")
    port = try Ports.free()
    self.flags = flags
    self.wrapper = wrapper
    self.tracer = tracer
  }

  /// Makes a node and waits until it is ready.
  static func started(flags: [String] = []) throws -> Node {
    let node = try Node(flags: flags)
    try node.start()
    return node
  }

  var arguments: [String] {
    // The disk of a test machine may be nearly full; the reserve has its own test.
    let reserve = flags.contains("--disk-reserve") ? [] : ["--disk-reserve", "1MiB"]
    return [Surroundings.executable, "serve", "--listen", "127.0.0.1:\(port)", "--data", data] + reserve + flags
  }

  /// Starts without waiting.
  @discardableResult
  func launch() throws -> ChildProcess {
    let number = starts.withLock {
      $0 += 1
      return $0
    }
    let child = try ChildProcess(wrapper + tracer + arguments, output: directory.file("serve-\(number)"))
    process.withLock { $0 = child }
    return child
  }

  func start(within duration: Duration = .seconds(30)) throws {
    let child = try launch()
    let isReady = Deadline(duration).wait { child.exit != nil || probe("/readyz")?.status == 200 }
    guard isReady, child.exit == nil else {
      throw Failure("serve is not ready: \(child.exit.map(\.description) ?? "still starting"); \(child.errorOutput.suffix(2000))")
    }
  }

  var running: ChildProcess {
    get throws {
      guard let child = process.withLock({ $0 }) else { throw Failure("the node was never started") }
      return child
    }
  }

  /// As a power cut for the process: nothing of it is finished.
  func killHard() throws {
    let child = try running
    child.kill(SIGKILL)
    guard child.wait(within: .seconds(10)) != nil else { throw Failure("kill -9 did not end the node") }
  }

  /// - Returns: how it ended and after how many seconds.
  func stop(_ signal: Int32 = SIGTERM, within duration: Duration = .seconds(20)) throws -> (exit: ChildProcess.Exit, seconds: Double) {
    let child = try running
    var exit: ChildProcess.Exit?
    let took = seconds {
      child.kill(signal)
      exit = child.wait(within: duration)
    }
    guard let exit else { throw Failure("no end within \(duration) of signal \(signal); \(log.suffix(2000))") }
    return (exit, took)
  }

  /// Everything that the current process has printed.
  var log: String { process.withLock { $0.map { $0.output + $0.errorOutput } } ?? "" }

  /// GET on a connection of its own; nil when nobody answers.
  func probe(_ path: String) -> HTTPResponse? {
    guard let connection = try? HTTPConnection(port: port) else { return nil }
    return try? connection.exchange(HTTPRequest("GET", path), within: .seconds(5))
  }

  /// One request on a connection of its own.
  @discardableResult
  func send(_ request: HTTPRequest, within duration: Duration = .seconds(60)) throws -> HTTPResponse {
    try HTTPConnection(port: port).exchange(request, within: duration)
  }
}
