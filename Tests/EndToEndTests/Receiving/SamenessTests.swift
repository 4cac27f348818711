import Testing

extension EndToEnd {
  /// P2: same content, same event, whichever way and however often it comes.
  @Suite @BlockingThread struct Sameness {
    private let factory = EventFactory(seed: 8, pictureBytesMax: 8000)

    @Test("a resend has the same id, is called a duplicate, and there is one record, for every form")
    func resend() throws {
      let node = try Node.started()
      let events = EventFactory.forms.enumerated().map { factory.event($0.offset, form: $0.element) }
      var acknowledged: [EventKey: String] = [:]
      for event in events {
        let first = try #require(try node.send(HTTPRequest("POST", event.path, body: event.json)).answer?.elements.first)
        #expect(first.duplicate == false, "\(event.form)")
        acknowledged[event.key] = first.id
      }
      func expectDuplicates(_ how: String, _ request: (SampleEvent) throws -> HTTPRequest) throws {
        for event in events {
          let again = try #require(try node.send(request(event)).answer?.elements.first)
          #expect(again.id == acknowledged[event.key] && again.duplicate == true, "\(event.form) \(how)")
        }
      }
      try expectDuplicates("again") { HTTPRequest("POST", $0.path, body: $0.json) }
      try expectDuplicates("as form-data") { try factory.form($0).request }
      try node.killHard()
      try node.start()
      try expectDuplicates("after kill -9") { HTTPRequest("POST", $0.path, body: $0.json) }
      #expect(try Comparison(sent: events, acknowledged: acknowledged).problems(in: node) == [])
    }

    @Test("a shuffled and repeated stream of events leaves each once")
    func reorder() throws {
      let node = try Node.started()
      var random = SeededRandom(seed: 3)
      let events = (0..<60).map { factory.event($0) }
      let stream = (events + events + events).shuffled(using: &random)
      var acknowledged: [EventKey: String] = [:]
      let connections = try (0..<4).map { _ in try HTTPConnection(port: node.port) }
      for (number, event) in stream.enumerated() {
        let answer = try connections[number % 4].exchange(HTTPRequest("POST", event.path, body: event.json)).answer
        let element = try #require(answer?.elements.first)
        #expect(element.duplicate == (acknowledged[event.key] != nil))
        #expect(acknowledged[event.key] ?? element.id == element.id)
        acknowledged[event.key] = element.id
      }
      #expect(try Comparison(sent: events, acknowledged: acknowledged).problems(in: node) == [])
    }

    @Test("the same event sent at the same moment over many connections is one record")
    func race() throws {
      let node = try Node.started()
      let event = factory.event(5, form: "G5")
      let findings = Findings()
      try Threads.run(24, within: .seconds(60)) { _ in
        let answer = (try? node.send(HTTPRequest("POST", event.path, body: event.json)))?.answer?.elements.first
        findings.add("\(answer?.id ?? "none") \(answer?.duplicate ?? true)")
      }
      #expect(Set(findings.all.map { $0.prefix(36) }).count == 1, "\(findings.all)")
      #expect(findings.all.count { $0.hasSuffix("false") } <= 1)
      #expect(try node.records().count == 1)
    }

    @Test("the same event on both lanes is two records with one id")
    func bothLanes() throws {
      let node = try Node.started()
      let event = factory.event(2, form: "G5")
      let history = try #require(try node.send(HTTPRequest("POST", "/HistoryEvent", body: event.json)).answer?.elements.first)
      let realtime = try #require(try node.send(HTTPRequest("POST", "/RealTimeEvent", body: event.json)).answer?.elements.first)
      #expect(history.id == realtime.id && realtime.duplicate == false)
      for path in ["/HistoryEvent", "/RealTimeEvent"] {
        #expect(try node.send(HTTPRequest("POST", path, body: event.json)).answer?.elements.first?.duplicate == true)
      }
      let rows = try node.records().map(\.row)
      #expect(Set(rows.map(\.lane)) == ["history", "realtime"] && rows.count == 2)
      #expect(Set(rows.map(\.id)).count == 1)
    }

