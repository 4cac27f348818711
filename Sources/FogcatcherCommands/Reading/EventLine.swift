import FaceEvents

/// One event as one line of NDJSON: its columns and what is known of its pictures. Names are snake_case, times RFC 3339 and milliseconds.
struct EventLine {
  private let stored: StoredEvent

  init(_ stored: StoredEvent) { self.stored = stored }

  var bytes: [UInt8] {
    var line = JSONLine()
    let event = stored.event
    line.object { line in
      line.member("sequence", stored.sequence)
      line.member("id", event.id.description)
      line.member("lane", event.lane.word)
      line.member("form", event.form.rawValue)
      line.member("encoding", event.encoding.word)
      Self.time("time", event.time, &line)
      line.member("has_own_time", event.hasOwnTime)
      Self.time("received_at", event.receivedAt, &line)
      if let time = event.enteredAt { Self.time("entered_at", time, &line) }
      if let time = event.leftAt { Self.time("left_at", time, &line) }
      Self.person(event.person, &line)
      Self.score(event.score, &line)
      Self.place(event, &line)
      line.member("action", event.action)
      Self.pictures(event.pictures, &line)
      line.member("warnings", event.warnings)
      line.member("source_address", event.source.address)
      line.member("source_path", event.source.path)
    }
    return line.bytes
  }

  private static func time(_ name: String, _ time: Timestamp, _ line: inout JSONLine) {
    line.member(name, RFC3339.text(time))
    line.member(name + "_ms", time.milliseconds)
  }

  private static func person(_ person: Person, _ line: inout JSONLine) {
    line.key("person")
    line.object { line in
      line.member("id", person.id)
      line.member("name", person.name)
      line.member("class", person.personClass.word)
      line.member("group", person.group)
    }
  }

  private static func score(_ score: Score?, _ line: inout JSONLine) {
    line.key("score")
    guard let score else { return line.null() }
    line.object { line in
      line.key("value")
      // JSON has no infinity (RFC 8259 section 6).
      line.raw(score.value.isFinite ? "\(score.value)" : "null")
      line.member("scale", score.scale == .unit ? "unit" : "percent")
    }
  }

  private static func place(_ event: FaceEvent, _ line: inout JSONLine) {
    line.key("box")
    line.object { line in
      line.member("code", event.box.code)
      line.member("origin", event.box.origin.word)
    }
    line.key("endpoint")
    line.object { line in
      line.member("id", event.endpoint.id)
      line.member("uuid", event.endpoint.uuid)
      line.member("address", event.endpoint.address)
      line.member("name", event.endpoint.name)
      line.member("kind", event.endpoint.kind)
    }
  }

  private static func pictures(_ pictures: [EventPicture], _ line: inout JSONLine) {
    line.key("pictures")
    line.array { line in
      for picture in pictures {
        line.object { line in
          line.member("role", picture.role.word)
          line.member("field", picture.field)
          line.member("bytes", picture.byteCount)
          line.member("sha256", picture.digest.description)
        }
      }
    }
  }
}

extension Box.CodeOrigin {
  var word: String {
    switch self {
    case .field: "field"
    case .endpointPrefix: "endpoint_prefix"
    case .query: "query"
    case .sourceAddress: "source_address"
    }
  }
}
