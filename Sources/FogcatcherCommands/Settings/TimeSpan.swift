/// Durations as people write them.
enum TimeSpan {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// Reads whole numbers with their units, such as `10s`, `500ms` or `1h30m`, units from great to small. Nil without a unit: `10` may
  /// mean anything.
  static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    var total: Int64 = 0
    var remaining = units[...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest[digits.endIndex...]
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest[name.endIndex...]
      guard let number = Int64(digits), let index = remaining.firstIndex(where: { $0.name == name.lowercased() }) else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: remaining[index].milliseconds)
      let (sum, carry) = total.addingReportingOverflow(product)
      guard !overflow, !carry else { return nil }
      total = sum
      remaining = remaining[(index + 1)...]
    }
    return .milliseconds(total)
  }

  /// With the greatest unit that divides it: `10s`, `90s`, `2m`.
  static func text(_ duration: Duration) -> String {
    let milliseconds = milliseconds(duration)
    guard milliseconds != 0, let unit = units.first(where: { milliseconds % $0.milliseconds == 0 }) else { return "\(milliseconds)ms" }
    return "\(milliseconds / unit.milliseconds)\(unit.name)"
  }

  static func milliseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
  }
}
