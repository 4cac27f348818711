import FaceEvents
import Foundation
import Synchronization
import Testing

extension EndToEnd {
  /// P3 and P6 over three hops: box node -> relay -> cloud, with everything killed and every wire cut at moments that chance chooses.
  @Suite @BlockingThread struct Chain {
    private struct Link {
      let nodes: [Node]
      let wires: [CuttingProxy]

      /// - Parameter first: how the box node sends.
      init(_ first: (inout ForwardTarget) -> Void) throws {
        let nodes = try (0..<3).map { _ in try Node() }
        let wires = try [CuttingProxy(to: nodes[1].port), CuttingProxy(to: nodes[2].port)]
        for (index, wire) in wires.enumerated() {
          var target = ForwardTarget(id: "next", lane: .history, urls: ["http://127.0.0.1:\(wire.port)/HistoryEvent"])
          if index == 0 { first(&target) }
          try nodes[index].save(target)
        }
        for node in nodes { try node.start() }
        (self.nodes, self.wires) = (nodes, wires)
      }
    }

    @Test(
      "2,000 events of all forms reach the cloud whole and under the same ids, whatever is killed or cut", .timeLimit(.minutes(20)),
      arguments: Surroundings.seeds.prefix(1))
    func everythingArrives(seed: UInt64) throws {
      let link = try Link { _ in }
      try run(link, events: 2_000, kills: 18, seed: seed)
      let records = try compareIDs(link, seed)
      for node in link.nodes.dropFirst() {
        let pictures = try Self.pictures(node.records())
        #expect(pictures == Self.pictures(records), "seed \(seed)")
      }
      let texts = try link.nodes.map { try Set($0.originals().texts) }
      #expect(texts[0].count == 2_000 && texts[0] == texts[1] && texts[0] == texts[2], "seed \(seed): originals differ")
    }

    @Test("as form-data and without reference pictures the ids are the same, and so are all other pictures", .timeLimit(.minutes(20)))
    func fewerPictures() throws {
      let seed = UInt64(4_711)
      let link = try Link { target in
        target.format = .formData
        target.pictures.remove(.reference)
      }
      try run(link, events: 500, kills: 6, seed: seed)
      let records = try compareIDs(link, seed)
      let expected = Self.pictures(records).mapValues { $0.filter { !$0.hasPrefix("reference ") } }
      for node in link.nodes.dropFirst() { #expect(try Self.pictures(node.records()) == expected) }
    }

    private static func pictures(_ records: [StoredRecord]) -> [String: [String]] {
      Dictionary(records.map { ($0.row.id, $0.row.pictures.map { "\($0.role) \($0.bytes) \($0.sha256)" }) }) { first, _ in first }
    }

    /// Sends the events to the first node while chance strikes, then waits until the last has them.
    private func run(_ link: Link, events: Int, kills: Int, seed: UInt64) throws {
      let factory = EventFactory(seed: seed, pictureBytesMax: 6_000)
      let sending = HistoryFleet(factory: factory, to: link.nodes[0], count: events)
      var random = SeededRandom(seed: seed)
      for number in 0..<kills {
        let goal = events * (number + 1) / (kills + 2)
        guard Deadline(.seconds(120)).wait(until: { sending.acknowledged >= goal }) else {
          throw Failure("no answers after kill \(number): \(link.nodes[0].log.suffix(2_000))")
        }
        if random.chance(0.5) { link.wires[Int.random(in: 0..<2, using: &random)].cut() }
        // Each is met, and the sender most often.
        let node = link.nodes[number % 2 == 0 ? 0 : 1 + number / 2 % 2]
        nap(milliseconds: Int32.random(in: 0...40, using: &random))
        try node.killHard()
        nap(milliseconds: Int32.random(in: 0...200, using: &random))
        try node.start()
      }
      try sending.finish()
      // The first only has what the second has taken, and so on.
      for node in link.nodes.dropLast() {
        guard Deadline(.seconds(180)).wait(every: 50, until: { node.isDrained }) else {
          throw Failure("seed \(seed): not drained: \(node.probe("/metrics")?.text.suffix(3_000) ?? "no metrics")")
        }
      }
      for node in link.nodes { #expect(try node.stop().exit == .code(0), "seed \(seed)") }
      for wire in link.wires { wire.close() }
    }

    private func compareIDs(_ link: Link, _ seed: UInt64) throws -> [StoredRecord] {
      let all = try link.nodes.map { try $0.records() }
      let ids = all.map { Set($0.map(\.row.id)) }
      #expect(ids[0] == ids[1] && ids[1] == ids[2], "seed \(seed): \(ids.map(\.count))")
      for (node, records) in zip(link.nodes, all) {
        #expect(records.count == ids[0].count, "seed \(seed): an event is there twice")
        #expect(records.allSatisfy { !$0.row.warnings.contains { $0.contains("Idempotency-Key") } }, "seed \(seed)")
        #expect(try node.parked() == [], "seed \(seed)")
        let verified = try node.verify()
        #expect(verified.exit == .code(0), "seed \(seed): \(verified.all.prefix(1_000))")
      }
      return all[0]
    }
  }
}

/// Eight boxes that send history events until each is acknowledged.
private final class HistoryFleet: Sendable {
  private let threads = Threads()
  private let state = Mutex((next: 0, acknowledged: 0))
  private let findings = Findings()

  init(factory: EventFactory, to node: Node, count: Int) {
    for _ in 0..<8 {
      threads.start { [self] in
        while let number = take(count) { send(factory.event(number), to: node) }
      }
    }
  }

  var acknowledged: Int { state.withLock(\.acknowledged) }

  func finish() throws {
    guard threads.join(within: .seconds(180)) else { throw Failure("senders did not finish") }
    if !findings.isEmpty { throw Failure(findings.all.joined(separator: "; ")) }
  }

  private func take(_ count: Int) -> Int? {
    state.withLock { state in
      guard state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func send(_ event: SampleEvent, to node: Node) {
    let deadline = Deadline(.seconds(120))
    while !deadline.hasPassed {
      let response = try? HTTPConnection(port: node.port).exchange(
        HTTPRequest("POST", "/HistoryEvent", body: event.json, type: "application/json"), within: .seconds(30))
      switch response?.status {
      case 200: return state.withLock { $0.acknowledged += 1 }
      case nil, 503: nap(milliseconds: 20)
      case let status?: return findings.add("event \(event.index): \(status)")
      }
    }
    findings.add("event \(event.index) was never acknowledged")
  }
}
