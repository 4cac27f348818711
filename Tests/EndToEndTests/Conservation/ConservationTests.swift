import Glibc
import Testing

extension EndToEnd {
  /// P1: a 2xx answer means that the event is on stable storage. The process is killed at moments that chance chooses.
  @Suite @BlockingThread struct Conservation {
    @Test(
      "whatever moment kill -9 comes, what was acknowledged is there exactly once and nothing else is", .timeLimit(.minutes(60)),
      arguments: Surroundings.seeds)
    func survivesKills(seed: UInt64) throws {
      var random = SeededRandom(seed: seed)
      let node = try Node.started()
      // All that was sent is made again at the end to compare with: smaller pictures keep a long run in memory.
      let fleet = Fleet(node: node, factory: EventFactory(seed: seed, pictureBytesMax: Surroundings.kills > 50 ? 8000 : 40_000))
      for _ in 0..<Surroundings.kills {
        try killAtRandom(node, fleet, &random)
        if random.chance(0.25) { try killWhileStarting(node, &random) }
        if random.chance(0.25) { try killVerifying(node, &random) }
        try node.start()
      }
      try fleet.finish()
      let stopped = try node.stop()
      let advice = "repeat with FOGCATCHER_SEED=\(seed) FOGCATCHER_KILLS=\(Surroundings.kills)"
      #expect(stopped.exit == .code(0), "\(advice)")
      #expect(fleet.findings.all == [], "\(advice)")

      let verified = try node.verify()
      #expect(verified.exit == .code(0), "\(advice); \(verified.all.prefix(2000))")
      let shipments = try fleet.shipments()
      let comparison = Comparison(
        sent: shipments.flatMap(\.events), formData: Set(shipments.filter { $0.encoding == .formData }.flatMap(\.events).map(\.key)),
        acknowledged: fleet.acknowledged)
      #expect(fleet.acknowledged.count == shipments.flatMap(\.events).count, "\(advice)")
      #expect(try comparison.problems(in: node) == [], "\(advice)")
      #expect(fleet.unanswered > 0, "no kill met a request: the test tests nothing; \(advice)")
    }

    /// After some answers and some milliseconds more; now and then in the middle of an orderly stop.
    private func killAtRandom(_ node: Node, _ fleet: Fleet, _ random: inout SeededRandom) throws {
      let goal = fleet.answers + Int.random(in: 0...40, using: &random)
      let isReached = Deadline(.seconds(60)).wait(every: 1) { fleet.answers >= goal }
      guard isReached else { throw Failure("no answers: \(try node.running.exit.map(\.description) ?? "up") \(node.log.suffix(2000))") }
      nap(milliseconds: Int32.random(in: 0...12, using: &random))
      if random.chance(0.2) {
        try node.running.kill(SIGTERM)
        nap(milliseconds: Int32.random(in: 0...30, using: &random))
      }
      try node.killHard()
    }

    private func killWhileStarting(_ node: Node, _ random: inout SeededRandom) throws {
      try node.launch()
      nap(milliseconds: Int32.random(in: 0...150, using: &random))
      try node.killHard()
    }

    private func killVerifying(_ node: Node, _ random: inout SeededRandom) throws {
      let flags = random.chance(0.5) ? ["--repair"] : []
      let child = try ChildProcess(
        [Surroundings.executable, "verify", "--data", node.data] + flags, output: node.directory.file("killed-\(random.next())"))
      nap(milliseconds: Int32.random(in: 0...150, using: &random))
      child.kill(SIGKILL)
      guard child.wait(within: .seconds(10)) != nil else { throw Failure("verify does not end") }
    }
  }
}
