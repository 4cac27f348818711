import Foundation
import Testing

extension EndToEnd {
  /// Starting, stopping and what goes on beside.
  @Suite @BlockingThread struct Process {
    @Test("a second serve on one directory is refused with a message that names the first")
    func secondServe() throws {
      let first = try Node.started()
      let second = try Node(data: first.data)
      let child = try second.launch()
      #expect(child.wait(within: .seconds(15)) == .code(75), "\(child.errorOutput)")
      #expect(child.errorOutput.contains("\(try first.running.pid)"), "\(child.errorOutput)")
      #expect(child.errorOutput.contains("another") || child.errorOutput.contains("in use"), "\(child.errorOutput)")
      #expect(!child.errorOutput.contains("Fatal"))
      #expect(try first.send(.json(Hostile.event)).status == 200)
      try first.killHard()
      // Whoever held it is dead: the lock went with it.
      try second.start()
      #expect(try second.records().count == 1)
    }

    @Test("a port in use, a directory that cannot be written and bad settings stop the start, each with its reason and code")
    func badStarts() throws {
      let other = try Node.started()
      let node = try Node()
      func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Node.Finished {
        try node.run(["serve"] + arguments, environment: environment, within: .seconds(15))
      }
      let taken = try start("--listen", "127.0.0.1:\(other.port)", "--data", node.data)
      #expect(taken.exit == .code(69) && taken.errorOutput.contains("\(other.port)"), "\(taken.all)")
      #expect(try node.run(["serve", "--listen", "203.0.113.7:9528", "--data", node.data]).exit == .code(69))

      let listen = ["--listen", "127.0.0.1:\(node.port)"]
      let proc = try start(listen[0], listen[1], "--data", "/proc/fogcatcher")
      #expect(proc.exit == .code(74) && proc.errorOutput.contains("/proc/fogcatcher"), "\(proc.all)")
      let file = try node.directory.write([1], to: "file")
      let notDirectory = try start(listen[0], listen[1], "--data", file)
      #expect(notDirectory.exit == .code(74) && notDirectory.errorOutput.contains(file), "\(notDirectory.all)")

      let bad = try start("--body-max", "lots", "--data", node.data)
      #expect(bad.exit == .code(78) && bad.errorOutput.contains("body-max") && bad.errorOutput.contains("lots"), "\(bad.all)")
      let unknown = try start(listen[0], listen[1], "--data", node.data, environment: ["FOGCATCHER_BODY_MAXX": "1MiB"])
      #expect(unknown.exit == .code(78) && unknown.errorOutput.contains("FOGCATCHER_BODY_MAXX"), "\(unknown.all)")
      let variable = try start("--data", node.data, environment: ["FOGCATCHER_HEADER_COUNT_MAX": "-1"])
      #expect(variable.exit == .code(78) && variable.errorOutput.contains("FOGCATCHER_HEADER_COUNT_MAX"), "\(variable.all)")
      let settings = try node.directory.write(Array("bodymax: 1MiB\n".utf8), to: "settings.yaml")
      let key = try start("--config", settings, "--data", node.data)
      #expect(key.exit == .code(78) && key.errorOutput.contains("bodymax") && key.errorOutput.contains("body-max"), "\(key.all)")
      #expect(try start("--no-such-flag").exit == .code(64))
    }

