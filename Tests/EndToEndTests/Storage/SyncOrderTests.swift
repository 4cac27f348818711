import Foundation
import Testing

extension EndToEnd {
  /// P1 seen from the kernel: what the process asks for, and in which order.
  @Suite @BlockingThread struct SyncOrder {
    nonisolated private static let canTrace: Bool = {
      guard Surroundings.hasProgram("strace"), let directory = try? TemporaryDirectory() else { return false }
      return (try? Program.run(["strace", "-f", "true"], directory: directory))?.exit == .code(0)
    }()

    @Test(
      "pictures are synced, then the row is synced, then the answer is written", .timeLimit(.minutes(2)),
      .enabled(if: canTrace, "strace is not installed or not allowed"))
    func order() throws {
      let directory = try TemporaryDirectory()
      let trace = directory.file("trace")
      let calls = "trace=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fdatasync,fsync,msync"
      // -D: the node, not strace, is the child that signals go to.
      let node = try Node(tracer: ["strace", "-D", "-f", "-y", "-s", "40", "-e", calls, "-e", "signal=none", "-o", trace])
      try node.start(within: .seconds(60))
      for number in 0..<3 {
        let before = text(trace).utf8.count
        let event = EventFactory(seed: 61).event(number, form: "G2")
        try #require(!event.pictures.isEmpty)
        #expect(try node.send(HTTPRequest(body: event.json)).status == 200)
        #expect(Deadline(.seconds(10)).wait { answer(in: lines(trace, from: before)) != nil }, "no answer in the trace")
        try expectOrder(lines(trace, from: before))
      }
      #expect(try node.stop().exit == .code(0))
    }

    /// Complete calls: one that was interrupted by another thread's counts where it ends.
    private func lines(_ trace: String, from start: Int) -> [String] {
      var begun: [Substring: String] = [:]
      var calls: [String] = []
      for line in String(decoding: contents(trace).dropFirst(start), as: UTF8.self).split(separator: "\n") {
        let thread = line.prefix { $0 != " " }
        if let mark = line.firstRange(of: "<unfinished ...>") {
          begun[thread] = String(line[..<mark.lowerBound])
        } else if line.contains(" resumed>"), let first = begun.removeValue(forKey: thread) {
          calls.append(first)
        } else {
          calls.append(String(line))
        }
      }
      return calls
    }

    private func answer(in lines: [String]) -> Int? { lines.firstIndex { $0.contains("HTTP/1.1 200") } }

    private func expectOrder(_ lines: [String]) throws {
      let end = try #require(answer(in: lines))
      let calls = lines[..<end]
      func last(_ names: [String], _ file: String) -> Int? {
        calls.lastIndex { line in line.contains(file) && names.contains { line.contains(" \($0)(") } }
      }
      let shown = calls.map { $0.prefix(150) }.joined(separator: "\n")
      let writes = ["write", "writev", "pwrite64", "pwritev", "pwritev2"]
      let syncs = ["fdatasync", "fsync"]
      let pictures = try #require(last(writes, ".volume"), "no picture is written: \(shown)")
      let pictureSync = try #require(last(syncs, ".volume"), "no picture is synced: \(shown)")
      let row = try #require(last(writes, "fogcatcher.db-wal"), "no row is written: \(shown)")
      let rowSync = try #require(last(syncs, "fogcatcher.db-wal"), "no row is synced: \(shown)")
      #expect(pictures < pictureSync && pictureSync < row && row < rowSync, "\(shown)")
    }
  }
}
