import FaceEvents

/// An event as templates and lists show it.
struct EventView {
  let request: PageRequest

  func view(_ logged: LoggedEvent) -> PageView {
    switch logged {
    case .event(let stored): view(stored)
    case .damaged(let sequence, _): ["damaged": true, "sequence": sequence, "text": request.texts.text("row_damaged", String(sequence))]
    }
  }

  func view(_ stored: StoredEvent) -> PageView {
    let event = stored.event
    var view: PageView = [
      "sequence": stored.sequence, "id": event.id.description, "href": Self.path(event), "late": event.lane == .history,
      "lane": request.texts["lane_" + event.lane.word], "class": event.person.personClass.word,
      "class_word": request.texts["class_" + event.person.personClass.word], "name": name(event.person), "where": Self.place(event),
      "box": event.box.code, "has_warnings": !event.warnings.isEmpty, "warning_count": event.warnings.count,
      "own_time": event.hasOwnTime,
    ]
    view["time"] = PageTime.view(event.time, request)
    view["received"] = PageTime.view(event.receivedAt, request)
    // What is not there is false, not absent: templates would look for it in what is around.
    view["score"] = Self.score(event.score) as Any? ?? false
    view["reference"] = Self.pictureURL(event, [.reference]) as Any? ?? false
    view["seen"] = Self.pictureURL(event, [.face, .scene, .infrared, .other]) as Any? ?? false
    view["person_href"] = event.person.id.flatMap { $0.isEmpty ? nil : Self.personPath($0) } as Any? ?? false
    return view
  }

  /// What stands where a name does.
  func name(_ person: Person) -> String {
    // Boxes write the word itself where a stranger's name would be.
    if person.personClass == .stranger, ["", "stranger"].contains(person.name?.lowercased() ?? "") {
      return request.texts["stranger_name"]
    }
    if let name = person.name, !name.isEmpty { return name }
    if let id = person.id, !id.isEmpty { return id }
    return request.texts["no_name"]
  }

  static func place(_ event: FaceEvent) -> String {
    [event.endpoint.name, event.endpoint.address, event.endpoint.id, event.box.code].lazy.compactMap { $0 }.first { !$0.isEmpty } ?? ""
  }

  /// Text on the score's own scale, and how much of a bar of 100 it fills.
  static func score(_ score: Score?) -> PageView? {
    guard let score, score.value.isFinite else { return nil }
    let part = score.scale == .unit ? score.value * 100 : score.value
    let width = max(0, min(100, part))
    let text = score.scale == .unit ? decimals(score.value, 3) : decimals(score.value, 1) + " %"
    return ["text": text, "width": Int(width.rounded())]
  }

  private static func decimals(_ value: Double, _ places: Int) -> String {
    guard abs(value) < 1e12 else { return String(value) }
    let power = places == 3 ? 1000 : 10
    let scaled = Int((value * Double(power)).rounded())
    let fraction = String(abs(scaled) % power)
    return (scaled < 0 ? "-" : "") + "\(abs(scaled) / power)." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  static func path(_ event: FaceEvent) -> String { "/events/\(event.id)?lane=\(event.lane.word)" }

  static func personPath(_ id: String) -> String { "/people/" + PathPart.encoded(id) }

  /// The first picture of the first role that the event has.
  private static func pictureURL(_ event: FaceEvent, _ roles: [PictureRole]) -> String? {
    roles.first { role in event.pictures.contains { $0.role == role } }.map { pictureURL(event, $0, 0) }
  }

  /// - Parameter index: among the event's pictures of this role.
  static func pictureURL(_ event: FaceEvent, _ role: PictureRole, _ index: Int) -> String {
    "/api/v1/events/\(event.id)/pictures/\(role.word)?lane=\(event.lane.word)" + (index > 0 ? "&index=\(index)" : "")
  }
}

/// Any text as one part of a URL's path.
enum PathPart {
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        out.append(byte)
      default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
