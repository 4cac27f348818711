import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A node of its own process: this program's `serve` on a free port of 127.0.0.1, with the defaults, whatever this machine's settings are.
///
/// It stops when its standard input ends: when ``stop()`` is called, and also when this process is no more, whatever it died of.
final class BenchNode: Sendable {
  let pid: pid_t
  let port: Int
  private let logPath: String
  /// The writing end of the node's standard input.
  private let input: Int32

  private init(pid: pid_t, port: Int, logPath: String, input: Int32) {
    self.pid = pid
    self.port = port
    self.logPath = logPath
    self.input = input
  }

  /// Blocks until the node listens.
  static func start(in directory: BenchDirectory) throws(CommandFailure) -> BenchNode {
    let logPath = directory.file("node.log")
    let settingsPath = directory.file("node.yaml")
    // A file of its own, so that one in the current directory is not found.
    do { try FileBytes.write("log-level: warning\n".utf8, to: settingsPath) } catch { throw CommandFailure(error) }
    let input = try Pipe()
    let output = try Pipe()
    let launch = ProcessLaunch(
      executable: executable,
      arguments: [
        "fogcatcher", "serve", "--config", settingsPath, "--data", directory.dataPath, "--listen", "127.0.0.1:0", "--stop-with-input",
      ], environment: ProcessEnvironment.variables.filter { !$0.key.hasPrefix("FOGCATCHER_") }, input: input.reading,
      output: output.writing, errorPath: logPath)
    let pid: pid_t
    do { pid = try launch.start() } catch {
      input.closeBoth()
      output.closeBoth()
      throw error
    }
    close(input.reading)
    close(output.writing)
    defer { close(output.reading) }
    guard let port = port(in: firstLine(from: output.reading)) else {
      close(input.writing)
      waitForEnd(of: pid)
      throw CommandFailure("the node did not start: \(lastLines(of: logPath))")
    }
    return BenchNode(pid: pid, port: port, logPath: logPath, input: input.writing)
  }

  /// Blocks until everything is on the disk and the process has gone; `serve` bounds how long that takes.
  func stop() {
    close(input)
    Self.waitForEnd(of: pid)
  }

  /// What it complained of; empty when all went well.
  var complaints: String { Self.lastLines(of: logPath) }

  private static var executable: String {
    #if canImport(Darwin)
      CommandLine.arguments[0]
    #else
      "/proc/self/exe"
    #endif
  }

  private static func waitForEnd(of pid: pid_t) {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  private static func firstLine(from descriptor: Int32) -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < 1_000 {
      let count = read(descriptor, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      guard count == 1, byte != 0x0A else { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Of ``Announcement/text``: `… listens on 127.0.0.1:40123`.
  static func port(in line: String) -> Int? { line.split(separator: ":").last.flatMap { Int($0) } }

  private static func lastLines(of path: String) -> String {
    let bytes = (try? FileBytes.read(path, bytesMax: 16 << 20)) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(3).joined(separator: "; ")
  }
}
