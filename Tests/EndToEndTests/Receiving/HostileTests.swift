import Foundation
import Testing

extension EndToEnd {
  /// What comes over a network that nobody watches. Each is answered or cut off; nobody else notices.
  @Suite @BlockingThread struct Hostile {
    nonisolated static let event = #"{"identity_id":"E-20417","timestamp":1709626502345,"score":0.71}"#

    /// Runs `attack` beside ordinary senders, who must be served.
    private func withTraffic(
      flags: [String] = [], slowest: Duration = .seconds(5), sourceLocation: SourceLocation = #_sourceLocation,
      _ attack: (Node) throws -> Void
    ) throws {
      let node = try Node.started(flags: flags)
      let traffic = Traffic(to: node, seed: 4)
      try attack(node)
      let served = try traffic.stop()
      #expect(traffic.findings.all == [], "\(node.log.suffix(1000))", sourceLocation: sourceLocation)
      #expect(served.answers > 0 && served.slowest < slowest, "\(served)", sourceLocation: sourceLocation)
      try MemoryBound.expectHeld(by: node, "after the attack", sourceLocation: sourceLocation)
      #expect(try node.send(.json(Self.event)).status == 200, sourceLocation: sourceLocation)
      let stopped = try node.stop()
      #expect(stopped.exit == .code(0) && stopped.seconds < 10, "\(stopped)", sourceLocation: sourceLocation)
      #expect(try node.verify().exit == .code(0), sourceLocation: sourceLocation)
    }

    @Test("500 senders of one byte a second hold no memory, hinder nobody and are cut off", .timeLimit(.minutes(5)))
    func slowSenders() throws {
      try withTraffic(flags: ["--header-timeout", "4s", "--body-stall", "4s"]) { node in
        let half = Array("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".utf8)
        let whole = half + Array("Content-Length: 3000000\r\n\r\n{\"identity_id\":\"".utf8)
        let sockets = try (0..<500).map { _ in try Socket(port: node.port) }
        for (number, socket) in sockets.enumerated() where number % 2 == 1 { try socket.send(whole) }
        var isOpen = Array(repeating: true, count: sockets.count)
        let deadline = Deadline(.seconds(30))
        var second = 0
        while isOpen.contains(true), !deadline.hasPassed {
          for (number, socket) in sockets.enumerated() where isOpen[number] {
            let byte = number % 2 == 1 ? UInt8(ascii: "x") : half[second % half.count]
            isOpen[number] = (try? [byte].withUnsafeBytes { try socket.write($0) }) != nil && !hasEnded(socket)
          }
          if second == 2 { try MemoryBound.expectHeld(by: node, "with 500 slow connections") }
          second += 1
          nap(milliseconds: 1000)
        }
        #expect(!isOpen.contains(true), "\(isOpen.count { $0 }) slow connections are still open after 30 s")
      }
    }

    /// Whether the other side has answered or closed. Both end an attack.
    private func hasEnded(_ socket: Socket) -> Bool {
      (try? socket.wait(for: 1, Deadline(.zero))) != nil
    }

    @Test("a body over the limit is 413 with the reason, by its length or by its chunks, and is not read to its end")
    func oversized() throws {
      try withTraffic { node in
        let announced = try HTTPConnection(port: node.port)
        try announced.socket.send("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 34603008\r\n\r\n")
        let refused = try announced.finalResponse()
        #expect(refused.status == 413 && refused.answer?.error?.status == "PAYLOAD_TOO_LARGE", "\(refused.text)")
        #expect(refused.answer?.message.contains("33554432") == true, "\(refused.text)")
        #expect(refused.closes)

        var request = HTTPRequest("POST", "/HistoryEvent", body: Array(repeating: UInt8(ascii: " "), count: 33 << 20))
        request.chunks = [1 << 20]
        #expect(try node.send(request).status == 413)

        let absurd = try HTTPConnection(port: node.port)
        try absurd.socket.send("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")
        let absurdStatus = try absurd.finalResponse().status
        #expect([400, 413].contains(absurdStatus))
        let endless = try HTTPConnection(port: node.port)
        try endless.socket.send("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")
        // The parser may wait for such a chunk, but not for ever: the sender's end ends it.
        endless.socket.finishSending()
        let endlessStatus = try endless.finalResponse().status
        #expect([400, 413].contains(endlessStatus))
      }
    }

