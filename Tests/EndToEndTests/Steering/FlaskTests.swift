import Foundation
import Testing

extension EndToEnd {
  /// Somebody who has never heard of Fogcatcher reads what it sends, with the calls that Flask's own pages teach.
  @Suite @BlockingThread struct PlainReceiver {
    nonisolated private static let hasFlask: Bool = {
      guard Surroundings.hasProgram("python3"), let directory = try? TemporaryDirectory() else { return false }
      return (try? Program.run(["python3", "-c", "import flask"], directory: directory))?.exit == .code(0)
    }()

    private static let receiver = """
      import base64, json, sys
      from flask import Flask, request
      app = Flask(__name__)
      @app.route("/ready")
      def ready():
        return "yes"
      @app.route("/getRecord", methods=["POST"])
      def record():
        event = request.get_json() if request.is_json else request.form
        ext = event["ext_data"]
        if isinstance(ext, str):
          ext = json.loads(ext)
        scene = base64.b64decode(ext["spot_pic"], validate=True)
        reference = base64.b64decode(event["reg_pic"], validate=True)
        line = [event["identity_id"], event["identity_name"], int(event["timestamp"]), float(event["score"]), ext["dev_sno"],
          reference[:2].hex(), scene[:2].hex(), "json" if request.is_json else "form"]
        with open(sys.argv[2], "a", encoding="utf-8") as out:
          out.write(json.dumps(line, ensure_ascii=False) + "\\n")
        return {"status": 0, "message": "SUCCESS"}
      app.run("127.0.0.1", int(sys.argv[1]))
      """

    @Test(
      "A plain Flask program reads events in both formats", .enabled(if: hasFlask, "python3 with flask is not installed"),
      arguments: ["json", "form-data"])
    func flask(form: String) throws {
      let node = try Node.started()
      let port = try Ports.free()
      let out = node.directory.file("events.jsonl")
      let script = try node.directory.write(Array(Self.receiver.utf8), to: "receiver.py")
      let flask = try ChildProcess(["python3", script, "\(port)", out], output: node.directory.file("flask"))
      defer { flask.kill(9) }
      let isReady = Deadline(.seconds(30)).wait {
        (try? HTTPConnection(port: port).exchange(HTTPRequest("GET", "/ready"), within: .seconds(5)))?.status == 200
      }
      #expect(isReady, "\(flask.errorOutput)")
      let added = try node.run(
        ["target", "add", "flask", "--form", form, "--to", "http://127.0.0.1:\(port)/getRecord", "--data", node.data])
      #expect(added.exit == .code(0), "\(added.all)")
      let sent = try node.run([
        "simulate", "--to", "http://127.0.0.1:\(node.port)/HistoryEvent", "--form", "G3a", "--events", "20", "--rate", "50",
        "--stranger-share", "0",
      ])
      #expect(sent.exit == .code(0), "\(sent.all)")
      let lines = { ((try? String(contentsOfFile: out, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init) }
      #expect(Deadline(.seconds(60)).wait { lines().count >= 20 }, "\(lines().count); \(flask.errorOutput.suffix(2000))")
      let people = Set(try node.records().compactMap(\.row.person.id))
      for line in lines() {
        let values = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
        #expect(people.contains(values[0] as? String ?? ""))
        #expect((values[4] as? String)?.hasPrefix("FOGSIM") == true)
        #expect(values[5] as? String == "ffd8" && values[6] as? String == "ffd8")
        #expect(values[7] as? String == (form == "json" ? "json" : "form"))
      }
      #expect(try node.run(["parked", "list", "--data", node.data]).output.isEmpty)
    }
  }
}
