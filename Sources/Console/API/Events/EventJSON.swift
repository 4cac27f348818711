import FaceEvents

/// Events as the API shows them.
enum EventJSON {
  /// The small form, as lists and the stream have it.
  static func write(_ stored: StoredEvent, to line: inout JSONLine) {
    line.object { writeMembers(of: stored.event, id: stored.event.id, sequence: stored.sequence, to: &$0) }
  }

  static func write(_ logged: LoggedEvent, to line: inout JSONLine) {
    switch logged {
    case .event(let stored): write(stored, to: &line)
    case .damaged(let sequence, let reason):
      line.object { line in
        line.member("sequence", sequence)
        line.member("damaged", true)
        line.member("reason", reason)
      }
    }
  }

  /// - Parameters:
  ///   - id: under which it is stored, which need not be its own.
  ///   - describe: says more of a picture.
  static func writeMembers(
    of event: FaceEvent, id: EventID, sequence: Int64, to line: inout JSONLine,
    describe: (PicturePlace, inout JSONLine) -> Void = { _, _ in }
  ) {
    let url = EventURL(id: id, lane: event.lane)
    line.member("id", id.description)
    line.member("sequence", sequence)
    line.member("lane", event.lane.word)
    line.member("form", event.form.rawValue)
    line.member("encoding", event.encoding.word)
    line.member("time", event.time)
    line.member("has_own_time", event.hasOwnTime)
    line.member("received_at", event.receivedAt)
    writeWhoAndWhere(event, to: &line)
    line.member("warning_count", event.warnings.count)
    line.list("pictures", PicturePlace.all(of: event)) { line, place in
      line.object { line in
        writeMembers(of: place, url, to: &line)
        describe(place, &line)
      }
    }
    line.member("url", url.text)
  }

  private static func writeWhoAndWhere(_ event: FaceEvent, to line: inout JSONLine) {
    line.object("person") { line in
      line.member("id", event.person.id)
      line.member("name", event.person.name)
      line.member("class", event.person.personClass.word)
      line.member("group", event.person.group)
    }
    if let score = event.score, score.value.isFinite {
      line.object("score") { line in
        line.member("value", score.value)
        line.member("scale", score.scale == .unit ? "unit" : "percent")
      }
    } else {
      line.null("score")
    }
    line.object("box") { line in
      line.member("code", event.box.code)
      line.member("origin", event.box.origin.word)
    }
    line.object("endpoint") { line in
      line.member("id", event.endpoint.id)
      writeMembers(of: event.endpoint, to: &line)
    }
    line.member("action", event.action)
  }

  /// All but the id.
  static func writeMembers(of endpoint: Endpoint, to line: inout JSONLine) {
    line.member("uuid", endpoint.uuid)
    line.member("address", endpoint.address)
    line.member("name", endpoint.name)
    line.member("kind", endpoint.kind)
  }

  private static func writeMembers(of place: PicturePlace, _ url: EventURL, to line: inout JSONLine) {
    line.member("role", place.picture.role.word)
    line.member("index", place.index)
    line.member("url", url.picture(place))
    line.member("byte_count", place.picture.byteCount)
    line.member("sha256", place.picture.digest.description)
    line.member("field", place.picture.field)
  }
}

/// Where an event can be asked for.
struct EventURL {
  var id: EventID
  var lane: Lane

  private var base: String { "\(EventAPI.prefix)/events/\(id)" }
  var text: String { "\(base)?lane=\(lane.word)" }
  var original: String { "\(base)/original?lane=\(lane.word)" }

  func picture(_ place: PicturePlace) -> String {
    "\(base)/pictures/\(place.picture.role.word)?lane=\(lane.word)" + (place.index > 0 ? "&index=\(place.index)" : "")
  }
}

/// One picture of an event, as the API tells it from the others.
struct PicturePlace {
  var picture: EventPicture
  /// Among all pictures of the event.
  var position: Int
  /// Among those of its role.
  var index: Int

  static func all(of event: FaceEvent) -> [PicturePlace] {
    var counts: [PictureRole: Int] = [:]
    return event.pictures.enumerated().map { position, picture in
      let index = counts[picture.role, default: 0]
      counts[picture.role] = index + 1
      return PicturePlace(picture: picture, position: position, index: index)
    }
  }
}

extension Box.CodeOrigin {
  var word: String {
    switch self {
    case .field: "field"
    case .endpointPrefix: "endpoint-prefix"
    case .query: "query"
    case .sourceAddress: "source-address"
    }
  }
}
