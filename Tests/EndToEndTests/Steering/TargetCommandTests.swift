import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite @BlockingThread struct Steering {
    private let factory = EventFactory(seed: 32, pictureBytesMax: 6000)

    @Test("target works on the running node and on the data directory alike, and shows no secrets")
    func bothWays() throws {
      let node = try Node()
      let arguments = ["--data", node.data]
      let added = try node.run(
        [
          "target", "add", "cloud", "--to", "http://me:hidden1@127.0.0.1:9/HistoryEvent?token=hidden2", "--header",
          "Authorization: hidden3",
        ]
          + arguments)
      #expect(added.exit == .code(0) && added.output.contains("added cloud"), "\(added.all)")
      try node.start()
      #expect(try node.run(["target", "pause", "cloud", "--reason", "moving"] + arguments).exit == .code(0))
      #expect(try node.run(["target", "set", "cloud", "--pictures", "scene,face", "--form", "form-data"] + arguments).exit == .code(0))
      for isRunning in [true, false] {
        if !isRunning { _ = try node.stop() }
        let table = try node.run(["target", "list"] + arguments)
        #expect(table.output.contains("paused") && table.output.contains("scene,face") && table.output.contains("moving"), "\(table.all)")
        let json = try node.run(["target", "list", "--format", "json"] + arguments)
        let list = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(list.count == 1 && list[0]["format"] as? String == "form-data")
        for text in [added.all, table.all, json.all] { #expect(!text.contains("hidden")) }
      }
      #expect(!node.log.contains("hidden"))
      #expect(try node.run(["target", "resume", "cloud"] + arguments).exit == .code(0))
      #expect(try node.run(["target", "remove", "cloud"] + arguments).exit == .code(0))
      let empty = try node.run(["target", "list"] + arguments)
      #expect(empty.exit == .code(0) && empty.output.isEmpty && empty.errorOutput.contains("nothing is forwarded"))
    }

    @Test("What cannot be is refused with what to do")
    func refusals() throws {
      let node = try Node.started()
      let cases: [(arguments: [String], says: String)] = [
        (["target", "resume", "nobody"], "target list"), (["target", "add", "a", "--to", "ftp://x"], "http://"),
        (["target", "add", "A b", "--to", "http://x"], "a-z"), (["target", "add", "a"], "urls"),
        (["target", "add", "a", "--to", "http://x", "--header", "secret"], "--header must be"),
        (["target", "add", "a", "--to", "http://127.0.0.1:\(node.port)/x"], "this node itself"),
        (["parked", "show", "a", "1"], "parked list"), (["quarantine", "resubmit", "7"], "quarantine list"),
      ]
      for (arguments, says) in cases {
        let finished = try node.run(arguments + ["--data", node.data])
        #expect(finished.exit != .code(0) && finished.errorOutput.contains(says), "\(arguments): \(finished.all)")
        #expect(!finished.all.contains("secret"))
      }
      let nowhere = try node.run(["backlog", "--data", node.directory.file("nothing")])
      #expect(nowhere.exit == .code(74) && nowhere.errorOutput.contains("--data"), "\(nowhere.all)")
    }

    @Test("An event that a target refuses is parked with the answer and the rest flow; when the target is mended, replay delivers it")
    func parkedReplay() throws {
      let node = try Node.started()
      let cloud = try Node(flags: ["--strict"])
      try cloud.start()
      #expect(
        try node.run(["target", "add", "cloud", "--to", "http://127.0.0.1:\(cloud.port)/HistoryEvent", "--data", node.data]).exit
          == .code(0))
      // Without a name, which a strict receiver wants.
      let poisoned = #"{"identity_id":"E-1","timestamp":1709626502345,"score":0.5,"reg_pic":"","ext_data":{"dev_sno":"FOGLAB1"}}"#
      #expect(try node.send(HTTPRequest(body: Array(poisoned.utf8))).status == 200)
      let good =
        #"{"identity_id":"E-2","identity_name":"A","group_name":"g","timestamp":1709626502346,"score":0.5,"reg_pic":"","ext_data":{"dev_sno":"FOGLAB1","ep_id":"x","device_ip":"1.2.3.4","person_type":1,"device_type":"0","spot_pic":""}}"#
      #expect(try node.send(HTTPRequest(body: Array(good.utf8))).status == 200)
      #expect(Deadline(.seconds(60)).wait { (try? cloud.records())?.contains { $0.row.person.id == "E-2" } == true })
      let listed = try node.run(["parked", "list", "--data", node.data])
      #expect(listed.output.contains("cloud") && listed.output.contains("422"), "\(listed.all)")
      let shown = try node.run(["parked", "show", "cloud", "1", "--data", node.data])
      #expect(shown.exit == .code(0) && shown.output.contains("HTTP 422") && shown.output.contains("identity_name"), "\(shown.all)")
      let backlog = try node.run(["backlog", "--data", node.data])
      #expect(backlog.output.contains("cloud") && backlog.exit == .code(0), "\(backlog.all)")

      let mended = try Node(data: cloud.data, flags: [])
      _ = try cloud.stop()
      try mended.start()
      #expect(
        try node.run(["target", "set", "cloud", "--to", "http://127.0.0.1:\(mended.port)/HistoryEvent", "--data", node.data]).exit
          == .code(0))
      let replayed = try node.run(["parked", "replay", "cloud", "--all", "--data", node.data])
      #expect(replayed.exit == .code(0) && replayed.output.contains("1 will be sent again"), "\(replayed.all)")
      #expect(Deadline(.seconds(60)).wait { (try? mended.records())?.contains { $0.row.person.id == "E-1" } == true })
      let left = Deadline(.seconds(30)).wait { (try? node.run(["parked", "list", "--data", node.data]))?.output.isEmpty == true }
      #expect(left)
    }

    @Test("What is in the quarantine can be mended and kept, on a running node and on its data directory")
    func quarantine() throws {
      let node = try Node.started()
      for body in [#"{"identity_id":"E-1","#, #"{"identity_id":"E-2","#] {
        #expect(try node.send(HTTPRequest(body: Array(body.utf8))).status == 400)
      }
      let list = try node.run(["quarantine", "list", "--data", node.data])
      #expect(list.output.split(separator: "\n").count == 3 && list.output.contains("/HistoryEvent"), "\(list.all)")
      #expect(try node.run(["quarantine", "show", "1", "--data", node.data]).output == "{\"identity_id\":\"E-1\",\n")
      let still = try node.run(["quarantine", "resubmit", "1", "--data", node.data])
      #expect(still.exit == .code(1) && still.output.contains("400"), "\(still.all)")
      for (number, isRunning) in [(1, true), (2, false)] {
        if !isRunning { _ = try node.stop() }
        let mended = try node.directory.write(
          Array(#"{"identity_id":"E-\#(number)","timestamp":1709626502345,"reg_pic":""}"#.utf8), to: "mended.json")
        let kept = try node.run(["quarantine", "resubmit", "\(number)", "--file", mended, "--data", node.data])
        #expect(kept.exit == .code(0) && kept.output.contains("stored"), "\(kept.all)")
        #expect(try node.records().contains { $0.row.person.id == "E-\(number)" && $0.row.lane == "history" })
      }
      #expect(try node.run(["quarantine", "list", "--data", node.data]).output.isEmpty)
      #expect(try node.run(["quarantine", "drop", "1", "--data", node.data]).exit == .code(1))
      #expect(try node.verify().exit == .code(0))
    }

    @Test("target test shows the whole answer, and says by its exit code whether it was accepted")
    func targetTest() throws {
      let node = try Node.started()
      let cloud = try Node.started()
      let url = "http://127.0.0.1:\(cloud.port)"
      for (name, path, lane) in [
        ("good", "/HistoryEvent", "history"), ("bad", "/nowhere", "history"), ("state", "/DeviceStatus", "status"),
      ] {
        #expect(try node.run(["target", "add", name, "--lane", lane, "--to", url + path, "--data", node.data]).exit == .code(0))
      }
      let good = try node.run(["target", "test", "good", "--data", node.data])
      #expect(good.exit == .code(0) && good.output.contains("HTTP 200") && good.output.contains(#""message":"SUCCESS""#), "\(good.all)")
      #expect(try cloud.records().contains { $0.row.person.id == "fogcatcher-test" })
      let bad = try node.run(["target", "test", "bad", "--data", node.data])
      #expect(bad.exit == .code(1) && bad.output.contains("HTTP 404") && bad.output.contains("NOT_FOUND"), "\(bad.all)")
      #expect(try node.run(["target", "test", "state", "--data", node.data]).exit == .code(0))
    }

    @Test("The socket is the owner's alone, goes with the node, and what a killed node left does not matter")
    func socket() throws {
      let node = try Node.started()
      let path = node.data + "/admin.sock"
      var status = stat()
      #expect(Deadline(.seconds(10)).wait { stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600 })
      #expect(status.st_mode & S_IFMT == S_IFSOCK)
      try node.killHard()
      #expect(stat(path, &status) == 0)
      #expect(try node.run(["backlog", "--data", node.data]).exit == .code(0))
      try node.start()
      #expect(try node.run(["backlog", "--data", node.data]).exit == .code(0))
      _ = try node.stop()
      #expect(stat(path, &status) != 0)
    }

    @Test("Where the path is too long for a socket the node works, and the command line says what to do")
    func longPath() throws {
      let directory = try TemporaryDirectory()
      let node = try Node(data: directory.file(String(repeating: "d", count: 110)))
      try node.start()
      #expect(node.log.contains("socket's path"))
      let refused = try node.run(["backlog", "--data", node.data])
      #expect(refused.exit == .code(75) && refused.errorOutput.contains("symbolic link"), "\(refused.all)")
      #expect(symlink(node.data, directory.file("short")) == 0)
    }

    @Test("make demo's script shows the whole, ends by itself and leaves nothing behind")
    func demo() throws {
      let directory = try TemporaryDirectory()
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../scripts/demo").standardized
        .path
      let finished = try Program.run(
        ["bash", script, Surroundings.executable], environment: ["DEMO_SECONDS": "6", "TMPDIR": directory.path], directory: directory,
        within: .seconds(180))
      #expect(finished.exit == .code(0) && finished.output.contains("nothing was lost"), "\(finished.all.suffix(3000))")
      let left = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("fogcatcher-demo") }
      #expect(left.isEmpty)
    }
  }
}
