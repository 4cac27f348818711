import Foundation
import Testing

extension EndToEnd {
  /// Bits flip and files end early. Damaged is an answer; wrong bytes and crashes are not.
  @Suite @BlockingThread struct Damage {
    /// A data directory full of events, copied for each damage.
    private struct Template {
      let node: Node
      var events: [SampleEvent] = []
      var formData: Set<EventKey> = []
      var acknowledged: [EventKey: String] = [:]

      /// - Parameter isStopped: false leaves the write-ahead log as kill -9 does.
      init(seed: UInt64, isStopped: Bool) throws {
        let factory = EventFactory(seed: seed, pictureBytesMax: 12_000)
        node = try Node.started()
        let connection = try HTTPConnection(port: node.port)
        for number in 0..<40 {
          let shipment = try factory.shipment(number)
          let response = try connection.exchange(shipment.request)
          guard response.status == 200, let answer = response.answer else {
            throw Failure("\(response.status) \(response.text.prefix(200))")
          }
          for (event, element) in zip(shipment.events, answer.elements) { acknowledged[event.key] = element.id }
          events += shipment.events
          if shipment.encoding == .formData { formData.formUnion(shipment.events.map(\.key)) }
        }
        _ = try connection.exchange(.json("{\"broken"))
        if isStopped { _ = try node.stop() } else { try node.killHard() }
        // A killed node leaves its socket behind, which is no data and cannot be copied.
        if !isStopped { try? FileManager.default.removeItem(atPath: node.data + "/admin.sock") }
      }

      func copy() throws -> Node {
        let copy = try Node()
        try FileManager.default.copyItem(atPath: node.data, toPath: copy.data)
        return copy
      }

      /// Looks like an event's own, and is not in the template.
      var fresh: SampleEvent { EventFactory(seed: 77).event(0, form: "G1") }

      func comparison(isComplete: Bool = false) -> Comparison {
        Comparison(sent: events + [fresh], formData: formData, acknowledged: isComplete ? acknowledged : [:])
      }
    }

    @Test(
      "flipped bits and cut tails anywhere: it starts or says why not, never crashes, never gives wrong bytes", .timeLimit(.minutes(30)),
      arguments: [true, false])
    func anywhere(isStopped: Bool) throws {
      let seed = Surroundings.seeds.last ?? 1
      var random = SeededRandom(seed: seed &+ (isStopped ? 0 : 1))
      let template = try Template(seed: seed, isStopped: isStopped)
      let names = files(below: template.node.data)
      #expect(names.contains { $0.hasSuffix(".volume") } && names.contains { $0.hasSuffix(".db") }, "\(names)")
      for number in 0..<max(1, Surroundings.damages / 2) {
        let copy = try template.copy()
        // Each kind of file in turn, whatever its size.
        let damage = try FileDamage(below: copy.data, name: names[number % names.count], &random)
        try damage.apply()
        // A log that breaks off is what a crash leaves, so nobody can tell a bit flipped there (SQLite, "WAL-mode File Format", 4.1).
        try tryOut(copy, template, "\(damage), seed \(seed), stopped \(isStopped)", canHide: damage.name.hasSuffix("-wal"))
      }
    }

    private func tryOut(_ node: Node, _ template: Template, _ what: String, canHide: Bool) throws {
      let before = try template.comparison().forgeries(in: node)
      #expect(before.problems == [], "events after \(what)")
      expectNoCrash(before.originals.exit, before.originals.errorOutput, "events after \(what)")
      let verified = try node.verify()
      expectNoCrash(verified.exit, verified.errorOutput, "verify after \(what)")
      if before.originals.texts.count < template.events.count, !canHide {
        #expect(
          verified.exit != .code(0), "verify finds nothing after \(what), but only \(before.originals.texts.count) events can be read")
      }

      try serve(node, template, what)
      let after = try template.comparison().forgeries(in: node)
      #expect(after.problems == [], "events after serving, after \(what)")

      let repaired = try node.verify("--repair")
      expectNoCrash(repaired.exit, repaired.errorOutput, "repair after \(what)")
      // 74 is "this database cannot be opened": there is nothing to repair then.
      guard repaired.exit != .code(74) else { return }
      let again = try node.verify()
      #expect(again.exit == .code(0), "verify after repair, after \(what): \(repaired.all.prefix(700)) --- \(again.all.prefix(700))")
      #expect(try template.comparison().forgeries(in: node).problems == [], "events after repair, after \(what)")
    }

