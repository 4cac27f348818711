import FaceEvents
import Foundation
import Hummingbird
import Synchronization
import TestSupport
import Testing

@testable import Console

@Suite("An export with pictures")
struct EventArchiveTests {
  private struct Archive: Decodable {
    struct Missing: Decodable {
      var role: String
      var reason: String
    }
    var names: [String]
    var isComplete: Bool
    var cursor: String?
    var events: Int
    var sequences: [Int]
    var missing: [Missing]
    var wrong: [String]
  }

  private static let script = """
    import hashlib, json, sys, zipfile
    z = zipfile.ZipFile(sys.argv[1])
    wrong = [n for n in [z.testzip()] if n]
    m = json.load(z.open('manifest.json'))
    for f in m['files']:
        data = z.read(f['name'])
        if len(data) != f['byte_count'] or hashlib.sha256(data).hexdigest() != f['sha256']: wrong.append(f['name'])
    listed = {f['name'] for f in m['files']} | {'manifest.json', 'SHA256SUMS'}
    wrong += list(listed ^ set(z.namelist()))
    if len(set(z.namelist())) != len(z.namelist()): wrong.append('a name is there twice')
    lines = [json.loads(l) for l in z.open('events.ndjson')]
    print(json.dumps(dict(names=z.namelist(), isComplete=m['is_complete'], cursor=m['next_cursor'], events=m['event_count'],
        sequences=[l['sequence'] for l in lines], missing=m['missing_pictures'], wrong=wrong)))
    """

  private func archive(
    _ events: NumberedEvents, picturesMax: Int = EventExport.picturesMax, _ change: (inout EventQuery) -> Void = { _ in }
  ) async throws -> [UInt8] {
    var query = EventQuery()
    change(&query)
    let export = EventExport(sources: events.sources(), query: query, format: .zip, utcOffsetSeconds: 28_800, picturesMax: picturesMax)
    return try await export.response().taken()
  }

  private func read(_ archive: [UInt8]) async throws -> Archive {
    try await Tool.inDirectory { directory in
      try Data(archive).write(to: URL(filePath: directory + "/a.zip"))
      return try Tool.python(Self.script, "a.zip", in: directory, as: Archive.self)
    }
  }

  @Test("Python reads every file, and each is what the manifest says")
  func python() async throws {
    let found = try await read(try await archive(NumberedEvents(250)))
    #expect(found.wrong == [])
    #expect(found.isComplete && found.events == 250 && found.missing.isEmpty)
    #expect(found.sequences == (1...250).reversed())
    #expect(found.names.count(where: { $0.hasPrefix("pictures/") }) == 500)
    let id = NumberedEvents(1).stored(0).event.id
    #expect(found.names.contains("pictures/2026-03-01/20260301T080000000Z-\(id)-history-scene.jpg"))
  }

  @Test("unzip, bsdtar and sha256sum find nothing wrong", arguments: [0, 1, 40])
  func tools(count: Int) async throws {
    let bytes = try await archive(NumberedEvents(count))
    try await Tool.inDirectory { directory in
      try Data(bytes).write(to: URL(filePath: directory + "/a.zip"))
      if Tool.isThere("bsdtar") {
        let listed = try Tool.run("bsdtar", ["-xOf", "a.zip", "SHA256SUMS"], in: directory)
        #expect(listed.status == 0 && listed.output.contains("  manifest.json\n"))
      }
      guard Tool.isThere("unzip"), Tool.isThere("sha256sum") else { return }
      let tested = try Tool.run("unzip", ["-t", "a.zip"], in: directory)
      #expect(tested.status == 0 && tested.output.contains("No errors detected"), "\(tested.output)")
      #expect(try Tool.run("unzip", ["-q", "a.zip"], in: directory).status == 0)
      let sums = try Tool.run("sha256sum", ["-c", "--strict", "SHA256SUMS"], in: directory)
      #expect(sums.status == 0, "\(sums.output)")
      #expect(sums.output.split(separator: "\n").count == 2 * count + 2)
    }
  }

