import FaceEvents

/// What an archive remembers of a picture that is in it, until its directory is written.
struct ArchivedPicture: Sendable {
  enum Ending: UInt8, Sendable, CaseIterable {
    case jpg, png, gif, bmp, webp, bin

    init(_ picture: SharedBytes) {
      let word = PictureMediaType.fileEnding(of: PictureMediaType.of(picture))
      self = Self.allCases.first { "\($0)" == word } ?? .bin
    }
  }

  // In this order it takes 72 bytes: the ending fits behind the place.
  var place: ArchivedPlace
  var ending: Ending
  var digest: ContentDigest
  var byteCount: UInt32
  var checksum: UInt32

  var name: String { "\(place.name).\(ending)" }
}

/// Which picture of which event.
struct ArchivedPlace: Sendable {
  var time: Timestamp
  var id: EventID
  /// Among those of its role.
  var index: UInt32
  var role: PictureRole
  var lane: Lane

  init(_ event: FaceEvent, _ place: PicturePlace) {
    time = event.time
    id = event.id
    index = UInt32(place.index)
    role = place.picture.role
    lane = event.lane
  }

  /// Sorts by time and tells nothing but ids. The lane is in it because the same id can come on both.
  var name: String {
    let text = RFC3339.compactText(time).filter { $0 != "." }
    let day = RFC3339.text(time).prefix { $0 != "T" }
    return "pictures/\(day)/\(text)-\(id)-\(lane.word)-\(role.word)" + (index > 0 ? "-\(index + 1)" : "")
  }

  func writeMembers(to line: inout JSONLine) {
    line.member("event_id", id.description)
    line.member("lane", lane.word)
    line.member("role", role.word)
    line.member("index", index)
  }
}

/// A picture that could not be read as it was received.
struct MissingPicture: Sendable {
  var place: ArchivedPlace
  var digest: ContentDigest
  var reason: String
}

/// A list that never moves what is in it, so that growing takes no second copy.
struct PackedList<Element: Sendable>: Sendable, Sequence {
  private static var chunkCount: Int { 1_024 }
  private var chunks: [[Element]] = []

  var count: Int { chunks.dropLast().count * Self.chunkCount + (chunks.last?.count ?? 0) }

  mutating func append(_ element: Element) {
    if chunks.last.map({ $0.count == Self.chunkCount }) ?? true {
      var chunk: [Element] = []
      chunk.reserveCapacity(Self.chunkCount)
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].append(element)
  }

  func makeIterator() -> FlattenSequence<[[Element]]>.Iterator { chunks.joined().makeIterator() }
}