    @Test("a bomb in gzip or deflate is 413 when it goes off, and costs no more memory than the limit")
    func bombs() throws {
      try withTraffic { node in
        let gzip = Bomb.gzip(megabytes: 1024)
        for (name, bytes) in [("gzip", gzip), ("deflate", Array([0x78, 0x9C] + gzip[10...])), ("deflate", Array(gzip[10...]))] {
          let response = try node.send(HTTPRequest(body: bytes, type: "application/json").adding("Content-Encoding", name))
          #expect(response.status == 413, "\(name): \(response.status) \(response.text)")
        }
        let cut = try node.send(HTTPRequest(body: Array(gzip[..<2000])).adding("Content-Encoding", "gzip"))
        #expect(cut.status == 400, "\(cut.text)")
        #expect(try node.send(.json("no gzip").adding("Content-Encoding", "gzip")).status == 400)
        #expect(try node.send(.json("what").adding("Content-Encoding", "br")).status == 415)
      }
    }

    @Test("gzip and deflate bodies are read")
    func compressed() throws {
      let node = try Node.started()
      let plain = try #require(try node.send(.json(Self.event)).answer?.elements.first)
      let directory = try TemporaryDirectory()
      let packed = try Program.run(["gzip", "-c", directory.write(Array(Self.event.utf8), to: "event.json")], directory: directory)
      let response = try node.send(HTTPRequest(body: contents(packed.outputPath)).adding("Content-Encoding", "gzip"))
      #expect(response.answer?.elements.first?.id == plain.id && response.answer?.elements.first?.duplicate == true, "\(response.text)")
    }

    @Test("10,000 header fields, and one of a megabyte, are 431")
    func headers() throws {
      try withTraffic { node in
        var many = HTTPRequest.json(Self.event)
        for number in 0..<10_000 { many.fields.append(("X-\(number)", "\(number)")) }
        #expect(try node.send(many).status == 431)
        let long = HTTPRequest.json(Self.event).adding("X-Long", String(repeating: "a", count: 1 << 20))
        #expect(try node.send(long).status == 431)
        var target = HTTPRequest.json(Self.event)
        target.target = "/HistoryEvent?" + String(repeating: "a", count: 1 << 20)
        let targetStatus = try node.send(target).status
        #expect([414, 431].contains(targetStatus))
      }
    }