    @Test("a signal during traffic ends it with code 0 within 10 s; every acknowledged event is there", arguments: [SIGTERM, SIGINT])
    func stopsInTraffic(signal: Int32) throws {
      // One with the default, which has to fit into 10 s too.
      let node = try Node.started(flags: signal == SIGTERM ? [] : ["--stop-grace", "1s"])
      let fleet = Fleet(node: node, factory: EventFactory(seed: UInt64(signal) + 100))
      #expect(Deadline(.seconds(30)).wait { fleet.answers > 60 })
      let stalled = try Socket(port: node.port)
      try stalled.send("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
      let stopped = try node.stop(signal)
      #expect(stopped.exit == .code(0), "\(node.log.suffix(500))")
      #expect(stopped.seconds < 10)
      try fleet.abandon()
      #expect(fleet.findings.all == [])
      #expect(try node.verify().exit == .code(0))
      let shipments = try fleet.shipments()
      let comparison = Comparison(
        sent: shipments.flatMap(\.events), formData: Set(shipments.filter { $0.encoding == .formData }.flatMap(\.events).map(\.key)),
        acknowledged: fleet.acknowledged)
      #expect(try comparison.problems(in: node) == [])
    }

    @Test("after an orderly stop a restart has nothing to recover")
    func cleanRestart() throws {
      let node = try Node.started()
      let factory = EventFactory(seed: 31)
      for number in 0..<30 { #expect(try node.send(factory.shipment(number).request).status == 200) }
      #expect(try node.stop().exit == .code(0))
      let log = node.data + "/fogcatcher.db-wal"
      #expect(contents(log).isEmpty, "the write-ahead log is not written back")
      let volumes = files(below: node.data).filter { $0.hasSuffix(".volume") }.map { contents(node.data + "/" + $0) }
      try node.start()
      for word in ["cut", "torn", "recover", "sealed"] { #expect(!node.log.lowercased().contains(word), "\(node.log)") }
      #expect(files(below: node.data).filter { $0.hasSuffix(".volume") }.map { contents(node.data + "/" + $0) } == volumes)
    }

    @Test("serve prints what a person needs to paste into a box, and a log without personal data")
    func announcement() throws {
      let node = try Node.started()
      #expect(try node.send(.json(#"{"identity_id":"Q-7788","identity_name":"Secret Name","timestamp":1709626502345}"#)).status == 200)
      #expect(try node.send(.json(#"{"identity_id":"Q-7788","identity_name":"Secret Name"#)).status == 400)
      let text = try node.running.output
      for part in ["http://127.0.0.1:\(node.port)/HistoryEvent", "/RealTimeEvent", "/DeviceStatus", node.data, "Ctrl-C"] {
        #expect(text.contains(part), "\(part) is missing: \(text)")
      }
      let metrics = try #require(node.probe("/metrics"))
      #expect(metrics.status == 200 && metrics.text.contains("fogcatcher_"))
      _ = try node.stop()
      for secret in ["Secret", "Q-7788"] {
        #expect(!node.log.contains(secret) && !metrics.text.contains(secret), "\(secret) is in the log")
      }
    }

    @Test("events and verify work beside a running serve, under load")
    func readsBesideServe() throws {
      let node = try Node.started()
      let fleet = Fleet(node: node, factory: EventFactory(seed: 41, pictureBytesMax: 10_000), connections: 4, pauseMilliseconds: 10)
      for round in 1...3 {
        #expect(Deadline(.seconds(30)).wait { fleet.answers > 20 * round })
        let before = fleet.acknowledged
        let answers = fleet.answers
        let rows = try node.records()
        let ids = Set(rows.map(\.row.id))
        #expect(before.values.allSatisfy(ids.contains), "an acknowledged event is not seen")
        let originals = try node.originals()
        #expect(originals.exit == .code(0), "\(originals.errorOutput)")
        let verified = try node.verify()
        #expect(verified.exit == .code(0), "\(verified.all)")
        #expect(fleet.answers > answers, "nobody is served while somebody reads")
      }
      try fleet.finish()
      #expect(fleet.findings.all == [])
      let repair = try node.verify("--repair")
      #expect(repair.exit == .code(75), "repair beside serve must be refused: \(repair.all)")
    }

    @Test("events filters, orders and limits; what does not match is said")
    func filters() throws {
      let node = try Node.started()
      let factory = EventFactory(seed: 51, pictureBytesMax: 2000)
      let events = (0..<12).map { factory.event($0, form: "G4a") }
      for event in events { #expect(try node.send(HTTPRequest(body: event.json)).status == 200) }
      func lines(_ flags: String...) throws -> [Substring] {
        let finished = try node.run(["events", "--data", node.data, "--format", "ndjson"] + flags)
        #expect(finished.exit == .code(0), "\(finished.all)")
        return finished.output.split(separator: "\n")
      }
      #expect(try lines().count == 12)
      #expect(try lines("--limit", "5").count == 5)
      #expect(try lines("--person", events[3].personID).count == 1)
      #expect(try lines("--person", "nobody").isEmpty)
      #expect(try lines("--box", "FOGLAB1").count == 2)
      #expect(try lines("--lane", "realtime").isEmpty)
      #expect(try lines("--oldest").reversed() == lines("--newest"))
      let table = try node.run(["events", "--data", node.data])
      #expect(table.exit == .code(0) && table.output.contains(events[3].personID.prefix(6)), "\(table.output)")
      #expect(try node.run(["events", "--data", node.directory.file("none")]).exit == .code(74))
    }

    @Test("every command has a help that teaches by example; version and config print")
    func helps() throws {
      let node = try Node()
      for command in ["serve", "send", "events", "verify", "config", "version"] {
        let help = try node.run([command, "--help"])
        #expect(help.exit == .code(0) && help.output.contains("fogcatcher \(command)"), "\(help.output)")
      }
      #expect(try node.run(["version"]).exit == .code(0))
      let config = try node.run(["config", "--body-max", "16MiB"], environment: ["FOGCATCHER_RETRY_AFTER": "7"])
      #expect(
        config.exit == .code(0) && config.output.contains("16MiB") && config.output.contains("FOGCATCHER_RETRY_AFTER"), "\(config.all)")
    }
  }
}
