import FaceEvents

/// Events as a table: one row an event.
struct EventTable: Sendable {
  private enum Cell {
    case empty
    case plain(String)
    case text(String)

    init(_ text: String?) { self = text.map { .text($0) } ?? .empty }
  }

  private typealias Column = (name: String, cell: @Sendable (StoredEvent, ViewerClock) -> Cell)

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let sequenceColumn = "sequence"
  private static let problemColumn = "problem"

  private let clock: ViewerClock

  init(utcOffsetSeconds: Int) { clock = ViewerClock(utcOffsetSeconds: utcOffsetSeconds) }

  /// Begins with a byte order mark: without it Excel takes the text for that of an old code page.
  var header: [UInt8] {
    var row = CSVRow()
    for column in Self.columns { row.plain(column.name) }
    row.end()
    return Self.byteOrderMark + row.bytes
  }

  func row(_ logged: LoggedEvent) -> [UInt8] {
    var row = CSVRow()
    for column in Self.columns {
      switch cell(column, logged) {
      case .empty: row.plain("")
      case .plain(let text): row.plain(text)
      case .text(let text): row.text(text)
      }
    }
    row.end()
    return row.bytes
  }

  private func cell(_ column: Column, _ logged: LoggedEvent) -> Cell {
    switch logged {
    case .event(let stored): column.cell(stored, clock)
    case .damaged(let sequence, _) where column.name == Self.sequenceColumn: .plain(String(sequence))
    case .damaged(_, let reason) where column.name == Self.problemColumn: .text(reason)
    case .damaged: .empty
    }
  }

  private static let columns = whoAndWhere + pictureColumns + provenance

  private static let whoAndWhere: [Column] = [
    ("time", { .plain($1.text($0.event.time)) }),
    ("person_id", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.person.id) }),
    ("person_name", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.person.name) }),
    ("person_class", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.person.personClass.word) }),
    ("person_group", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.person.group) }),
    ("score", { (event: StoredEvent, _: ViewerClock) -> Cell in score(event.event).map { .plain("\($0.value)") } ?? .empty }),
    (
      "score_scale",
      { (event: StoredEvent, _: ViewerClock) -> Cell in score(event.event).map { .plain($0.scale == .unit ? "unit" : "percent") } ?? .empty
      }
    ),
    ("box", { (event: StoredEvent, _: ViewerClock) -> Cell in .text(event.event.box.code) }),
    ("box_origin", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.box.origin.word) }),
    ("endpoint_id", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.endpoint.id) }),
    ("endpoint_name", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.endpoint.name) }),
    ("endpoint_uuid", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.endpoint.uuid) }),
    ("endpoint_address", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.endpoint.address) }),
    ("endpoint_kind", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.endpoint.kind) }),
    ("action", { (event: StoredEvent, _: ViewerClock) -> Cell in Cell(event.event.action) }),
    ("lane", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.lane.word) }),
    ("entered_at", { (event: StoredEvent, clock: ViewerClock) -> Cell in event.event.enteredAt.map { .plain(clock.text($0)) } ?? .empty }),
    ("left_at", { (event: StoredEvent, clock: ViewerClock) -> Cell in event.event.leftAt.map { .plain(clock.text($0)) } ?? .empty }),
    ("received_at", { .plain($1.text($0.event.receivedAt)) }),
    ("has_own_time", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.hasOwnTime ? "true" : "false") }),
    ("time_ms", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(String(event.event.time.milliseconds)) }),
  ]

  private static let provenance: [Column] = [
    ("id", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.id.description) }),
    (sequenceColumn, { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(String(event.sequence)) }),
    ("form", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.form.rawValue) }),
    ("encoding", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.encoding.word) }),
    ("content_sha256", { (event: StoredEvent, _: ViewerClock) -> Cell in .plain(event.event.contentDigest.description) }),
    ("source_address", { (event: StoredEvent, _: ViewerClock) -> Cell in .text(event.event.source.address) }),
    ("source_path", { (event: StoredEvent, _: ViewerClock) -> Cell in .text(event.event.source.path) }),
    ("warnings", { (event: StoredEvent, _: ViewerClock) -> Cell in .text(event.event.warnings.joined(separator: "; ")) }),
    (problemColumn, { _, _ in .empty }),
  ]

  /// Several of one role have a blank between them.
  private static let pictureColumns: [Column] = PictureRole.allCases.map { role in
    (
      "\(role.word)_sha256",
      { (event: StoredEvent, _: ViewerClock) -> Cell in
        .plain(event.event.pictures.filter { $0.role == role }.map(\.digest.description).joined(separator: " "))
      }
    )
  }

  private static func score(_ event: FaceEvent) -> Score? {
    event.score.flatMap { $0.value.isFinite ? $0 : nil }
  }
}
