import Foundation
import Testing

extension EndToEnd {
  /// P5: a full disk is said, survived and recovered from.
  @Suite @BlockingThread struct DiskFull {
    /// Sends events until `isEnough` or `countMax`, and remembers what was acknowledged.
    private struct Sender {
      let factory: EventFactory
      var sent: [SampleEvent] = []
      var acknowledged: [EventKey: String] = [:]
      var refusal: HTTPResponse?

      mutating func send(to node: Node, atMost countMax: Int, until isEnough: (HTTPResponse) -> Bool = { _ in false }) throws {
        let connection = try HTTPConnection(port: node.port)
        for _ in 0..<countMax {
          let event = factory.event(sent.count, form: "G1")
          sent.append(event)
          let response = try connection.exchange(HTTPRequest("POST", event.path, body: event.json))
          if response.status == 200, let id = response.answer?.elements.first?.id {
            acknowledged[event.key] = id
          } else if response.status == 507 {
            refusal = response
          } else {
            throw Failure("\(response.status) \(response.text.prefix(300))")
          }
          if isEnough(response) { return }
        }
      }

      func check(_ node: Node, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let verified = try node.verify()
        #expect(verified.exit == .code(0), "\(verified.all.prefix(1000))", sourceLocation: sourceLocation)
        let comparison = Comparison(sent: sent, acknowledged: acknowledged)
        #expect(try comparison.problems(in: node) == [], "seed \(factory.seed)", sourceLocation: sourceLocation)
      }
    }

    @Test(
      "a full disk is answered 507, the node stays up and stores again as soon as there is room", .timeLimit(.minutes(5)),
      .enabled(if: PrivateMount.isPossible, "this user may not mount a file system"))
    func fullFileSystem() throws {
      let mount = try PrivateMount(megabytes: 24)
      let node = try Node(data: mount.path + "/data", flags: ["--disk-reserve", "0"], wrapper: mount.wrapper)
      let ballast = mount.outside("ballast")
      try Data(count: 14 << 20).write(to: URL(fileURLWithPath: ballast))
      try node.start()

      var sender = Sender(factory: EventFactory(seed: .random(in: 1...9_999), pictureBytesMax: 200_000))
      try sender.send(to: node, atMost: 2000) { $0.status == 507 }
      try expectFull(node, sender)
      // Once more than once: a half-written batch must not get in the way of the next one.
      try sender.send(to: node, atMost: 20)

      try FileManager.default.removeItem(atPath: ballast)
      try expectRecovery(node, &sender)
      try sender.send(to: node, atMost: 2000) { $0.status == 507 }
      #expect(try node.stop().exit == .code(0))
      try sender.check(node)
    }

    @Test(
      "a node on a full disk starts or says why not, and loses nothing", .timeLimit(.minutes(5)),
      .enabled(if: PrivateMount.isPossible, "this user may not mount a file system"))
    func startsWhenFull() throws {
      let mount = try PrivateMount(megabytes: 16)
      let node = try Node(data: mount.path + "/data", flags: ["--disk-reserve", "0"], wrapper: mount.wrapper)
      try node.start()
      var sender = Sender(factory: EventFactory(seed: .random(in: 1...9_999), pictureBytesMax: 200_000))
      try sender.send(to: node, atMost: 2000) { $0.status == 507 }
      try node.killHard()
      // The last bytes too.
      try? Data(count: 16 << 20).write(to: URL(fileURLWithPath: mount.outside("ballast")))
      let child = try node.launch()
      _ = Deadline(.seconds(20)).wait { child.exit != nil || node.probe("/healthz")?.status == 200 }
      if let exit = child.exit {
        #expect(exit == .code(74), "\(child.errorOutput.prefix(500))")
        #expect(child.errorOutput.lowercased().contains("space") || child.errorOutput.contains("full"), "\(child.errorOutput.prefix(500))")
      } else {
        try node.killHard()
      }
      try FileManager.default.removeItem(atPath: mount.outside("ballast"))
      try node.start()
      _ = try node.stop()
      try sender.check(node)
    }

    @Test(
      "a file that may not grow is a full disk (RLIMIT_FSIZE)", .timeLimit(.minutes(5)), .enabled(if: Surroundings.hasProgram("prlimit")),
      // With the first seed the commit of the rows is what finds no room, not the pictures.
      arguments: [5447, .random(in: 1...9_999)] as [UInt64])
    func limitedFileSize(seed: UInt64) throws {
      let node = try Node.started(flags: ["--disk-reserve", "0"])
      var sender = Sender(factory: EventFactory(seed: seed, pictureBytesMax: 100_000))
      try sender.send(to: node, atMost: 5)
      // Less than one picture more in any file, old or new.
      try limitFiles(of: node, to: "4096")
      try sender.send(to: node, atMost: 200) { $0.status == 507 }
      try expectFull(node, sender)
      try limitFiles(of: node, to: "unlimited")
      try expectRecovery(node, &sender)
      #expect(try node.stop().exit == .code(0))
      try sender.check(node)
    }

    @Test("below the reserve nothing is stored, though the disk has room")
    func reserve() throws {
      let node = try Node(flags: ["--disk-reserve", "900TiB"])
      try node.launch()
      #expect(Deadline(.seconds(20)).wait { node.probe("/healthz")?.status == 200 }, "\(node.log.suffix(500))")
      var sender = Sender(factory: EventFactory(seed: 5))
      try sender.send(to: node, atMost: 3)
      try expectFull(node, sender)
      #expect(sender.acknowledged.isEmpty)
      #expect(try node.stop().exit == .code(0))
      #expect(try node.records().isEmpty)
    }

    private func expectFull(_ node: Node, _ sender: Sender) throws {
      let refusal = try #require(sender.refusal, "no 507 after \(sender.sent.count) events")
      #expect(Int(refusal.fields["retry-after"] ?? "").map { $0 > 0 } == true)
      #expect(refusal.answer?.error?.status == "NOT_ENOUGH_SPACE_ERROR")
      #expect(refusal.answer?.message.contains("space") == true, "\(refusal.text)")
      #expect(node.probe("/healthz")?.status == 200)
      let readiness = try #require(node.probe("/readyz"))
      #expect(readiness.status == 503)
      #expect(["disk", "space"].contains { readiness.text.contains($0) }, "\(readiness.text)")
      #expect(try node.running.exit == nil)
    }

    /// By itself: nothing but a sender that tries again.
    private func expectRecovery(_ node: Node, _ sender: inout Sender) throws {
      let deadline = Deadline(.seconds(20))
      var isStored = false
      while !isStored, !deadline.hasPassed {
        try sender.send(to: node, atMost: 1) { response in
          isStored = response.status == 200
          return true
        }
        if !isStored { nap(milliseconds: 50) }
      }
      #expect(isStored, "still \(sender.refusal?.text ?? "") after there is room")
      #expect(Deadline(.seconds(40)).wait(every: 50) { node.probe("/readyz")?.status == 200 }, "\(node.probe("/readyz")?.text ?? "")")
      try sender.send(to: node, atMost: 10)
    }

    private func limitFiles(of node: Node, to limit: String) throws {
      let finished = try Program.run(
        ["prlimit", "--pid", "\(node.running.pid)", "--fsize=\(limit):unlimited"], directory: node.directory)
      guard finished.exit == .code(0) else { throw Failure("prlimit: \(finished.errorOutput)") }
    }
  }
}
