import Foundation
import Testing

extension EndToEnd {
  @Suite @BlockingThread struct Benching {
    private func command(_ directory: TemporaryDirectory, _ further: String...) -> [String] {
      [Surroundings.executable, "bench", "--data", directory.path, "--connections", "4", "--size-max", "64MiB"] + further
    }

    private func leftovers(_ directory: TemporaryDirectory) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []).filter { $0.hasPrefix("fogcatcher-bench-") }
    }

    @Test("bench prints figures and what bounds it, ends with 0 and leaves nothing behind", arguments: ["json", "form-data"])
    func figures(format: String) throws {
      let directory = try TemporaryDirectory()
      // Settings of this machine are not the node's.
      let run = try Program.run(
        command(directory, "--duration", "1s", "--format", format), environment: ["FOGCATCHER_LISTEN": "nowhere"], directory: directory)
      #expect(run.exit == .code(0), "\(run.all)")
      for part in ["Disk alone", "Receive and store", "p99.9", "every byte as sent", "that were acknowledged", "Bound by", "boxes"] {
        #expect(run.output.contains(part), "\(part) in \(run.output)")
      }
      #expect(run.errorOutput.isEmpty && leftovers(directory) == [], "\(run.errorOutput)")
    }

    @Test("Without pictures it works as well")
    func withoutPictures() throws {
      let directory = try TemporaryDirectory()
      let run = try Program.run(command(directory, "--duration", "1s", "--without-pictures"), directory: directory)
      #expect(run.exit == .code(0) && !run.output.contains("of pictures;"), "\(run.all)")
      #expect(leftovers(directory) == [])
    }

    @Test("Ctrl-C ends it and its node, and removes what was written")
    func interrupted() throws {
      let directory = try TemporaryDirectory()
      let child = try started(directory)
      let node = try #require(self.node(of: child))
      child.kill(SIGINT)
      #expect(child.wait(within: .seconds(60)) == .code(1) && child.errorOutput.contains("removed"), "\(child.errorOutput)")
      #expect(leftovers(directory) == [] && !isRunning(node))
    }

    @Test("A bench that is killed takes its node with it")
    func killed() throws {
      let directory = try TemporaryDirectory()
      let child = try started(directory)
      let node = try #require(self.node(of: child))
      child.kill(SIGKILL)
      #expect(child.wait(within: .seconds(10)) == .signal(SIGKILL))
      #expect(Deadline(.seconds(20)).wait { !isRunning(node) })
    }

    /// With a node that runs.
    private func started(_ directory: TemporaryDirectory) throws -> ChildProcess {
      let child = try ChildProcess(command(directory, "--duration", "1m", "--size-max", "1GiB"), output: directory.file("bench"))
      let isListening = Deadline(.seconds(60)).wait {
        leftovers(directory).first.map { FileManager.default.fileExists(atPath: directory.file("\($0)/data/fogcatcher.db")) } ?? false
      }
      #expect(isListening, "\(child.output) \(child.errorOutput)")
      return child
    }

    /// Whichever thread of the bench made it.
    private func node(of child: ChildProcess) -> pid_t? {
      let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.pid)/task")) ?? []
      return threads.lazy.compactMap { text("/proc/\(child.pid)/task/\($0)/children").split(separator: " ").first.flatMap { pid_t($0) } }
        .first
    }

    private func isRunning(_ pid: pid_t) -> Bool {
      let stat = text("/proc/\(pid)/stat")
      // One that has ended and that nobody has asked for yet is a zombie.
      return !stat.isEmpty && !stat.contains(") Z ")
    }
  }
}
