import FaceEvents

/// Events as lines of a table that fits 120 columns.
struct EventTable {
  private static let columns: [TextTable.Column] = [
    .init(title: "TIME (UTC)", widthMax: 23), .init(title: "LANE", widthMax: 8), .init(title: "CLASS", widthMax: 9),
    .init(title: "PERSON", widthMax: 14), .init(title: "NAME", widthMax: 16), .init(title: "SCORE", widthMax: 6, isRight: true),
    .init(title: "BOX", widthMax: 14), .init(title: "ENDPOINT", widthMax: 14), .init(title: "PIC", widthMax: 3, isRight: true),
  ]

  private var widths: [Int]?

  /// The lines of the next page; the first one brings the titles and decides how wide the columns are.
  mutating func lines(_ page: [StoredEvent]) -> [String] {
    var table = TextTable(Self.columns)
    for stored in page { table.add(Self.row(stored.event)) }
    defer { widths = widths ?? table.widths }
    return table.lines(hasTitles: widths == nil, widths: widths)
  }

  static func row(_ event: FaceEvent) -> [String] {
    let time = RFC3339.text(event.time).replacing("T", with: " ")
    return [
      String(time.dropLast()), event.lane.word, event.person.personClass.word, event.person.id ?? "", event.person.name ?? "",
      event.score.map { scoreText($0.value) } ?? "", event.box.code, event.endpoint.name ?? event.endpoint.id ?? "",
      String(event.pictures.count),
    ]
  }

  /// Four digits, without zeros at the end.
  static func scoreText(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 100_000 else { return "\(value)" }
    let scaled = Int64((abs(value) * 10_000).rounded())
    var digits = String(scaled % 10_000)
    digits = String(repeating: "0", count: 4 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return (value < 0 ? "-" : "") + "\(scaled / 10_000)" + (digits.isEmpty ? "" : ".\(digits)")
  }
}
