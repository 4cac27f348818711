import FaceEvents

/// One event on one line of NDJSON: what `events/{id}` says of it, but for what only a look at its pictures tells.
enum ExportedEvent {
  /// With its line break.
  static func line(_ logged: LoggedEvent) -> [UInt8] {
    var line = JSONLine()
    switch logged {
    case .event(let stored): write(stored, to: &line)
    case .damaged: EventJSON.write(logged, to: &line)
    }
    return line.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ stored: StoredEvent, to line: inout JSONLine) {
    let event = stored.event
    line.object { line in
      EventJSON.writeMembers(of: event, id: event.id, sequence: stored.sequence, to: &line)
      line.member("entered_at", event.enteredAt)
      line.member("left_at", event.leftAt)
      line.member("content_sha256", event.contentDigest.description)
      line.member("warnings", event.warnings)
      line.object("source") { line in
        line.member("address", event.source.address)
        line.member("path", event.source.path)
      }
      line.member("original_url", EventURL(id: event.id, lane: event.lane).original)
      line.key("fields")
      line.raw(OriginalFields.json(event.originalText))
    }
  }
}
