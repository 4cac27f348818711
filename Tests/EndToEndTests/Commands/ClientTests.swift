import Foundation
import Testing

extension EndToEnd {
  /// The clients that boxes and people use. However they write it, the same event has the same id.
  @Suite @BlockingThread struct Clients {
    nonisolated private static let hasRequests: Bool = {
      guard Surroundings.hasProgram("python3"), let directory = try? TemporaryDirectory() else { return false }
      return (try? Program.run(["python3", "-c", "import requests"], directory: directory))?.exit == .code(0)
    }()

    private static let event = ClientEvent()

    private func expectSameEvent(_ node: Node, _ directory: TemporaryDirectory, _ lines: [String], count: Int) throws {
      #expect(lines.count == count, "\(lines)")
      let ids = lines.compactMap { line in line.firstRange(of: #""id":""#).map { line[$0.upperBound...].prefix(36) } }
      #expect(lines.allSatisfy { $0.hasPrefix("200 ") } && ids.count == count && Set(ids).count == 1, "\(lines.joined(separator: "\n"))")
      // The reference that the others are held against: the very bytes of a box.
      let plain = try node.send(HTTPRequest(body: Array(Self.event.json.utf8), type: "application/json"))
      #expect(plain.answer?.elements.first?.id == ids.first.map(String.init), "\(plain.text)")
      #expect(plain.answer?.elements.first?.duplicate == true)
      #expect(try node.records().map(\.row.pictures) == [Self.event.expectedPictures])
    }

    @Test(
      "Python requests: json=, data=json.dumps(), data= with ext_data as text, files= with binary JPEGs are 200 and one event",
      .enabled(if: hasRequests, "python3 with requests is not installed"))
    func pythonRequests() throws {
      let node = try Node.started()
      let directory = try TemporaryDirectory()
      try Self.event.write(into: directory)
      let script = """
        import base64, json, sys
        import requests
        url, folder = sys.argv[1], sys.argv[2]
        event = json.load(open(folder + "/event.json"))
        ext = event["ext_data"]
        fields = {k: v for k, v in event.items() if k != "ext_data"}
        plain = {k: v for k, v in ext.items() if k != "spot_pic"}
        def show(answer):
          print(answer.status_code, answer.text.replace("\\n", " "))
        session = requests.Session()
        show(session.post(url, json=event))
        show(session.post(url, data=json.dumps(event)))
        show(session.post(url, data={**fields, "ext_data": json.dumps(ext)}))
        show(session.post(url, data={**fields, "ext_data": str(ext)}))
        reg, spot = open(folder + "/reg.jpg", "rb").read(), open(folder + "/spot.jpg", "rb").read()
        rest = {k: v for k, v in fields.items() if k != "reg_pic"}
        show(session.post(url, data={**rest, "ext_data": json.dumps(plain)},
          files={"reg_pic": ("reg.jpg", reg, "image/jpeg"), "spot_pic": ("spot.jpg", spot, "image/jpeg")}))
        show(session.post(url, files={k: (None, v if isinstance(v, str) else json.dumps(v)) for k, v in event.items()}))
        show(requests.post(url, data=(chunk for chunk in [json.dumps(event).encode()])))
        """
      let finished = try Program.run(
        ["python3", "-c", script, "http://127.0.0.1:\(node.port)/HistoryEvent", directory.path], directory: directory)
      #expect(finished.exit == .code(0), "\(finished.errorOutput.suffix(1000))")
      try expectSameEvent(node, directory, finished.output.split(separator: "\n").map(String.init), count: 7)
    }

    @Test("curl: --data, -F with files and -F with text are 200 and one event", .enabled(if: Surroundings.hasProgram("curl"), "no curl"))
    func curl() throws {
      let node = try Node.started()
      let directory = try TemporaryDirectory()
      try Self.event.write(into: directory)
      let url = "http://127.0.0.1:\(node.port)/HistoryEvent"
      let scalars = Self.event.scalars.flatMap { ["-F", "\($0.0)=\($0.1)"] }
      let calls: [[String]] = [
        ["--data", "@\(directory.file("event.json"))"],
        ["-H", "Content-Type: application/json", "--data-binary", "@\(directory.file("event.json"))"],
        scalars + ["-F", "ext_data=<\(directory.file("ext.json"))", "-F", "reg_pic=@\(directory.file("reg.jpg"));type=image/jpeg"],
        scalars + [
          "-F", "ext_data=<\(directory.file("ext-without.json"))", "-F", "reg_pic=@\(directory.file("reg.jpg"))", "-F",
          "spot_pic=@\(directory.file("spot.jpg"));type=image/jpeg",
        ],
        ["-H", "Expect: 100-continue", "-H", "Transfer-Encoding: chunked", "--data-binary", "@\(directory.file("event.json"))"],
      ]
      let lines = try calls.map { call in
        let finished = try Program.run(
          ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}"] + call + [url], directory: directory)
        let parts = finished.output.split(separator: "\n")
        return "\(parts.last ?? "") \(parts.first ?? "") \(finished.errorOutput)"
      }
      try expectSameEvent(node, directory, lines, count: calls.count)
    }
  }
}

/// One event with two pictures in the shapes that clients start from.
private struct ClientEvent {
  let reference: [UInt8]
  let scene: [UInt8]

  let scalars = [
    ("identity_id", "E-20417"), ("identity_name", "林薇"), ("group_name", "north_gate_staff"), ("timestamp", "1709626502345"),
    ("score", "0.71"),
  ]

  init() {
    var random = SeededRandom(seed: 99)
    reference = [0xFF, 0xD8, 0xFF, 0xE0] + random.bytes(3000)
    scene = [0xFF, 0xD8, 0xFF, 0xDB] + random.bytes(9000)
  }

  var expectedPictures: [StoredRecord.Row.Picture] {
    [("reference", reference), ("scene", scene)].map { .init(role: $0.0, bytes: $0.1.count, sha256: sha256($0.1)) }
  }

  private func extensions(hasScene: Bool) -> String {
    let picture = hasScene ? #","spot_pic":"\#(Data(scene).base64EncodedString())""# : ""
    return #"{"device_ip":"10.20.30.41","ep_id":"FOGLAB1__10.20.30.41","person_type":1,"device_type":"0","dev_sno":"FOGLAB1"\#(picture)}"#
  }

  var json: String {
    let text = scalars.prefix(3).map { #""\#($0.0)":"\#($0.1)""# }.joined(separator: ",")
    let picture = Data(reference).base64EncodedString()
    return #"{\#(text),"reg_pic":"\#(picture)","timestamp":1709626502345,"score":0.71,"ext_data":\#(extensions(hasScene: true))}"#
  }

  func write(into directory: TemporaryDirectory) throws {
    try directory.write(Array(json.utf8), to: "event.json")
    try directory.write(Array(extensions(hasScene: true).utf8), to: "ext.json")
    try directory.write(Array(extensions(hasScene: false).utf8), to: "ext-without.json")
    try directory.write(reference, to: "reg.jpg")
    try directory.write(scene, to: "spot.jpg")
  }
}
