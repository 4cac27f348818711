import EventCoding
import FaceEvents
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import PictureVolumes
import SQLiteStorage
import Synchronization
import TestSupport

@testable import Console

/// The console's sources over a real store and real volumes in a directory of its own.
final class ConsoleFixture: Sendable {
  static let start = Timestamp(milliseconds: 1_772_352_000_000)

  let store: SQLiteStore
  let volumes: PictureVolumes
  let forwarding = MemoryForwarding()
  let desk = MemoryQuarantineDesk()
  let feed: LiveFeed
  let submitted = Mutex<[(path: String, body: [UInt8])]>([])

  private init(store: SQLiteStore, volumes: PictureVolumes, feedSettings: LiveFeedSettings) {
    (self.store, self.volumes) = (store, volumes)
    feed = LiveFeed(settings: feedSettings)
  }

  /// Made before and gone after the body, however it ends.
  static func with<Result>(
    feedSettings: LiveFeedSettings = LiveFeedSettings(), _ body: (ConsoleFixture) async throws -> Result
  ) async throws -> Result {
    let directory = NSTemporaryDirectory() + "fogcatcher-console-\(UUID().uuidString)"
    try DataDirectory.prepare(directory)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try SQLiteStore.open(directory: directory, settings: SQLiteStoreSettings()) {
      PictureVolumes.recordEnd(of: $0, byteCount: $1)
    }
    defer { try? store.close() }
    let (volumes, _) = try await PictureVolumes.open(directory: directory + "/pictures", marks: [:])
    let fixture = ConsoleFixture(store: store, volumes: volumes, feedSettings: feedSettings)
    let result = try await body(fixture)
    await volumes.close()
    return result
  }

  var sources: ConsoleSources {
    ConsoleSources(
      catalog: store, log: store, pictures: volumes, forwarding: forwarding, quarantine: desk,
      restoreOriginal: { OriginalText.restore($0, pictures: $1) },
      submit: { body, path in
        self.submitted.withLock { $0.append((path, body)) }
        return (200, #"{"status":0,"message":"SUCCESS"}"#)
      },
      inventEvent: { Array(#"{"identity_id":"fogcatcher-test","lane":"\#($0.word)"}"#.utf8) }, node: { Self.facts },
      now: { Timestamp(milliseconds: Self.start.milliseconds + 3_600_000) })
  }

  private static let facts = NodeFacts(
    version: "0", startedAt: start, dataDirectory: "data", baseURLs: ["http://192.0.2.1:9528"],
    receivePaths: [.init(path: "/HistoryEvent", kind: "history")],
    settings: [.init(name: "listen", value: "0.0.0.0:9528", origin: "default", help: "Where to listen.")], diskFreeBytes: 1,
    pictureBytes: 2, storageProblem: nil)

  var router: Router<BasicRequestContext> {
    let router = Router()
    EventAPI(sources, feed: feed).addRoutes(to: router)
    return router
  }

  // MARK: Events

  /// Has an event kept as the keeper does it, and tells the feed.
  @discardableResult
  func keep(_ json: String, lane: Lane = .history, path: String = "/HistoryEvent") async throws -> EventID {
    let storage = ByteStorage(capacity: json.utf8.count)
    Array(json.utf8).withUnsafeBytes { storage.append($0) }
    let request = EncodedRequest(
      body: storage, contentType: "application/json", kind: lane == .history ? .history : .realtime,
      source: RequestSource(address: "192.0.2.10", path: path, query: "token=secret"), receivedAt: Self.start)
    guard case .success(.event(let event, let pictures))? = EventDecoder().decode(request).elements.first else {
      throw StorageError.failed("the test's event is none")
    }
    let locations = try await volumes.append(
      zip(event.pictures, pictures).map {
        NewPicture(role: $0.role, digest: $0.digest, bytes: $1, receivedAt: event.receivedAt)
      })
    return try await keep(event, locations: locations)
  }

  @discardableResult
  func keep(_ event: FaceEvent, locations: [PictureLocation] = []) async throws -> EventID {
    let receipt = try await store.append([.event(event, locations: locations)])[0]
    let id = receipt.id ?? event.id
    if !receipt.isDuplicate { feed.kept { $0(receipt.sequence, id, event) } }
    return id
  }

  static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + (0..<200).map { UInt8($0) }

  /// An event of an invented person with a reference and a scene picture.
  static func json(_ number: Int, person: String = "E-1", name: String = "Lin Muster") -> String {
    let reference = Data(jpeg).base64EncodedString()
    let scene = Data(jpeg + [UInt8(number & 255), UInt8(number >> 8)]).base64EncodedString()
    return """
      {"identity_id":"\(person)","identity_name":"\(name)","timestamp":\(start.milliseconds + Int64(number) * 1000),"score":0.5,\
      "reg_pic":"\(reference)","own":{"deep":[1,2.50]},"ext_data":{"dev_sno":"BOX-A","ep_id":"gate-1","person_type":1,"spot_pic":"\(scene)"}}
      """
  }
}

/// A quarantine to work on, in memory.
final class MemoryQuarantineDesk: QuarantineDesk {
  let store = MemoryQuarantineStore()

  func quarantineEntries(after position: QuarantinePosition?, limit: Int) async throws(StorageError) -> [QuarantineEntry] {
    try await store.quarantineEntries(after: position, limit: limit)
  }

  func quarantineEntry(_ id: Int64) async throws(StorageError) -> QuarantineEntry? { try await store.quarantineEntry(id) }

  func quarantinedBody(_ id: Int64, bytesMax: Int) async throws(StorageError) -> SharedBytes? {
    try await store.quarantinedBody(id, bytesMax: bytesMax)
  }

  func resubmitQuarantined(_ id: Int64, body: [UInt8]?, contentType: String?) async throws(StorageError) -> Resubmission? {
    guard try await store.quarantineEntry(id) != nil else { return nil }
    return Resubmission(isKept: body != nil, httpStatus: body == nil ? 400 : 200, answer: #"{"status":0}"#)
  }

  func dropQuarantined(_ ids: [Int64]?) async throws(StorageError) -> Int { try await store.dropQuarantined(ids) }
}

extension TestClientProtocol {
  /// A request with JSON both ways.
  func ask(
    _ method: HTTPRequest.Method = .get, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
  ) async throws -> APIAnswer {
    var headers = headers
    if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
    let response = try await execute(
      uri: "/api/v1" + path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    return APIAnswer(status: response.status.code, headers: response.headers, body: Array(response.body.readableBytesView))
  }
}

struct APIAnswer {
  var status: Int
  var headers: HTTPFields
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  var json: JSONValue { get throws { try JSONDecoder().decode(JSONValue.self, from: Data(body)) } }
}

extension JSONValue {
  subscript(name: String) -> JSONValue? { if case .object(let members) = self { members[name] } else { nil } }

  subscript(index: Int) -> JSONValue? {
    if case .list(let values) = self, values.indices.contains(index) { values[index] } else { nil }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var list: [JSONValue] { if case .list(let values) = self { values } else { [] } }
  var names: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}
