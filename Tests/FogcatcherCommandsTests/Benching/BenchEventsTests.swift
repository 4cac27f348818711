import EventCoding
import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("Events of a bench")
struct BenchEventsTests {
  private static let start = Timestamp(milliseconds: 1_709_626_502_000)

  struct Case: CustomTestStringConvertible {
    var referenceBytes: Int
    var sceneBytes: Int
    var format: SendForm

    var testDescription: String { "\(referenceBytes) + \(sceneBytes) bytes, \(format.rawValue)" }
  }

  private struct Unexpected: Error {}

  private func decode(_ events: BenchEvents, _ number: Int) throws -> (event: FaceEvent, pictures: [SharedBytes]) {
    let element = try #require(events.decode(events.body(of: number)).elements.first).get()
    guard case .event(let event, let pictures) = element else { throw Unexpected() }
    return (event, pictures)
  }

  @Test(
    "Each is read without a warning, with its own time, the pictures of the size that was asked for, and nothing in common with the others",
    arguments: [
      Case(referenceBytes: 30_000, sceneBytes: 90_000, format: .json),
      Case(referenceBytes: 30_000, sceneBytes: 90_000, format: .formData),
      // Smaller than the drawn ones, and not a multiple of three.
      Case(referenceBytes: 1_000, sceneBytes: 1_001, format: .json), Case(referenceBytes: 0, sceneBytes: 0, format: .json),
      Case(referenceBytes: 0, sceneBytes: 0, format: .formData),
    ])
  func unlike(example: Case) throws {
    var plan = BenchPlan()
    (plan.referenceBytes, plan.sceneBytes, plan.format) = (example.referenceBytes, example.sceneBytes, example.format)
    let events = BenchEvents(plan, start: Self.start)
    var ids: Set<EventID> = []
    var digests: Set<ContentDigest> = []
    for number in 0..<40 {
      let (event, pictures) = try decode(events, number)
      #expect(event.warnings.isEmpty && event.form == .g1 && event.hasOwnTime, "\(event.warnings)")
      #expect(event.time.milliseconds == Self.start.milliseconds + Int64(number))
      #expect(pictures.map(\.count) == [example.referenceBytes, example.sceneBytes].filter { $0 > 0 })
      #expect(pictures.map(\.array) == events.pictures(of: number).map(\.bytes))
      ids.insert(event.id)
      digests.formUnion(event.pictures.map(\.digest))
      #expect(events.original(of: number) == OriginalText.restore(event, pictures: pictures))
      if example.format == .json { #expect(events.original(of: number) == events.body(of: number)) }
    }
    #expect(ids.count == 40 && digests.count == 40 * events.pictures(of: 0).count)
  }

  @Test(
    "A request that was another event before has the bytes of the one that it became, and a length that fits", arguments: SendForm.allCases)
  func request(format: SendForm) throws {
    var plan = BenchPlan()
    plan.format = format
    let events = BenchEvents(plan, start: Self.start)
    var request = events.request
    for number in [5, 0, 123_456] {
      request.become(events.name(number))
      let body = events.body(of: number)
      #expect(Array(request.bytes.suffix(body.count)) == body)
      let head = String(decoding: request.bytes.dropLast(body.count), as: UTF8.self)
      #expect(head.hasPrefix("POST /HistoryEvent HTTP/1.1\r\n") && head.hasSuffix("Content-Length: \(body.count)\r\n\r\n"), "\(head)")
    }
  }

  @Test("People come again, each connection is a box, and a large picture has a stamp in each of its blocks")
  func names() throws {
    var plan = BenchPlan()
    plan.connections = 4
    let events = BenchEvents(plan, start: Self.start)
    let first = try decode(events, 3).event
    let again = try decode(events, 3 + BenchEventName.people).event
    #expect(first.person.id == again.person.id && first.id != again.id)
    #expect(Set(try (0..<8).map { try decode(events, $0).event.box.code }).count == 4)
    let pictures = events.pictures(of: 0)
    #expect(pictures.map(\.stampCount).reduce(0, +) == events.request.stampCount)
    let other = events.pictures(of: 1)[1].bytes
    let blocks = stride(from: 16_384, to: 90_000, by: 16_384).map { $0..<min($0 + 16_384, 90_000) }
    #expect(blocks.allSatisfy { pictures[1].bytes[$0] != other[$0] })
  }
}