    @Test("events that differ in one byte of a picture, one digit or one unknown field are different events")
    func nearlyTheSame() throws {
      let node = try Node.started()
      var picture = factory.event(3, form: "G1").pictures[0].bytes
      func json(_ picture: [UInt8], score: String, extra: String) -> String {
        let text = SamplePictureText.plain.write(picture)
        return #"{"identity_id":"twin","timestamp":1709626502345,"score":\#(score),"reg_pic":"\#(text)"\#(extra)}"#
      }
      var bodies = [json(picture, score: "0.71", extra: ""), json(picture, score: "0.7100000000000000001", extra: "")]
      bodies += [json(picture, score: "0.71", extra: #","x":1"#), json(picture, score: "0.71", extra: #","x":"1""#)]
      bodies += [json(picture, score: "0.71", extra: #","x":null"#), json(picture, score: "0.71", extra: #","x":{}"#)]
      picture[picture.count / 2] ^= 1
      bodies.append(json(picture, score: "0.71", extra: ""))
      var ids: Set<String> = []
      for body in bodies {
        let element = try #require(try node.send(.json(body)).answer?.elements.first)
        #expect(element.duplicate == false, "\(body.suffix(40))")
        ids.insert(element.id ?? "")
      }
      #expect(ids.count == bodies.count)
      // Written differently, but the same.
      let rewritten =
        #"{"score":7.1e-1 , "reg_pic":"\#(SamplePictureText.lines.write(picture))","timestamp":1709626502345,"identity_id":"tw\u0069n"}"#
      let same = try #require(try node.send(.json(rewritten)).answer?.elements.first)
      #expect(same.duplicate == true)
      #expect(try node.records().count == bodies.count)
    }

    @Test("an array with a bad element keeps the others, and says of each what became of it (207)")
    func badElement() throws {
      let node = try Node.started()
      let good = (0..<3).map { factory.event(10 + $0, form: "G4a") }
      let elements = [good[0].json, Array("42".utf8), good[1].json, Array(#"{"nothing":"known"}"#.utf8), good[2].json]
      let response = try node.send(HTTPRequest(body: EventFactory.array(of: elements), type: "application/json"))
      #expect(response.status == 207, "\(response.text)")
      let answer = try #require(response.answer)
      #expect(answer.isArray && answer.elements.count == 5)
      #expect(answer.elements.map { $0.status == 0 } == [true, false, true, false, true], "\(response.text)")
      #expect(answer.elements.map { $0.id != nil } == [true, false, true, false, true])
      #expect(answer.elements[1].message?.isEmpty == false)
      let acknowledged = [(0, 0), (1, 2), (2, 4)].map { (good[$0.0].key, answer.elements[$0.1].id ?? "") }
      let comparison = Comparison(sent: good, acknowledged: Dictionary(uniqueKeysWithValues: acknowledged))
      #expect(try comparison.problems(in: node) == [])

      let again = try node.send(HTTPRequest(body: EventFactory.array(of: good.map(\.json))))
      #expect(again.status == 200 && again.answer?.elements.allSatisfy { $0.duplicate == true } == true, "\(again.text)")
      let new = factory.event(20, form: "G1").json
      let twice = try node.send(HTTPRequest(body: EventFactory.array(of: [elements[0], new, new])))
      #expect(twice.answer?.elements.map(\.duplicate) == [true, false, true], "\(twice.text)")
      #expect(try node.send(.json("[]")).status == 422)
    }

    @Test("what cannot be read is 4xx by default and 200 with on-unreadable accept; it is kept either way")
    func onUnreadable() throws {
      for (flags, status) in [([], 400), (["--on-unreadable", "reject"], 400), (["--on-unreadable", "accept"], 200)] {
        let node = try Node.started(flags: flags)
        let body = #"{"identity_id": "E-20417", "score": NaN}"#
        for _ in 0..<2 {
          let response = try node.send(.json(body))
          #expect(response.status == status, "\(flags): \(response.text)")
          if status == 200 { #expect(response.answer?.elements.first?.quarantined == true, "\(response.text)") }
        }
        let kept = files(below: node.data).filter { $0.hasPrefix("quarantine/") }
        #expect(kept.count == 1, "the same bytes twice are one entry: \(kept)")
        #expect(kept.contains { text(node.data + "/" + $0).contains(body) })
        #expect(try node.records().isEmpty)
      }
    }

    @Test("strict refuses what is otherwise a warning: a missing field and a picture that is none")
    func strict() throws {
      let rest = #""group_name":"north","timestamp":1709626502345,"score":0.7,"ext_data":{"dev_sno":"FOGLAB1"}"#
      let missing = #"{"identity_id":"E-1","reg_pic":"",\#(rest)}"#
      let badPicture = #"{"identity_id":"E-1","identity_name":"Lin Wei","reg_pic":"no base64 but long enough to be some!!!",\#(rest)}"#
      let lenient = try Node.started()
      for body in [missing, badPicture] {
        let response = try lenient.send(.json(body))
        #expect(response.status == 200 && response.answer?.elements.first?.warnings?.isEmpty == false, "\(response.text)")
      }
      let strict = try Node.started(flags: ["--strict"])
      let first = try strict.send(.json(missing))
      #expect(first.status == 422 && first.answer?.message.contains("identity_name") == true, "\(first.text)")
      let second = try strict.send(.json(badPicture))
      #expect(second.status == 422 && second.answer?.error?.status == "IMAGE_ERROR", "\(second.text)")
      #expect(try strict.records().isEmpty)
      #expect(files(below: strict.data).count { $0.hasPrefix("quarantine/") } == 2)
    }

    @Test("status reports are kept and are no events; an alias of the settings takes events")
    func statusAndAliases() throws {
      let node = try Node.started(flags: ["--aliases", "/getRecord=history,/live=realtime"])
      let report = #"{"mq_license_key":"FOGLAB1","sub_devices":[{"media_device_id":"a1","media_device_status":"online"}]}"#
      for path in ["/DeviceStatus", "/SophonFogStatus", "/MonitorServer/api/SophonFogStatus"] {
        #expect(try node.send(.json(report, path)).status == 200)
      }
      #expect(try node.records().isEmpty)
      #expect(try node.send(.json(Hostile.event, "/getRecord")).status == 200)
      #expect(try node.send(.json(Hostile.event, "/live?x=1")).status == 200)
      #expect(Set(try node.records().map(\.row.lane)) == ["history", "realtime"])
    }
  }
}
