import Crypto
import FaceEvents
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TestSupport

@testable import Console

/// Events made from numbers, with a scene and a face each, so that a test can have many without holding any.
final class NumberedEvents: EventCatalog, EventLog, PictureStore, QuarantineDesk {
  enum Fault: Sendable { case damaged, unreadable, otherBytes, closed }

  struct Read: Sendable {
    var pages = 0
    var pictures = 0
    var pictureBytes = 0
  }

  private struct State {
    var count: Int
    var read = Read()
  }

  private let state: Mutex<State>
  private let growth: Int
  private let faults: [UInt64: Fault]
  private let pictureBytes: Int
  private let change: @Sendable (Int, inout FaceEvent) -> Void
  private let damagedRows: Set<Int>
  private let findsNothing: Bool

  /// - Parameters:
  ///   - growth: how many newer events each page finds besides.
  ///   - findsNothing: every page is empty, and there is a next one until the end.
  ///   - faults: by picture: twice the event's number, plus one for its face.
  init(
    _ count: Int, growth: Int = 0, pictureBytes: Int = 300, faults: [UInt64: Fault] = [:], damagedRows: Set<Int> = [],
    findsNothing: Bool = false, change: @escaping @Sendable (Int, inout FaceEvent) -> Void = { _, _ in }
  ) {
    state = Mutex(State(count: count))
    self.growth = growth
    self.faults = faults
    self.pictureBytes = pictureBytes
    self.damagedRows = damagedRows
    self.findsNothing = findsNothing
    self.change = change
  }

  var read: Read { state.withLock { $0.read } }

  func sources(now: Int64 = SampleRecords.start) -> ConsoleSources {
    ConsoleSources(
      catalog: self, log: self, pictures: self, forwarding: MemoryForwarding(), quarantine: self, restoreOriginal: { _, _ in [] },
      submit: { _, _ in (500, "") },
      node: {
        NodeFacts(
          version: "0", startedAt: Timestamp(milliseconds: 0), dataDirectory: "", baseURLs: [], receivePaths: [], settings: [],
          diskFreeBytes: nil, pictureBytes: 0, storageProblem: nil)
      }, now: { Timestamp(milliseconds: now) })
  }

  // MARK: Events

  func stored(_ number: Int) -> StoredEvent {
    let pictures = [PictureRole.scene, .face].enumerated().map { position, role in
      let bytes = bytes(of: UInt64(2 * number + position))
      return EventPicture(
        role: role, field: role.word, digest: ContentDigest(SHA256.hash(data: bytes)), byteCount: bytes.count, cut: nil)
    }
    var event = SampleRecords.event("\(number)", at: Int64(number) * 1_000, pictures: pictures)
    change(number, &event)
    let locations = event.pictures.indices.map { PictureLocation(volume: 1, offset: UInt64(2 * number + $0)) }
    return StoredEvent(sequence: Int64(number + 1), event: event, locations: locations)
  }

  /// Numbers are in the order of times.
  func page(_ query: EventQuery) async throws(StorageError) -> EventPage {
    let count = state.withLock { state in
      state.read.pages += 1
      state.count += growth
      return state.count
    }
    var end = count
    if let until = query.until { while end > 0, stored(end - 1).event.time > until { end -= 1 } }
    let after = query.after.map { Int($0.sequence) - 1 }
    let numbers: [Int]
    switch query.order {
    case .oldestFirst: numbers = Array(((after.map { $0 + 1 } ?? 0)..<end).prefix(query.limit))
    case .newestFirst: numbers = Array((0..<min(end, after ?? end)).reversed().prefix(query.limit))
    }
    let entries = (findsNothing ? [] : numbers).map { number -> LoggedEvent in
      damagedRows.contains(number) ? .damaged(sequence: Int64(number + 1), reason: "its checksum is wrong") : .event(stored(number))
    }
    guard let last = numbers.last, query.order == .oldestFirst ? last + 1 < end : last > 0 else {
      return EventPage(entries: entries, next: nil)
    }
    let time = Timestamp(milliseconds: SampleRecords.start + Int64(last) * 1_000)
    return EventPage(entries: entries, next: EventQuery.Cursor(time: time, sequence: Int64(last + 1)))
  }

