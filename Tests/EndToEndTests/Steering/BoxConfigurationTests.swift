import Foundation
import Testing

extension EndToEnd {
  @Suite @BlockingThread struct BoxConfiguration {
    private let factory = EventFactory(seed: 31, pictureBytesMax: 6000)

    private func post(_ path: String, _ body: String, to port: UInt16) throws -> HTTPResponse {
      try HTTPConnection(port: port).exchange(
        HTTPRequest("POST", "/SophonFogSys/api/\(path)", body: Array(body.utf8), type: "application/json"), within: .seconds(30))
    }

    @Test("The vendor's sequence: POST HistoryEventUrl, GET shows it, events arrive, the command line sees it, a restart keeps it")
    func vendorSequence() throws {
      let extra = try Ports.free()
      let box = try Node.started(flags: ["--listen", "127.0.0.1:\(extra)"])
      let cloud = try Node.started()
      let url = "http://127.0.0.1:\(cloud.port)/HistoryEvent"
      let posted = try post(
        "HistoryEventUrl",
        #"{"history_upload_event_url":["\#(url)"],"history_need_reg_pic":true,"content-type":"json","reported_peroid":5}"#, to: extra)
      #expect(posted.status == 200 && posted.text.contains(#""message":"ok""#), "\(posted.text)")
      #expect(try #require(box.probe("/SophonFogSys/api/HistoryEventUrl")).text.contains(url))
      let first = (0..<20).map { factory.event($0, form: "G4a") }
      for event in first { #expect(try box.send(HTTPRequest(body: event.json)).status == 200) }
      #expect(Deadline(.seconds(60)).wait { (try? cloud.records().count) == 20 })
      let listed = try box.run(["target", "list", "--data", box.data])
      #expect(listed.exit == .code(0) && listed.output.contains("box-history-1") && listed.output.contains(url), "\(listed.all)")

      try box.killHard()
      try box.start()
      for number in 20..<30 { #expect(try box.send(HTTPRequest(body: factory.event(number, form: "G5").json)).status == 200) }
      #expect(Deadline(.seconds(60)).wait { (try? cloud.records().count) == 30 })
      let (here, there) = (try box.records(), try cloud.records())
      #expect(Set(here.map(\.row.id)) == Set(there.map(\.row.id)))
      #expect(
        Dictionary(uniqueKeysWithValues: here.map { ($0.row.id, $0.row.pictures) })
          == Dictionary(uniqueKeysWithValues: there.map { ($0.row.id, $0.row.pictures) }))

      let emptied = try post("HistoryEventUrl", #"{"history_upload_event_url":"","content-type":"json","reported_peroid":5}"#, to: box.port)
      #expect(emptied.status == 200)
      #expect(try box.run(["target", "list", "--data", box.data]).output.isEmpty)
    }

    @Test("A node that is told to report to itself refuses, and names the field")
    func itself() throws {
      let node = try Node.started()
      let answer = try post(
        "HistoryEventUrl",
        #"{"history_upload_event_url":["http://127.0.0.1:\#(node.port)/HistoryEvent"],"content-type":"json","reported_peroid":5}"#,
        to: node.port)
      #expect(
        answer.status == 400 && answer.text.contains("40091") && answer.text.contains("history_upload_event_url[0]"), "\(answer.text)")
    }

    @Test("Realtime and status targets that a box is told work, as a form too")
    func otherLanes() throws {
      let node = try Node.started()
      let cloud = try Node.started()
      let realtime = try HTTPConnection(port: node.port).exchange(
        HTTPRequest(
          "POST", "/SophonFogSys/api/EventServerUrl",
          body: Array("event_server_url=http://127.0.0.1:\(cloud.port)/RealTimeEvent&content-type=form-data".utf8),
          type: "application/x-www-form-urlencoded"), within: .seconds(30))
      #expect(realtime.status == 200, "\(realtime.text)")
      let status = try post(
        "MonitorServerUrl",
        #"{"monitor_server_url":"http://127.0.0.1:\#(cloud.port)/DeviceStatus","content-type":"json","reported_peroid":1}"#,
        to: node.port)
      #expect(status.text == #"{"data":"ok"}"#)
      // One that is late is not sent again; so a busy machine gets several chances.
      var number = 0
      let arrived = Deadline(.seconds(60)).wait {
        number += 1
        _ = try? node.send(HTTPRequest("POST", "/RealTimeEvent", body: factory.event(number, form: "R1").json))
        return (try? cloud.records())?.contains { $0.row.lane == "realtime" && $0.row.encoding == "form-data" } == true
      }
      #expect(arrived)
      #expect(Deadline(.seconds(60)).wait { cloud.log.contains("lane=status") })
    }
  }
}
