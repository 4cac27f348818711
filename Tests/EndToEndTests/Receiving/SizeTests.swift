import Foundation
import Synchronization
import Testing

extension EndToEnd {
  @Suite @BlockingThread struct Sizes {
    /// About `megabytes` MiB of JSON with one scene picture, unlike any other.
    private static func large(_ number: Int, megabytes: Int) -> (event: SampleEvent, json: [UInt8]) {
      let picture = [0xFF, 0xD8, 0xFF, 0xDB] + Array("picture \(number)".utf8) + noise[..<(megabytes << 20 / 4 * 3 - 1024)]
      let personID = "large-\(number)"
      var json = Array(#"{"identity_id":"\#(personID)","timestamp":1709626502345,"ext_data":{"dev_sno":"FOGLAB1","spot_pic":""#.utf8)
      json += Array(Data(picture).base64EncodedString().utf8)
      json += Array("\"}}".utf8)
      let event = SampleEvent(
        index: number, form: "G1", personID: personID, isRealtime: false, json: json,
        pictures: [.init(role: "scene", bytes: Array(picture))])
      return (event, json)
    }

    private static let noise: [UInt8] = {
      var random = SeededRandom(seed: 30)
      let block = random.bytes(1 << 16)
      var out: [UInt8] = []
      out.reserveCapacity(25 << 20)
      while out.count < 25 << 20 { out += block }
      return out
    }()

    @Test(
      "30 MiB are stored and read back identical, 33 MiB are 413 with the reason; memory stays within its bound", .timeLimit(.minutes(5)))
    func limits() throws {
      let node = try Node.started()
      let large = Self.large(1, megabytes: 30)
      let stored = try node.send(HTTPRequest(body: large.json), within: .seconds(120))
      let id = try #require(stored.answer?.elements.first?.id, "\(stored.status) \(stored.text.prefix(300))")
      let again = Self.large(2, megabytes: 30)
      let chunked = try node.send(HTTPRequest(body: again.json, type: "application/json").chunked(100_000), within: .seconds(120))
      let otherID = try #require(chunked.answer?.elements.first?.id, "\(chunked.status) \(chunked.text.prefix(300))")

      let tooLarge = try node.send(HTTPRequest(body: Self.large(3, megabytes: 33).json), within: .seconds(60))
      #expect(tooLarge.status == 413 && tooLarge.answer?.message.contains("33554432") == true, "\(tooLarge.status) \(tooLarge.text)")
      try MemoryBound.expectHeld(by: node, "after bodies of 30 and 33 MiB")

      #expect(try node.stop().exit == .code(0))
      let comparison = Comparison(
        sent: [large.event, again.event], acknowledged: [large.event.key: id, again.event.key: otherID])
      #expect(try comparison.problems(in: node) == [])
    }

    @Test("many bodies of 30 MiB at once are all stored in the end, within the same memory", .timeLimit(.minutes(60)))
    func manyAtOnce() throws {
      let node = try Node.started()
      let traffic = Traffic(to: node, seed: 9, connections: 1)
      let count = Surroundings.bigBodies
      let acknowledged = Mutex<[Int: String]>([:])
      let findings = Findings()
      let threads = min(count, 500)
      let template = Self.large(0, megabytes: 30)
      let next = Mutex(0)
      try Threads.run(threads, within: .seconds(3000)) { _ in
        while let number = next.withLock({ number -> Int? in
          guard number < count else { return nil }
          number += 1
          return number
        }) {
          do {
            let id = try Self.sendUntilStored(template.json, number, to: node)
            acknowledged.withLock { $0[number] = id }
          } catch {
            findings.add("body \(number): \(error)")
          }
        }
      }
      let served = try traffic.stop()
      #expect(findings.all == [])
      #expect(traffic.findings.all == [])
      #expect(served.answers > 0)
      #expect(acknowledged.withLock(\.count) == count)
      try MemoryBound.expectHeld(by: node, "after \(count) bodies of 30 MiB at once")
      #expect(try node.stop().exit == .code(0))
      let rows = try node.records().filter { $0.row.person.id == template.event.personID || $0.row.person.id?.hasPrefix("large") == true }
      #expect(Set(rows.map(\.row.id)) == Set(acknowledged.withLock { $0.values }))
      #expect(try node.run(["verify", "--data", node.data], within: .seconds(600)).exit == .code(0))
    }

    /// The shared text with a number put in, sent in two pieces so that many senders share its memory.
    nonisolated private static func sendUntilStored(_ json: [UInt8], _ number: Int, to node: Node) throws -> String {
      let unique = Array(#"{"identity_name":"\#(number)","#.utf8)
      let deadline = Deadline(.seconds(2400))
      while !deadline.hasPassed {
        do {
          let connection = try HTTPConnection(port: node.port)
          let head = "POST /HistoryEvent HTTP/1.1\r\nHost: a\r\nContent-Length: \(json.count - 1 + unique.count)\r\n\r\n"
          try connection.socket.send(Array(head.utf8) + unique)
          try connection.sendUnlessAnswered(json, from: 1, Deadline(.seconds(300)))
          let response = try connection.finalResponse(Deadline(.seconds(300)))
          if response.status == 200, let id = response.answer?.elements.first?.id { return id }
          guard [503, 408].contains(response.status) else { throw Failure("\(response.status) \(response.text.prefix(200))") }
          guard response.status != 503 || response.fields["retry-after"] != nil else { throw Failure("503 without Retry-After") }
        } catch is Socket.Outcome {
          // Cut off while it was refused: the answer was lost, which is allowed.
        }
        nap(milliseconds: 200)
      }
      throw Failure("never stored")
    }
  }
}
