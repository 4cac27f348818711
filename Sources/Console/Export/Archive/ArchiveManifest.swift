import FaceEvents

/// What is in an archive, what is not, and why. JSON, one line a file, written piece by piece.
struct ArchiveManifest {
  struct Counts: Sendable {
    var events = 0
    var damagedEvents = 0
  }

  var createdAt: Timestamp
  var latestSequence: Int64
  /// Where the next archive has to begin.
  var next: EventQuery.Cursor?
  var counts: Counts
  var files: [ZipTextEntry.Written]

  /// Up to the last of the files that are no pictures.
  var start: [UInt8] {
    var line = JSONLine()
    line.object { line in
      line.member("created_at", createdAt)
      line.member("latest_sequence", latestSequence)
      line.member("is_complete", next == nil)
      line.member("next_cursor", next?.text)
      line.member("event_count", counts.events)
      line.member("damaged_event_count", counts.damagedEvents)
    }
    var bytes = line.bytes.dropLast() + Array(",\n\"files\":[".utf8)
    for (position, file) in files.enumerated() {
      bytes += Self.line(isFirst: position == 0) { line in
        Self.writeMembers(file.entry.name, file.entry.byteCount, file.digest, to: &line)
      }
    }
    return Array(bytes)
  }

  static func line(_ picture: ArchivedPicture) -> [UInt8] {
    line(isFirst: false) { line in
      writeMembers(picture.name, UInt64(picture.byteCount), picture.digest, to: &line)
      picture.place.writeMembers(to: &line)
    }
  }

  /// Between the files and the pictures that are missing.
  static let middle = Array("\n],\n\"missing_pictures\":[".utf8)

  static func line(_ picture: MissingPicture, isFirst: Bool) -> [UInt8] {
    line(isFirst: isFirst) { line in
      picture.place.writeMembers(to: &line)
      line.member("sha256", picture.digest.description)
      line.member("reason", picture.reason)
    }
  }

  static let end = Array("\n]}\n".utf8)

  private static func line(isFirst: Bool, _ members: (inout JSONLine) -> Void) -> [UInt8] {
    var line = JSONLine()
    line.object(members)
    return Array(isFirst ? "\n".utf8 : ",\n".utf8) + line.bytes
  }

  private static func writeMembers(_ name: String, _ byteCount: UInt64, _ digest: ContentDigest, to line: inout JSONLine) {
    line.member("name", name)
    line.member("byte_count", byteCount)
    line.member("sha256", digest.description)
  }
}
