/// Sizes in bytes as people write them.
enum ByteSize {
  private static let units: [(name: String, bytes: Int64)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000),
    ("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10), ("B", 1),
  ]

  /// Reads a whole number with `KiB`, `MiB`, `GiB` or `TiB` (1024), `KB`, `MB`, `GB` or `TB` (1000), `K`, `M`, `G` or `T` (1024), `B` or
  /// nothing, in any case, with or without a blank between. Nil for anything else and for what Int64 does not hold.
  static func parse(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    let unit = text[digits.endIndex...].drop { $0 == " " }.lowercased()
    guard !unit.isEmpty else { return number }
    guard let factor = units.first(where: { $0.name.lowercased() == unit })?.bytes else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : bytes
  }

  /// With the greatest of the 1024 units that divides it: `32MiB`, `1500B`.
  static func text(_ bytes: some BinaryInteger) -> String {
    let bytes = Int64(bytes)
    for unit in units.prefix(4) where bytes != 0 && bytes % unit.bytes == 0 { return "\(bytes / unit.bytes)\(unit.name)" }
    return "\(bytes)B"
  }

  /// Rounded to about three digits, for reading: `1.4 MiB`.
  static func rounded(_ bytes: some BinaryInteger) -> String {
    let bytes = Int64(bytes)
    guard let unit = units.prefix(4).first(where: { abs(bytes) >= $0.bytes }) else { return "\(bytes) B" }
    let tenths = (bytes * 10 + unit.bytes / 2) / unit.bytes
    return tenths >= 1000 ? "\((tenths + 5) / 10) \(unit.name)" : "\(tenths / 10).\(tenths % 10) \(unit.name)"
  }
}
