import EventCoding
import FaceEvents
import PictureVolumes
import SQLiteStorage

@testable import FogcatcherCommands

/// Reads a data directory as the commands do.
enum StoreReading {
  static func events(_ query: EventQuery, in directory: String) async throws -> [StoredEvent] {
    let store = try SQLiteStore.openReadOnly(directory: directory)
    var pages = EventPages(query, in: store)
    var events: [StoredEvent] = []
    while let page = try await pages.next() { events += page }
    try store.close()
    return events
  }

  /// - Throws: when a picture of one cannot be read.
  static func originals(_ events: [StoredEvent], in directory: String) async throws -> [String] {
    let volumes = try PictureVolumes.openForReading(directory: OpenData.picturesDirectory(in: directory))
    var originals: [String] = []
    for stored in events {
      let pictures = await StoredPictures.read(of: stored, from: volumes)
      let bytes = try pictures.pictures.map { try $0.get() }
      originals.append(String(decoding: OriginalText.restore(stored.event, pictures: bytes), as: UTF8.self))
    }
    await volumes.close()
    return originals
  }

  static func verify(_ directory: String) async throws -> VerifyOutcome {
    let store = try SQLiteStore.openReadOnly(directory: directory)
    let volumes = try PictureVolumes.openForReading(directory: OpenData.picturesDirectory(in: directory))
    let outcome = try await Verification(store: store, volumes: volumes, known: KnownDamage(dataDirectory: directory)).run()
    await volumes.close()
    try store.close()
    return outcome
  }
}