    @Test("pipelined requests are answered in order, each once; too many are cut off after an answer that says so")
    func pipelined() throws {
      try withTraffic { node in
        let requests = (0..<2000).map { number in
          HTTPRequest.json(
            #"{"identity_id":"pipe-\#(number)","timestamp":1709626502345}"#, number % 3 == 0 ? "/RealTimeEvent" : "/HistoryEvent")
        }
        let ids = try requests[..<20].map { try #require(try node.send($0).answer?.elements.first?.id) }
        #expect(try pipeline(requests[..<20], to: node) == ids)
        // Nobody keeps a megabyte for a sender that does not wait for answers; it has to send again what was not answered.
        let flood = try pipeline(requests[...], to: node)
        #expect(!flood.isEmpty && flood.prefix(20) == ids.prefix(flood.count))
        #expect(Set(flood).count == flood.count)
      }
    }

    /// - Returns: the ids of all answers, until the node says that it closes.
    private func pipeline(_ requests: ArraySlice<HTTPRequest>, to node: Node) throws -> [String] {
      let connection = try HTTPConnection(port: node.port)
      try connection.sendUnlessAnswered(requests.flatMap { $0.head + $0.payload }, Deadline(.seconds(30)))
      var ids: [String] = []
      while ids.count < requests.count {
        let response = try connection.finalResponse()
        ids.append(try #require(response.answer?.elements.first?.id, "\(response.status) \(response.text)"))
        if response.closes { break }
      }
      return ids
    }

    @Test("a sender that closes its half after the request gets its answer; one that goes away is forgotten")
    func halfClosed() throws {
      try withTraffic { node in
        let polite = try HTTPConnection(port: node.port)
        let request = HTTPRequest.json(#"{"identity_id":"half-closed","timestamp":1709626502345}"#)
        try polite.socket.send(request.head + request.payload)
        polite.socket.finishSending()
        #expect(try polite.finalResponse().status == 200)

        let early = try HTTPConnection(port: node.port)
        try early.socket.send(Array((request.head + request.payload).dropLast(5)))
        early.socket.finishSending()
        #expect((try? early.finalResponse().status) ?? 400 == 400)

        for number in 0..<200 {
          let rude = try HTTPConnection(port: node.port)
          try rude.socket.send(Array((request.head + request.payload).prefix(number)))
          if number % 2 == 0 { rude.socket.resetOnClose() }
        }
      }
    }

    nonisolated static let malformed = [
      "GARBAGE\r\n\r\n", "POST\r\n\r\n", "POST /HistoryEvent\r\n\r\n", "POST /HistoryEvent HTTP/9.9\r\nHost: a\r\n\r\n",
      "POST /Histo\u{0}ryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST /HistoryEvent HTTP/1.1\r\nHo\u{0}st: a\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
      "POST /HistoryEvent HTTP/1.1\r\nHost a\r\n\r\n", " POST /HistoryEvent HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]

    @Test("what is not HTTP is 400 or cut off", arguments: malformed)
    func malformed(text: String) throws {
      let node = try Self.sharedNode.get()
      let connection = try HTTPConnection(port: node.port)
      try connection.socket.send(text)
      connection.socket.finishSending()
      if let response = try? connection.finalResponse(.after(seconds: 15)) {
        #expect((400...505).contains(response.status) && response.status != 500, "\(text.debugDescription): \(response.status)")
      }
      #expect(connection.isClosed(within: .seconds(15)), "\(text.debugDescription) keeps the connection")
      #expect(try node.send(.json(Self.event)).status == 200)
    }

    /// Where a test leaves nothing behind, one node serves many.
    private static let sharedNode = Result { try Node.started() }

    @Test("HTTP/1.0, absolute targets, odd methods, unknown paths and queries are answered as they should be")
    func versionsAndTargets() throws {
      let node = try Self.sharedNode.get()
      var old = HTTPRequest.json(Self.event)
      old.version = "HTTP/1.0"
      let connection = try HTTPConnection(port: node.port)
      #expect(try connection.exchange(old).status == 200)
      #expect(connection.isClosed(within: .seconds(5)), "HTTP/1.0 without keep-alive ends after one answer")

      func status(_ method: String, _ target: String) throws -> Int {
        try node.send(HTTPRequest(method, target, body: method == "POST" ? Array(Self.event.utf8) : [])).status
      }
      #expect(try status("POST", "http://somewhere.example:9528/HistoryEvent") == 200)
      #expect(try status("POST", "/HistoryEvent/") == 200)
      #expect(try status("POST", "/HistoryEvent?fiqa_level=setup&token=abc") == 200)
      #expect(try status("POST", "/some/prefix/EventServer/api/HistoryEvent") == 200)
      #expect(try status("GET", "/HistoryEvent") == 200)
      #expect(try status("POST", "/historyevent") == 404)
      #expect(try status("POST", "/nowhere") == 404)
      #expect(try status("DELETE", "/HistoryEvent") == 405)
      #expect(try status("PUT", "/RealTimeEvent") == 405)
      #expect(try status("GET", "/healthz") == 200)
      #expect(try status("GET", "/readyz") == 200)
      #expect(try status("HEAD", "/HistoryEvent") == 200)
    }

    @Test("Expect: 100-continue is answered before the body; a body too large is refused instead")
    func expectContinue() throws {
      let node = try Self.sharedNode.get()
      let connection = try HTTPConnection(port: node.port)
      let request = HTTPRequest.json(Self.event).adding("Expect", "100-continue")
      try connection.socket.send(request.head)
      #expect(try connection.response(Deadline(.seconds(10))).status == 100)
      try connection.socket.send(request.payload)
      #expect(try connection.finalResponse().status == 200)

      let large = try HTTPConnection(port: node.port)
      try large.socket.send("POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 40000000\r\n\r\n")
      #expect(try large.response(Deadline(.seconds(10))).status == 413)
    }

    @Test("chunks of one byte, with extensions and trailers, and NUL bytes in the body, change nothing")
    func chunks() throws {
      let node = try Self.sharedNode.get()
      let id = try #require(try node.send(.json(Self.event)).answer?.elements.first?.id)
      #expect(try node.send(.json(Self.event).chunked(1)).answer?.elements.first?.id == id)
      #expect(try node.send(.json(Self.event).chunked(1, 7, 3)).answer?.elements.first?.id == id)
      let odd = try HTTPConnection(port: node.port)
      let size = String(Self.event.utf8.count, radix: 16)
      try odd.socket.send(
        "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
          + "\(size);name=\"value\"\r\n\(Self.event)\r\n0\r\nX-End: 1\r\n\r\n"
      )
      #expect(try odd.finalResponse().answer?.elements.first?.id == id)
      #expect(try node.send(.json("{\"identity_id\":\"a\u{0}b\"}")).status == 400)
      #expect(try node.send(.json("\u{0}\u{0}\u{0}")).status == 400)
    }

    @Test("a body that comes byte by byte, head and all, is an event like any other")
    func byteByByte() throws {
      let node = try Self.sharedNode.get()
      let connection = try HTTPConnection(port: node.port)
      let request = HTTPRequest.json(#"{"identity_id":"slow-coach","timestamp":1709626502345}"#)
      for byte in request.head + request.payload { try connection.socket.send([byte]) }
      #expect(try connection.finalResponse().status == 200)
    }
  }
}
