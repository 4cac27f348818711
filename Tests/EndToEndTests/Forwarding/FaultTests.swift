import FaceEvents
import Foundation
import Testing

extension EndToEnd {
  /// What targets do to a node.
  @Suite @BlockingThread struct ForwardingFaults {
    private static let factory = EventFactory(seed: 99, pictureBytesMax: 3_000)

    private func send(_ numbers: Range<Int>, to node: Node) throws -> Set<String> {
      let connection = try HTTPConnection(port: node.port)
      return Set(
        try numbers.map { number in
          let event = Self.factory.event(number)
          let response = try connection.exchange(HTTPRequest("POST", "/HistoryEvent", body: event.json, type: "application/json"))
          guard let id = response.answer?.elements.first?.id else { throw Failure("\(response.status) \(response.text.prefix(200))") }
          return id
        })
    }

    private func node(_ change: (inout ForwardTarget) -> Void = { _ in }, to url: String) throws -> Node {
      let node = try Node()
      var target = ForwardTarget(id: "cloud", lane: .history, urls: [url])
      change(&target)
      try node.save(target)
      try node.start()
      return node
    }

    private func waitUntilDrained(_ node: Node, within duration: Duration = .seconds(90)) throws {
      guard Deadline(duration).wait(every: 20, until: { node.isDrained }) else {
        throw Failure("not drained: \(node.probe("/metrics")?.text.suffix(2_500) ?? "no metrics") \(node.log.suffix(2_000))")
      }
    }

    @Test("a target that is down for the first half gets everything in the second", .timeLimit(.minutes(5)))
    func downAtFirst() throws {
      let cloud = try Node()
      let box = try node(to: "http://127.0.0.1:\(cloud.port)/HistoryEvent")
      let ids = try send(0..<60, to: box)
      #expect(Deadline(.seconds(20)).wait { (box.figure(#"fogcatcher_forward_retries_total{target="cloud",reason="network"}"#) ?? 0) > 1 })
      try cloud.start()
      try waitUntilDrained(box)
      #expect(Set(try cloud.records().map(\.row.id)) == ids)
    }

    @Test(
      "whatever a target does that may pass, every event arrives and none is parked", .timeLimit(.minutes(5)),
      arguments: ["500", "503", "429", "hang", "die answering", "take and die", "all at once"])
    func passingFaults(_ fault: String) throws {
      let acts: [String: ScriptedReceiver.Act] = [
        "500": .answer(500), "503": .answer(503, ["Retry-After: 1"]), "429": .answer(429, ["Retry-After: 0"]), "hang": .hang,
        "die answering": .dieAnswering, "take and die": .takeAndDie,
      ]
      let names = fault == "all at once" ? acts.keys.sorted() : [fault]
      let receiver = try ScriptedReceiver { number, _ in
        number % 9 == 3 && number < 30 ? acts[names[number / 9 % names.count]] ?? .answer(200) : .answer(200)
      }
      defer { receiver.close() }
      let box = try node({ $0.timeoutMilliseconds = 500 }, to: receiver.url)
      let ids = try send(0..<60, to: box)
      try waitUntilDrained(box)
      #expect(Set(receiver.taken.keys) == ids)
      #expect(try box.stop().exit == .code(0))
      #expect(try box.parked() == [])
    }

    @Test("one event in ten is refused with 400: exactly those are parked with the answer, the rest flow", .timeLimit(.minutes(5)))
    func poison() throws {
      let receiver = try ScriptedReceiver { _, key in
        key.utf8.reduce(0) { $0 &+ Int($1) } % 10 == 0 ? .answer(400, [], "no such person here") : .answer(200)
      }
      defer { receiver.close() }
      let box = try node(to: receiver.url)
      let ids = try send(0..<80, to: box)
      try waitUntilDrained(box)
      #expect(try box.stop().exit == .code(0))
      let parked = try box.parked()
      let poisoned = ids.filter { $0.utf8.reduce(0) { $0 &+ Int($1) } % 10 == 0 }
      #expect(Set(parked.compactMap { $0.eventID?.description }) == poisoned && !poisoned.isEmpty)
      #expect(parked.allSatisfy { $0.excerpt == "no such person here" && $0.httpStatus == 400 })
      #expect(Set(receiver.taken.keys) == ids.subtracting(poisoned))
    }

    @Test("a target that answers 401 is paused, loudly, over restarts too", .timeLimit(.minutes(5)))
    func refused() throws {
      let receiver = try ScriptedReceiver { _, _ in .answer(401) }
      defer { receiver.close() }
      let box = try node(to: receiver.url)
      _ = try send(0..<10, to: box)
      #expect(Deadline(.seconds(20)).wait { box.figure("fogcatcher_forward_paused") == 1 })
      #expect(box.log.contains("target paused"))
      let before = receiver.requests
      #expect(before <= 8)
      #expect(try box.stop().exit == .code(0))
      #expect(try box.parked() == [] && box.target("cloud")?.pause?.reason.contains("401") == true)
      try box.start()
      _ = try send(10..<12, to: box)
      #expect(receiver.requests == before)
    }

    @Test("a sender whose disk is full goes on delivering what it has", .timeLimit(.minutes(5)), .enabled(if: PrivateMount.isPossible))
    func senderDiskFull() throws {
      let mount = try PrivateMount(megabytes: 24)
      let receiver = try ScriptedReceiver { _, _ in .answer(503) }
      defer { receiver.close() }
      let box = try Node(data: mount.path + "/data", flags: ["--disk-reserve", "0"], wrapper: mount.wrapper)
      // SQLite resolves links, so the store is made elsewhere and carried there.
      let maker = try Node()
      try maker.save(ForwardTarget(id: "cloud", lane: .history, urls: [receiver.url]))
      try FileManager.default.copyItem(atPath: maker.data, toPath: mount.outside("data"))
      try box.start()
      let ids = try send(0..<30, to: box)
      try? Data(count: 24 << 20).write(to: URL(fileURLWithPath: mount.outside("ballast")))
      receiver.say { _, _ in .answer(200) }
      #expect(Deadline(.seconds(60)).wait { Set(receiver.taken.keys) == ids }, "\(receiver.taken.count) of \(ids.count)")
      try FileManager.default.removeItem(atPath: mount.outside("ballast"))
      try waitUntilDrained(box)
    }

    @Test("a backlog of many small events drains with bounded memory", .timeLimit(.minutes(10)))
    func largeBacklog() throws {
      let count = Surroundings.isDebugBuild ? 8_000 : 100_000
      let receiver = try ScriptedReceiver { _, _ in .answer(200) }
      defer { receiver.close() }
      let box = try node({ $0.concurrency = 16 }, to: receiver.url)
      let connection = try HTTPConnection(port: box.port)
      for first in stride(from: 0, to: count, by: 500) {
        let events = (first..<first + 500).map { #"{"identity_id":"S-\#($0)","timestamp":\#(1_709_626_502_345 + $0),"score":0.5}"# }
        let body = Array("[\(events.joined(separator: ","))]".utf8)
        #expect(try connection.exchange(HTTPRequest("POST", "/HistoryEvent", body: body, type: "application/json")).status == 200)
      }
      try waitUntilDrained(box, within: .seconds(300))
      #expect(receiver.taken.count == count)
      let peak = try #require(try box.running.memory("VmHWM"))
      #expect(peak <= (Surroundings.isDebugBuild ? 160 : 64) << 10, "peak memory is \(peak >> 10) MiB")
    }
  }
}
