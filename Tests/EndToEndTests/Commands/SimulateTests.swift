import Testing

extension EndToEnd {
  @Suite @BlockingThread struct Simulating {
    private func base(_ node: Node) -> String { "http://127.0.0.1:\(node.port)" }

    @Test("simulate keeps its pace, all is accepted without a warning, and the same seed and start are the same events")
    func fleet() throws {
      let node = try Node.started()
      let arguments = [
        "simulate", "--to", base(node), "--boxes", "9", "--rate", "50", "--events", "60", "--seed", "3", "--start", "2024-03-05T08:00:00Z",
        "--realtime",
      ]
      let first = try node.run(arguments)
      #expect(first.exit == .code(0), "\(first.all)")
      let rows = try node.records().map(\.row)
      #expect(rows.count(where: { $0.lane == "history" }) == 60 && rows.count(where: { $0.lane == "realtime" }) == 60)
      #expect(rows.allSatisfy { $0.warnings.isEmpty && !$0.pictures.isEmpty })
      #expect(first.output.contains("status"), "\(first.output)")
      let again = try node.run(arguments + ["--format", "form-data"])
      let count = try node.records().count
      #expect(again.exit == .code(0) && count == 120, "\(again.all)")
      #expect(try node.verify().exit == .code(0))
    }

    @Test("simulate ends with a summary when it is told to stop, and says what was refused")
    func endings() throws {
      let node = try Node.started()
      let child = try ChildProcess(
        [Surroundings.executable, "simulate", "--to", base(node), "--rate", "20", "--duration", "1h"],
        output: node.directory.file("simulate"))
      #expect(Deadline(.seconds(30)).wait { (try? node.records())?.isEmpty == false })
      child.kill(2)
      #expect(child.wait(within: .seconds(20)) == .code(0) && child.output.contains("history"), "\(child.output) \(child.errorOutput)")
      let refused = try node.run(["simulate", "--to", base(node) + "/nowhere", "--rate", "50", "--events", "10"])
      #expect(refused.exit == .code(1) && refused.output.contains("failed 10 times: HTTP 404"), "\(refused.all)")
      #expect(try node.run(["simulate", "--to", base(node) + "/HistoryEvent", "--realtime"]).exit == .code(64))
    }
  }
}
