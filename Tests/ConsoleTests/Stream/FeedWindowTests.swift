import FaceEvents
import NIOCore
import TestSupport
import Testing

@testable import Console

@Suite("The window of the live feed")
struct FeedWindowTests {
  private func event(_ sequence: Int64, lane: Lane = .realtime, person: String = "E-1") -> FeedEvent {
    let event = SampleRecords.event("\(sequence)", lane: lane, person: Person(id: person, name: "Lin Muster"))
    return FeedEvent(event, id: event.id, sequence: sequence)
  }

  private func sequences(_ window: FeedWindow, after sequence: Int64) -> [Int64]? {
    var (sequences, position) = ([] as [Int64], sequence)
    while true {
      switch window.news(after: position) {
      case .chunk(let chunk):
        sequences += chunk.events.map(\.sequence).filter { $0 > position }
        position = chunk.lastSequence
      case .nothing: return sequences
      case .behind, .closed: return nil
      }
    }
  }

  @Test("A dialogue: what comes is seen when it is sealed, what is older than the bounds is not pretended to be there")
  func dialogue() {
    var window = FeedWindow(eventsMax: 4, bytesMax: 1 << 20)
    #expect(sequences(window, after: 0) == nil)
    window.began(at: 10)
    #expect(sequences(window, after: 10) == [] && sequences(window, after: 9) == nil)
    window.append(event(11))
    #expect(sequences(window, after: 10) == [])
    window.seal()
    #expect(sequences(window, after: 10) == [11] && window.sealedUpTo == 11)
    for sequence in [12, 13] as [Int64] { window.append(event(sequence)) }
    window.seal()
    #expect(sequences(window, after: 10) == [11, 12, 13] && sequences(window, after: 12) == [13])
    for sequence in [14, 15] as [Int64] { window.append(event(sequence)) }
    window.seal()
    // Five are more than four: the oldest chunk went.
    #expect(window.complete == 11 && sequences(window, after: 10) == nil)
    #expect(sequences(window, after: 11) == [12, 13, 14, 15])
    window.passed(16)
    #expect(sequences(window, after: 15) == nil && sequences(window, after: 16) == [])
  }

  @Test("Bytes bound it too, also when nobody seals")
  func bytes() {
    let size = event(1).byteCount
    var window = FeedWindow(eventsMax: 1_000, bytesMax: 10 * size)
    window.began(at: 0)
    for sequence in 1...100 { window.append(event(Int64(sequence))) }
    window.seal()
    let held = sequences(window, after: window.complete ?? 0)?.count ?? 0
    #expect(held > 0 && held <= 20)
    #expect(sequences(window, after: window.complete ?? 0)?.last == 100)
  }

  @Test("A name is that of a known person, as in lists")
  func names() {
    var query = EventQuery()
    query.namePart = "lin"
    let filter = FeedFilter(query)
    func matches(_ person: Person) -> Bool {
      let event = SampleRecords.event("1", lane: .realtime, person: person)
      return filter.matches(FeedEvent(event, id: event.id, sequence: 1))
    }
    #expect(matches(Person(id: "E-1", name: "Lin Muster")) && !matches(Person(id: "E-1", name: "Ola Muster")))
    #expect(!matches(Person(name: "Lin Muster")))
    #expect(!matches(Person(id: "E-1", name: "Lin Muster", personClass: .stranger)))
  }

  @Test("Listeners who choose by lane alone share bytes; the others get what fits")
  func chunk() {
    let chunk = FeedChunk([event(1), event(2, lane: .history), event(3, person: "E-2")])
    func ids(_ filter: FeedFilter, after sequence: Int64 = 0) -> [String] {
      String(buffer: chunk.messages(for: filter, after: sequence)).split(separator: "\n").filter { $0.hasPrefix("id: ") }.map(String.init)
    }
    #expect(ids(FeedFilter()) == ["id: 1", "id: 3"])
    #expect(ids(FeedFilter(lanes: .all)) == ["id: 1", "id: 2", "id: 3"])
    #expect(ids(FeedFilter(lanes: .history)) == ["id: 2"])
    #expect(ids(FeedFilter(lanes: .all), after: 1) == ["id: 2", "id: 3"])
    var query = EventQuery()
    query.personID = "E-2"
    #expect(ids(FeedFilter(lanes: .all, query)) == ["id: 3"])
    (query.personID, query.namePart) = (nil, "lin m")
    #expect(ids(FeedFilter(query)).count == 2)
    (query.namePart, query.scoreMin) = (nil, 0.9)
    #expect(ids(FeedFilter(query)).isEmpty)
  }
}
