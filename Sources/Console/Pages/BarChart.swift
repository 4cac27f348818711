import FaceEvents

/// Counts by class, stacked, over hours or days: an inline SVG without any style of its own.
struct BarChart {
  struct Column {
    var label: String
    var counts: [PersonClass: Int64]

    var total: Int64 { counts.values.reduce(0, +) }
  }

  var columns: [Column]
  /// What the picture is, for those who do not see it.
  var title: String
  /// Every how many columns one gets its label.
  var labelStep = 1

  private static let size = (width: 720, height: 200, left: 44, bottom: 22, top: 8)

  var svg: String {
    let (width, height, left, bottom, top) = Self.size
    let most = max(1, columns.map(\.total).max() ?? 1)
    let ceiling = Self.ceiling(most)
    let plotHeight = Double(height - bottom - top)
    var out = "<svg class=\"chart\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(PageText.escaped(title))\">"
    for part in Self.ticks(ceiling) {
      let y = Double(top) + plotHeight * (1 - Double(part) / Double(ceiling))
      out += "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width)\" y1=\"\(Self.text(y))\" y2=\"\(Self.text(y))\"/>"
      out += "<text x=\"\(left - 6)\" y=\"\(Self.text(y + 4))\" text-anchor=\"end\">\(Self.short(part))</text>"
    }
    let step = Double(width - left) / Double(max(1, columns.count))
    for (index, column) in columns.enumerated() {
      let x = Double(left) + step * Double(index)
      out += bar(column, x: x + step * 0.14, width: step * 0.72, ceiling: ceiling, plotHeight: plotHeight)
      if index.isMultiple(of: labelStep) {
        out += "<text x=\"\(Self.text(x + step / 2))\" y=\"\(height - 6)\" text-anchor=\"middle\">\(PageText.escaped(column.label))</text>"
      }
    }
    return out + "</svg>"
  }

  private func bar(_ column: Column, x: Double, width: Double, ceiling: Int64, plotHeight: Double) -> String {
    var out = ""
    var y = Double(Self.size.top) + plotHeight
    for personClass in PersonClass.allCases {
      guard let count = column.counts[personClass], count > 0 else { continue }
      let height = plotHeight * Double(count) / Double(ceiling)
      y -= height
      out += "<rect class=\"\(personClass.word)\" x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" width=\"\(Self.text(width))\" "
      out += "height=\"\(Self.text(height))\"><title>\(PageText.escaped(column.label)): \(count)</title></rect>"
    }
    return out
  }

  /// The next of 1, 2, 4, 5, 10, 20, 40, 50, 100…
  static func ceiling(_ most: Int64) -> Int64 {
    var power: Int64 = 1
    while power < 1 << 58 {
      for factor in [1, 2, 4, 5] as [Int64] where factor * power >= most { return factor * power }
      power *= 10
    }
    return most
  }

  private static func ticks(_ ceiling: Int64) -> [Int64] { ceiling < 4 ? [0, ceiling] : [0, ceiling / 2, ceiling] }

  private static func short(_ count: Int64) -> String {
    switch count {
    case 1_000_000...: "\(count / 1_000_000).\(count / 100_000 % 10)M".replacing(".0M", with: "M")
    case 10_000...: "\(count / 1000)k"
    default: String(count)
    }
  }

  static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths) % 10)"
  }
}

/// 24 little bars.
enum Sparkline {
  static func svg(_ counts: [Int64], title: String) -> String {
    let most = max(1, counts.max() ?? 1)
    var out = "<svg class=\"spark\" viewBox=\"0 0 \(counts.count * 5) 28\" preserveAspectRatio=\"none\" role=\"img\" "
    out += "aria-label=\"\(PageText.escaped(title))\"><rect class=\"base\" y=\"27\" width=\"\(counts.count * 5)\" height=\"1\"/>"
    for (index, count) in counts.enumerated() where count > 0 {
      let height = max(1.5, 26 * Double(count) / Double(most))
      out += "<rect x=\"\(index * 5)\" y=\"\(BarChart.text(27 - height))\" width=\"4\" height=\"\(BarChart.text(height))\"/>"
    }
    return out + "</svg>"
  }
}

/// A year of days by how often somebody came, a column a week.
enum HeatMap {
  /// - Parameters:
  ///   - days: oldest first, one after the other, with date and count.
  ///   - firstWeekday: of the first day, 0 for Monday.
  static func svg(_ days: [(date: String, count: Int)], firstWeekday: Int, title: String) -> String {
    let weeks = (days.count + firstWeekday + 6) / 7
    var out = "<svg class=\"heat\" viewBox=\"0 0 \(weeks * 14) 116\" role=\"img\" aria-label=\"\(PageText.escaped(title))\">"
    let most = max(1, days.map(\.count).max() ?? 1)
    for (index, day) in days.enumerated() {
      let (week, weekday) = (index + firstWeekday).quotientAndRemainder(dividingBy: 7)
      let level = day.count == 0 ? 0 : min(4, 1 + (day.count * 4 - 1) / most)
      if day.date.hasSuffix("-01"), week < weeks - 1 {
        out += "<text x=\"\(week * 14)\" y=\"10\">\(day.date.dropFirst(5).prefix(2))</text>"
      }
      out += "<rect class=\"h\(level)\" x=\"\(week * 14)\" y=\"\(16 + weekday * 14)\" width=\"12\" height=\"12\" rx=\"2.5\">"
      out += "<title>\(day.date): \(day.count)</title></rect>"
    }
    return out + "</svg>"
  }
}
