import Testing

extension EndToEnd {
  @Suite @BlockingThread struct Sending {
    private let factory = EventFactory(seed: 21, pictureBytesMax: 6000)

    private func url(_ node: Node, _ path: String = "/HistoryEvent") -> String { "http://127.0.0.1:\(node.port)\(path)" }

    @Test("send posts one event as JSON and as form-data, prints the answers, and says by its exit code that all were accepted")
    func bothForms() throws {
      let node = try Node.started()
      let event = factory.event(1, form: "G3c")
      let file = try node.directory.write(event.json, to: "event.json")
      let first = try node.run(["send", file, "--to", url(node)])
      #expect(first.exit == .code(0) && first.output.contains("200") && first.output.contains("stored"), "\(first.all)")
      let second = try node.run(["send", file, "--to", url(node), "--form", "form-data"])
      #expect(second.exit == .code(0) && second.output.contains("duplicate"), "\(second.all)")
      let third = try node.run(["send", "-", "--to", url(node)], input: file)
      #expect(third.exit == .code(0) && third.output.contains("duplicate"), "\(third.all)")
      let id = try #require(try node.records().first?.row.id)
      #expect(first.output.contains(id) && second.output.contains(id))
      #expect(try Comparison(sent: [event], acknowledged: [event.key: id]).problems(in: node) == [])
    }

    @Test("send takes directories, NDJSON and arrays; what is stored is sent again as duplicates")
    func manyEvents() throws {
      let node = try Node.started()
      // One line each.
      let events = (0..<40).map { factory.event($0, form: "G1") }.filter { !$0.json.contains(UInt8(ascii: "\n")) }
      try #require(events.count > 12)
      let folder = node.directory.file("events")
      _ = try Program.run(["mkdir", folder], directory: node.directory)
      let lines = events[4...].map { $0.json + [UInt8(ascii: "\n")] }
      try node.directory.write(events[0].json, to: "events/one.json")
      try node.directory.write(EventFactory.array(of: events[1..<4].map(\.json)), to: "events/several.json")
      try node.directory.write(lines.flatMap { $0 }, to: "events/lines.ndjson")
      try node.directory.write(Array("not an event".utf8), to: "events/readme.txt")
      let finished = try node.run(["send", folder, "--to", url(node), "--concurrency", "4"])
      #expect(finished.exit == .code(0), "\(finished.all.prefix(2000))")
      let rows = try node.records()
      let acknowledged = Dictionary(rows.map { ($0.key, $0.row.id) }) { first, _ in first }
      #expect(acknowledged.count == events.count)
      #expect(try Comparison(sent: events, acknowledged: acknowledged).problems(in: node) == [])
      let again = try node.run(["send", folder, "--to", url(node)])
      #expect(again.exit == .code(0) && again.all.contains("\(events.count) duplicate"), "\(again.all.suffix(300))")
    }

    @Test("what events prints can be sent on, and is the same there")
    func chain() throws {
      let node = try Node.started()
      let cloud = try Node.started()
      let events = (0..<20).map { factory.event($0, form: "G5") }
      for event in events { #expect(try node.send(HTTPRequest(body: event.json)).status == 200) }
      let printed = try node.run(["events", "--data", node.data, "--format", "original", "--limit", "100"])
      let oneLine = events.filter { !$0.json.contains(UInt8(ascii: "\n")) }
      let lines = printed.output.split(separator: "\n").filter { $0.hasPrefix("{") }
      #expect(lines.count == oneLine.count && !lines.isEmpty)
      let file = try node.directory.write(Array(lines.joined(separator: "\n").utf8), to: "out.ndjson")
      let sent = try cloud.run(["send", file, "--to", url(cloud)])
      #expect(sent.exit == .code(0), "\(sent.all)")
      let here = Dictionary(uniqueKeysWithValues: try node.records().map { ($0.key, $0.row.id) })
      for record in try cloud.records() { #expect(here[record.key] == record.row.id) }
    }

    @Test("send fails with a reason when an event is refused, nobody answers, or a file is missing")
    func failures() throws {
      let node = try Node.started()
      let bad = try node.directory.write(Array(#"{"nothing":"known"}"#.utf8), to: "bad.json")
      let refused = try node.run(["send", bad, "--to", url(node)])
      #expect(refused.exit == .code(1) && refused.all.contains("422"), "\(refused.all)")
      let missing = try node.run(["send", node.directory.file("missing.json"), "--to", url(node)])
      #expect(missing.exit != .code(0) && missing.errorOutput.contains("missing.json"), "\(missing.all)")
      let good = try node.directory.write(factory.event(3).json, to: "good.json")
      _ = try node.stop()
      var alone: Node.Finished?
      let took = try seconds { alone = try node.run(["send", good, "--to", url(node)], within: .seconds(90)) }
      #expect(alone?.exit == .code(1) && alone?.all.contains("no answer") == true, "\(alone?.all ?? "")")
      #expect(took < 20, "a refused connection is known at once")
      #expect(try node.run(["send", good]).exit == .code(64))
      #expect(try node.run(["send", good, "--to", "ftp://nowhere"]).exit == .code(64))
    }

    @Test("send puts picture files into an event")
    func pictures() throws {
      let node = try Node.started()
      var random = SeededRandom(seed: 1)
      let (reference, scene) = ([0xFF, 0xD8, 0xFF, 0xE0] + random.bytes(500), [0xFF, 0xD8, 0xFF, 0xE1] + random.bytes(700))
      let event = try node.directory.write(
        Array(#"{"identity_id":"E-1","timestamp":1709626502345,"reg_pic":"","ext_data":{"dev_sno":"FOGLAB1"}}"#.utf8), to: "event.json")
      let files = [try node.directory.write(reference, to: "a.jpg"), try node.directory.write(scene, to: "b.jpg")]
      for form in ["json", "form-data"] {
        let sent = try node.run(
          ["send", event, "--to", url(node), "--picture", "reference=\(files[0])", "--picture", "scene=\(files[1])", "--form", form])
        #expect(sent.exit == .code(0), "\(sent.all)")
      }
      let rows = try node.records().map(\.row)
      #expect(rows.count == 1 && rows[0].pictures.map(\.sha256) == [sha256(reference), sha256(scene)])
    }
  }
}
