/// Rows of text in aligned columns.
struct TextTable {
  struct Column {
    var title: String
    /// Longer texts are cut.
    var widthMax: Int
    var isRight = false
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private static let gap = "  "

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [String]) {
    precondition(row.count == columns.count, "one text per column")
    rows.append(zip(row, columns).map { TextWidth.fitted(TextWidth.printable($0), to: $1.widthMax) })
  }

  /// Each column as wide as its widest text. Without rows only the titles.
  /// - Parameter hasTitles: false for the later parts of a table that is printed in parts.
  func lines(hasTitles: Bool = true, widths: [Int]? = nil) -> [String] {
    let widths = widths ?? self.widths
    return ((hasTitles ? [columns.map(\.title)] : []) + rows).map { row in
      var line = ""
      for (index, text) in row.enumerated() {
        let isLast = index == columns.count - 1
        // No blanks at the end of a line.
        line += isLast && !columns[index].isRight ? text : TextWidth.padded(text, to: widths[index], isRight: columns[index].isRight)
        if !isLast { line += Self.gap }
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  var widths: [Int] {
    columns.indices.map { index in
      rows.reduce(TextWidth.columns(columns[index].title)) { max($0, TextWidth.columns($1[index])) }
    }
  }
}