    private func serve(_ node: Node, _ template: Template, _ what: String) throws {
      let child = try node.launch()
      #expect(
        Deadline(.seconds(30)).wait { child.exit != nil || node.probe("/healthz")?.status == 200 }, "neither up nor down after \(what)")
      if child.exit == nil {
        let response = try node.send(HTTPRequest("POST", "/HistoryEvent", body: template.fresh.json))
        #expect([200, 500, 503].contains(response.status), "\(what): \(response.text)")
        guard let stopped = try? node.stop() else {
          Issue.record("does not stop after \(what): \(node.log.suffix(2000))")
          return try node.killHard()
        }
        expectNoCrash(stopped.exit, node.log, "serve after \(what)")
      } else if let exit = child.exit {
        expectNoCrash(exit, child.errorOutput, "serve after \(what)")
        #expect(exit != .code(0) && child.errorOutput.count > 20, "refuses without a reason after \(what)")
      }
    }

    private func expectNoCrash(_ exit: ChildProcess.Exit, _ errorOutput: String, _ what: String) {
      if case .signal = exit { Issue.record("\(what): \(exit) \(errorOutput.suffix(1500))") }
      #expect(!errorOutput.contains("Fatal error"), "\(what): \(errorOutput.suffix(1500))")
    }

    @Test("a flipped bit in a stored picture is found by verify, costs that picture alone, and can be set aside")
    func flippedPicture() throws {
      let template = try Template(seed: 11, isStopped: true)
      let node = try template.copy()
      let victim = try #require(template.events.first { event in event.pictures.contains { $0.role == "scene" } })
      let picture = try #require(victim.pictures.first { $0.role == "scene" })
      try flip(picture.bytes, below: node.data)

      let originals = try template.comparison().forgeries(in: node)
      #expect(originals.problems == [])
      #expect(originals.originals.exit == .code(1))
      #expect(originals.originals.texts.count == template.events.count - 1, "only the damaged event has no original")
      #expect(originals.originals.errorOutput.contains(template.acknowledged[victim.key] ?? "?"))

      let verified = try node.verify()
      #expect(verified.exit == .code(1), "\(verified.all)")
      #expect(verified.all.contains("volume"), "\(verified.all)")
      let repaired = try node.verify("--repair")
      let again = try node.verify()
      #expect(again.exit == .code(0), "\(repaired.all) --- \(again.all)")
      try node.start()
      #expect(try node.send(HTTPRequest("POST", "/HistoryEvent", body: template.fresh.json)).status == 200)
      #expect(try node.stop().exit == .code(0))
    }

    private func flip(_ bytes: [UInt8], below directory: String) throws {
      for name in files(below: directory) where name.hasSuffix(".volume") {
        var content = contents(directory + "/" + name)
        guard let range = content.firstRange(of: bytes) else { continue }
        content[range.lowerBound + bytes.count / 2] ^= 0x10
        return try Data(content).write(to: URL(fileURLWithPath: directory + "/" + name))
      }
      throw Failure("the picture is in no volume")
    }

    @Test("an undamaged store is called clean, and repair leaves it as it is")
    func undamaged() throws {
      let template = try Template(seed: 12, isStopped: true)
      for flags in [[], ["--repair"], []] {
        let finished = try template.node.run(["verify", "--data", template.node.data] + flags)
        #expect(finished.exit == .code(0), "\(finished.all)")
      }
      #expect(try template.comparison(isComplete: true).problems(in: template.node) == [])
    }

    @Test("a newer schema is refused with both versions, not touched")
    func newerSchema() throws {
      let template = try Template(seed: 13, isStopped: true)
      guard Surroundings.hasProgram("python3") else { return }
      let script = """
        import sqlite3,sys
        c=sqlite3.connect(sys.argv[1]); c.execute("insert into grdb_migrations values('9999 from the future')"); c.commit()
        """
      let changed = try Program.run(["python3", "-c", script, template.node.data + "/fogcatcher.db"], directory: template.node.directory)
      #expect(changed.exit == .code(0), "\(changed.errorOutput)")
      let child = try template.node.launch()
      #expect(child.wait(within: .seconds(20)) == .code(74), "\(child.errorOutput)")
      #expect(child.errorOutput.contains("newer"), "\(child.errorOutput)")
    }
  }
}
