import EventCoding
import FaceEvents
import Testing

@testable import FogcatcherCommands

@Suite("Simulated events")
struct SimulatedEventTests {
  private static let time = Timestamp(milliseconds: 1_709_626_502_345)

  private func fleet(_ form: EventForm? = nil, seed: UInt64 = 1, strangerShare: Double = 0.3) -> SimulatedFleet {
    SimulatedFleet(SimulatedFleet.Size(boxes: 9, people: 20, strangerShare: strangerShare, form: form), seed: seed)
  }

  private func decode(_ bytes: [UInt8], _ contentType: String, _ kind: RouteKind = .history) throws -> DecodedElement {
    let storage = ByteStorage(capacity: bytes.count)
    bytes.withUnsafeBytes { storage.append($0) }
    let decoded = EventDecoder(isStrict: true).decode(
      EncodedRequest(
        body: storage, contentType: contentType, kind: kind, source: RequestSource(address: "192.0.2.7", path: "/HistoryEvent", query: nil),
        receivedAt: Self.time))
    return try #require(decoded.elements.first).get()
  }

  private func event(_ bytes: [UInt8], _ contentType: String, _ kind: RouteKind = .history) throws -> (FaceEvent, [SharedBytes]) {
    guard case .event(let event, let pictures) = try decode(bytes, contentType, kind) else { throw Unexpected() }
    return (event, pictures)
  }

  private struct Unexpected: Error {}

  @Test("Each form is read as that form, strictly and without a warning, as JSON and as form-data", arguments: SimulatedFleet.forms)
  func forms(form: EventForm) throws {
    for number in 0..<6 {
      let passage = fleet(form).passage(number, at: Self.time)
      let json = PassageWriter.json(passage, as: form)
      let (read, pictures) = try event(json, "application/json")
      #expect(read.form == form && read.warnings.isEmpty, "\(read.warnings)")
      #expect(read.time == Self.time && read.hasOwnTime)
      #expect(read.person.id == passage.person.id && read.person.name == passage.person.name)
      #expect(read.person.personClass == passage.person.personClass)
      #expect(read.box.code == passage.box.code)
      #expect(pictures.map { $0.withUnsafeBytes { Array($0) } } == expectedPictures(passage, form))
      let encoded = try #require(FormDataEncoder().encode(json))
      let (asForm, _) = try event(encoded.body, encoded.contentType)
      #expect(asForm.id == read.id && asForm.form == form)
    }
  }

  /// In the order in which the form has them.
  private func expectedPictures(_ passage: Passage, _ form: EventForm) -> [[UInt8]] {
    let reference = passage.reference.map { [$0] } ?? []
    switch form {
    case .g1: return reference + [passage.scene]
    case .g3c: return reference + [passage.scene, passage.face, passage.infrared]
    case .g4a, .g4b, .g4c: return reference + [passage.scene, passage.infrared, passage.face]
    default: return reference + [passage.scene, passage.face]
    }
  }

  @Test("Realtime events are read as R1 or R2", arguments: [EventForm.g1, .g3c, .g5])
  func realtime(form: EventForm) throws {
    let sent = PassageWriter.realtimeForm(of: form)
    let (read, _) = try event(PassageWriter.json(fleet(form).passage(1, at: Self.time), as: sent), "application/json", .realtime)
    #expect(read.form == sent && read.lane == .realtime)
  }

  @Test("A heartbeat is read as the status form of the box's generation", arguments: SimulatedFleet.forms)
  func heartbeats(form: EventForm) throws {
    let expected: StatusForm =
      switch form {
      case .g1: .s1
      case .g2, .g3a, .g3b, .g3c: .s2
      case .g5: .s6
      default: .s3
      }
    let json = HeartbeatWriter.json(of: fleet(form).box(2), number: 3, seed: 1)
    guard case .status(let report) = try decode(json, "application/json", .status) else { throw Unexpected() }
    #expect(report.form == expected)
  }

  @Test("The same seed gives the same events, whichever are made first; another seed gives others")
  func repeatable() {
    let numbers = Array(0..<30)
    let made = { (fleet: SimulatedFleet, numbers: [Int]) in
      Dictionary(
        uniqueKeysWithValues: numbers.map { number in
          let passage = fleet.passage(number, at: Self.time)
          return (number, PassageWriter.json(passage, as: passage.box.form))
        })
    }
    let first = made(fleet(), numbers)
    #expect(made(fleet(), numbers.reversed()) == first)
    let other = made(fleet(seed: 2), numbers)
    #expect(numbers.allSatisfy { first[$0] != other[$0] })
  }

  @Test("No two passages are alike, but a person's reference picture is always the same")
  func variety() {
    let passages = (0..<200).map { fleet().passage($0, at: Self.time) }
    #expect(Set(passages.map(\.scene)).count == 200 && Set(passages.map(\.face)).count == 200)
    let known = Dictionary(grouping: passages.filter { !$0.person.isStranger }, by: \.person.id)
    #expect(known.values.contains { $0.count > 1 })
    #expect(known.values.allSatisfy { Set($0.map(\.reference)).count == 1 })
    #expect(Set(known.values.map(\.[0].reference)).count == known.count)
  }

  @Test("The share of strangers is what was asked for", arguments: [0.0, 0.5, 1.0])
  func strangers(share: Double) {
    let fleet = fleet(strangerShare: share)
    let count = (0..<400).count { fleet.passage($0, at: Self.time).person.isStranger }
    #expect(abs(Double(count) / 400 - share) < 0.1)
    #expect(share != 0 && share != 1 || Double(count) / 400 == share)
  }

  @Test("A mixed fleet has a form for each box, and all of them when it is large enough")
  func mixed() {
    #expect(Set((0..<9).map { fleet().box($0).form }) == Set(SimulatedFleet.forms))
    #expect(Set((0..<9).map { fleet(.g5).box($0).form }) == [.g5])
    #expect(Set((0..<9).map { fleet().box($0).code }).count == 9)
  }
}