  @Test("a picture that is not what was received is left out and named with the reason")
  func damaged() async throws {
    let events = NumberedEvents(3, faults: [0: .damaged, 3: .otherBytes, 4: .unreadable])
    let found = try await read(try await archive(events))
    #expect(found.wrong == [])
    #expect(found.names.count(where: { $0.hasPrefix("pictures/") }) == 3)
    #expect(found.missing.map(\.role) == ["scene", "face", "scene"])
    #expect(
      found.missing.map(\.reason) == [
        "input/output error", "damaged: its bytes are not those that were received", "damaged: the picture's checksum is wrong",
      ])
  }

  @Test("a store that closes meanwhile breaks the archive off")
  func closed() async throws {
    await #expect(throws: StorageError.closed) { try await archive(NumberedEvents(3, faults: [2: .closed])) }
  }

  @Test("the same event on both lanes keeps both pictures, and several of one role are numbered")
  func names() async throws {
    let events = NumberedEvents(2) { number, event in
      event.id = NumberedEvents(1).stored(0).event.id
      event.time = Timestamp(milliseconds: SampleRecords.start + 1_000)
      event.lane = number == 0 ? .history : .realtime
      event.pictures[1].role = .scene
    }
    let found = try await read(try await archive(events))
    #expect(found.wrong == [])
    let ends = found.names.filter { $0.hasPrefix("pictures/") }.map { $0.split(separator: "-").suffix(2).joined(separator: "-") }
    #expect(ends == ["realtime-scene.jpg", "scene-2.jpg", "history-scene.jpg", "scene-2.jpg"])
  }

  @Test("archives that are full say where the next begins, and together have every event once", arguments: [true, false])
  func parts(isOldestFirst: Bool) async throws {
    let events = NumberedEvents(25)
    var sequences: [Int] = []
    var cursor: EventQuery.Cursor?
    var parts = 0
    repeat {
      let bytes = try await archive(events, picturesMax: 20) { query in
        query.after = cursor
        query.order = isOldestFirst ? .oldestFirst : .newestFirst
      }
      let found = try await read(bytes)
      #expect(found.wrong == [])
      #expect(found.names.count(where: { $0.hasPrefix("pictures/") }) == 2 * found.events)
      #expect(found.names.contains("NEXT-PART.txt") == !found.isComplete)
      sequences += found.sequences
      cursor = try found.cursor.map { text throws(APIError) in try EventQuery.Cursor(text) }
      parts += 1
    } while cursor != nil && parts < 5
    #expect(parts == 3)
    #expect(sequences == (isOldestFirst ? Array(1...25) : (1...25).reversed()))
  }

  @Test("20,000 events with pictures are never more than a piece and a picture ahead of whoever takes them")
  func memory() async throws {
    let pictureBytes = 2_000
    let events = NumberedEvents(20_000, pictureBytes: pictureBytes)
    let export = EventExport(sources: events.sources(), query: EventQuery(), format: .zip)
    let seen = Seen()
    try await export.response().take { buffer in
      seen.add(buffer.readableBytes, pictureBytesRead: events.read.pictureBytes)
    }
    let found = seen.state.withLock { $0 }
    #expect(events.read.pictures == 40_000)
    #expect(found.byteCount > 40_000 * pictureBytes)
    #expect(found.largestPiece <= ExportOutput.pieceBytes)
    // Headers and the events are written besides, so what was read of pictures can only be ahead by what waits.
    #expect(found.furthestAhead <= ExportOutput.pieceBytes + pictureBytes)
    #expect(MemoryLayout<ArchivedPicture>.stride <= 72)
  }

  @Test("who stops taking stops the reading")
  func stop() async throws {
    struct Gone: Error {}
    let events = NumberedEvents(20_000)
    for format in EventExport.Format.allCases {
      let before = events.read.pages
      let export = EventExport(sources: events.sources(), query: EventQuery(), format: format)
      let response = try await export.response()
      await #expect(throws: Gone.self) { try await response.take { _ in throw Gone() } }
      #expect(events.read.pages - before < 10, "\(format)")
    }
    #expect(events.read.pictures == 0)
  }
}

/// What was seen of pieces.
private final class Seen: Sendable {
  struct State: Sendable {
    var byteCount = 0
    var largestPiece = 0
    var furthestAhead = Int.min
  }

  let state = Mutex(State())

  /// - Parameter pictureBytesRead: so far.
  func add(_ byteCount: Int, pictureBytesRead: Int) {
    state.withLock { state in
      state.furthestAhead = max(state.furthestAhead, pictureBytesRead - state.byteCount)
      state.byteCount += byteCount
      state.largestPiece = max(state.largestPiece, byteCount)
    }
  }
}
