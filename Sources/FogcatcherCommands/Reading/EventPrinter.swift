import EventCoding
import FaceEvents

enum EventFormat: String, Sendable, CaseIterable {
  case table, ndjson, original
}

/// Prints events, and writes their pictures when asked to.
struct EventPrinter {
  private let pictureStore: any PictureStore
  private let format: EventFormat
  private let files: PictureFiles?
  private var table = EventTable()
  private(set) var eventCount = 0
  private(set) var pictureCount = 0
  /// One line for each picture that could not be read.
  private(set) var damages = 0

  init(pictures: any PictureStore, format: EventFormat, files: PictureFiles?) {
    pictureStore = pictures
    self.format = format
    self.files = files
  }

  mutating func print(_ page: [StoredEvent]) async throws(FileError) {
    if format == .table { for line in table.lines(page) { Terminal.printLine(line) } }
    for stored in page {
      eventCount += 1
      if format == .ndjson { Terminal.put(EventLine(stored).bytes + [UInt8(ascii: "\n")]) }
      guard format == .original || files != nil else { continue }
      let pictures = await StoredPictures.read(of: stored, from: pictureStore)
      report(pictures, of: stored)
      if format == .original { printOriginal(stored.event, pictures) }
      try write(pictures, of: stored.event)
    }
  }

  /// An event with a damaged picture has no original any more; another text in its place would be a forgery.
  private func printOriginal(_ event: FaceEvent, _ pictures: StoredPictures) {
    guard let bytes = pictures.complete else { return }
    Terminal.put(OriginalLine.bytes(OriginalText.restore(event, pictures: bytes)) + [UInt8(ascii: "\n")])
  }

  private mutating func write(_ pictures: StoredPictures, of event: FaceEvent) throws(FileError) {
    guard let files else { return }
    for (index, picture) in event.pictures.enumerated() {
      guard case .success(let bytes) = pictures.pictures[index] else { continue }
      _ = try files.write(picture, index: index, of: event, bytes: bytes)
      pictureCount += 1
    }
  }

  private mutating func report(_ pictures: StoredPictures, of stored: StoredEvent) {
    for (index, result) in pictures.pictures.enumerated() {
      guard case .failure(let error) = result else { continue }
      damages += 1
      let place = stored.locations[index]
      Terminal.printError(
        "event \(stored.event.id): \(stored.event.pictures[index].role.word) picture (volume \(place.volume), offset \(place.offset)): \(error)"
      )
    }
  }
}