  func latestSequence() async throws(StorageError) -> Int64 { Int64(state.withLock { $0.count }) }

  // MARK: Pictures

  private func bytes(of picture: UInt64) -> [UInt8] {
    var bytes: [UInt8] = [0xFF, 0xD8, 0xFF]
    withUnsafeBytes(of: picture) { bytes += $0 }
    return bytes + [UInt8](repeating: UInt8(truncatingIfNeeded: picture), count: pictureBytes - bytes.count)
  }

  func picture(at location: PictureLocation, digest: ContentDigest) async throws(StorageError) -> SharedBytes {
    state.withLock { state in
      state.read.pictures += 1
      state.read.pictureBytes += pictureBytes
    }
    switch faults[location.offset] {
    case .damaged?: throw .damaged("the picture's checksum is wrong")
    case .unreadable?: throw .failed("input/output error")
    case .closed?: throw .closed
    case .otherBytes?: return SharedBytes(bytes(of: location.offset + 1))
    case nil: return SharedBytes(bytes(of: location.offset))
    }
  }

  // MARK: What exports do not ask

  func append(_ pictures: [NewPicture]) async throws(StorageError) -> [PictureLocation] { [] }
  func freeBytes() throws(StorageError) -> Int64 { 0 }
  func usedBytes() -> Int64 { 0 }
  func events(id: EventID) async throws(StorageError) -> [LoggedEvent] { [] }
  func people(_ query: PeopleQuery) async throws(StorageError) -> PeoplePage { PeoplePage(people: [], next: nil) }
  func person(_ id: String) async throws(StorageError) -> PersonRecord? { nil }
  func visits(_ query: VisitQuery) async throws(StorageError) -> [DayVisit] { [] }
  func boxes(after code: String?, limit: Int) async throws(StorageError) -> [BoxRecord] { [] }
  func box(_ code: String) async throws(StorageError) -> BoxRecord? { nil }
  func endpoints(box: String?, after key: EndpointKey?, limit: Int) async throws(StorageError) -> [EndpointRecord] { [] }
  func statusReports(box: String, limit: Int) async throws(StorageError) -> [StatusReport] { [] }
  func statistics(_ query: StatisticsQuery) async throws(StorageError) -> [StatisticsRow] { [] }
  func totals() async throws(StorageError) -> CatalogTotals {
    CatalogTotals(events: 0, statusReports: 0, people: 0, boxes: 0, endpoints: 0, databaseBytes: 0)
  }
  func events(after sequence: Int64, limit: Int, bytesMax: Int) async throws(StorageError) -> [LoggedEvent] { [] }
  func event(sequence: Int64) async throws(StorageError) -> StoredEvent? { nil }
  func waiting(after sequences: [Int64]) async throws(StorageError) -> [WaitingEvents] { [] }
  func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] { [] }
  func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? { nil }
  func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? { nil }
  func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission? { nil }
  func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int { 0 }
}

/// Takes the body of an answer as a socket would, and looks at each piece.
struct ExportTaker: ResponseBodyWriter {
  typealias Look = @Sendable (ByteBuffer) throws -> Void

  let look: Look

  func write(_ buffer: ByteBuffer) async throws { try look(buffer) }
  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension Response {
  func take(_ look: @escaping ExportTaker.Look) async throws { try await body.write(ExportTaker(look: look)) }

  func taken() async throws -> [UInt8] {
    let all = Collected()
    try await take { all.add($0) }
    return all.bytes
  }
}

private final class Collected: Sendable {
  private let state = Mutex<[UInt8]>([])

  var bytes: [UInt8] { state.withLock { $0 } }

  func add(_ buffer: ByteBuffer) { state.withLock { $0 += buffer.readableBytesView } }
}
