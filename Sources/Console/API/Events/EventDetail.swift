import FaceEvents

/// Everything about one event.
struct EventDetail {
  private let stored: StoredEvent
  private let others: [LoggedEvent]
  /// By picture: what it is, or why nobody can say.
  private let kinds: [Result<String, StorageError>]

  /// Reads the pictures, to say what they are.
  /// - Parameter others: the same event on any lane.
  init(_ stored: StoredEvent, others: [LoggedEvent], _ sources: ConsoleSources) async throws(StorageError) {
    self.stored = stored
    self.others = others
    var kinds: [Result<String, StorageError>] = []
    for (picture, location) in zip(stored.event.pictures, stored.locations) {
      do throws(StorageError) {
        kinds.append(.success(PictureMediaType.of(try await sources.pictures.picture(at: location, digest: picture.digest))))
      } catch .damaged(let reason) {
        kinds.append(.failure(.damaged(reason)))
      }
    }
    self.kinds = kinds
  }

  func write(to line: inout JSONLine) {
    let event = stored.event
    let url = EventURL(id: event.id, lane: event.lane)
    line.object { line in
      EventJSON.writeMembers(of: event, id: event.id, sequence: stored.sequence, to: &line) { describe($0, to: &$1) }
      line.member("entered_at", event.enteredAt)
      line.member("left_at", event.leftAt)
      line.member("content_sha256", event.contentDigest.description)
      line.member("warnings", event.warnings)
      line.object("source") { line in
        line.member("address", event.source.address)
        line.member("path", event.source.path)
      }
      line.member("original_url", url.original)
      line.key("fields")
      line.raw(OriginalFields.json(event.originalText))
      line.member("other_lane_url", otherLaneURL)
    }
  }

  private func describe(_ place: PicturePlace, to line: inout JSONLine) {
    switch kinds[place.position] {
    case .success(let type): line.member("media_type", type)
    case .failure(let error):
      line.null("media_type")
      line.member("problem", error.description)
    }
  }

  private var otherLaneURL: String? {
    for case .event(let other) in others where other.event.lane != stored.event.lane {
      return EventURL(id: other.event.id, lane: other.event.lane).text
    }
    return nil
  }
}

/// The sender's own JSON without the pictures, fit to stand inside other JSON.
enum OriginalFields {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// On one line. What was not UTF-8 is repaired; the original still has it.
  static func json(_ text: SharedBytes) -> [UInt8] {
    var bytes = text.array
    if bytes.starts(with: byteOrderMark) { bytes.removeFirst(3) }
    if String(validating: bytes, as: UTF8.self) == nil { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    // Strings cannot hold line breaks; so these stand between values.
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") {
      bytes[index] = UInt8(ascii: " ")
    }
    return bytes
  }
}
